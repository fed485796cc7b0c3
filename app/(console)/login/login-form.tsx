'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useRouter } from 'next/navigation'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { TYPED_PASSWORD_LENGTH } from '#contract/common'
import { Email } from '#contract/email'
import { Form } from '#components/form/form'
import { TextField } from '#components/form/text-field'
import { FormPage } from '#components/frame/public-page'
import { ProviderSignIn } from '#components/sign-in/provider-sign-in'
import { Link } from '#components/ui/link'
import { Notice } from '#components/ui/notice'
import { paths } from '#contract/paths'
import { useSignIn } from '#queries/accounts/session'
import { PasskeySignIn } from './passkey-sign-in.tsx'
import { SecondStep } from '../_sign-in/second-step.tsx'

const Credentials = z.object({ email: Email, password: z.string().min(1, 'Enter your password.').max(TYPED_PASSWORD_LENGTH) })

interface LoginFormProps {
  /** The page to open afterwards; a path of this origin. */
  next: string
  /** An earlier session has ended. */
  ended: boolean
  /** Why signing in through the provider failed, as a sentence. */
  problem: string | null
  /** The name of this server's sign-in provider. */
  provider: string | null
}

/** Signs in with email, password and any second factor; or with the provider; or with a passkey alone. */
export function LoginForm({ next, ended, problem, provider }: LoginFormProps) {
  const router = useRouter()
  const signIn = useSignIn()
  const form = useForm({ resolver: zodResolver(Credentials), defaultValues: { email: '', password: '' } })
  const enter = () => router.replace(next)
  if (signIn.error?.code === 'second_factor_required') {
    return (
      <FormPage title="One more step" description="Your password is correct. Now use your second factor.">
        <SecondStep methods={signIn.error.methods} onDone={enter} onBack={signIn.reset} />
      </FormPage>
    )
  }
  return (
    <FormPage title="Sign in" footer="No account? An admin of your organization can invite you.">
      {ended && (
        <div className="mb-4">
          <Notice>Your session has ended. Sign in to continue where you left off.</Notice>
        </div>
      )}
      {problem && (
        <div className="mb-4">
          <Notice tone="warning">{problem}.</Notice>
        </div>
      )}
      {provider && <ProviderSignIn provider={provider} next={next} />}
      <Form
        form={form}
        disposable
        error={signIn.error}
        pending={signIn.isPending || signIn.isSuccess}
        submitLabel="Sign in"
        aside={<Link href={paths.forgotPassword}>Forgot your password?</Link>}
        onSubmit={(credentials) => signIn.mutate(credentials, { onSuccess: enter })}
      >
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the page is this form */}
        <TextField control={form.control} name="email" label="Email" type="email" autoComplete="username" autoFocus />
        <TextField control={form.control} name="password" label="Password" type="password" autoComplete="current-password" />
      </Form>
      <PasskeySignIn onDone={enter} />
    </FormPage>
  )
}
