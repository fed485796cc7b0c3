'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useRouter } from 'next/navigation'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { Form } from '#components/form/form'
import { TextField } from '#components/form/text-field'
import { Link } from '#components/ui/link'
import { Notice } from '#components/ui/notice'
import { TYPED_PASSWORD_LENGTH } from '#contract/common'
import { paths } from '#contract/paths'
import { useAcceptInvitation } from '#queries/organizations/invitations'
import { useSignIn } from '#queries/accounts/session'
import { SecondStep } from '../../_sign-in/second-step.tsx'

const Credentials = z.object({
  email: z.string(),
  password: z.string().min(1, 'Enter your password.').max(TYPED_PASSWORD_LENGTH),
})

/** Lets a signed-out person with an account join with their password. */
export function JoinBySigningIn({ token, email }: { token: string; email: string }) {
  const router = useRouter()
  const signIn = useSignIn()
  const accept = useAcceptInvitation(token)
  const form = useForm({ resolver: zodResolver(Credentials), defaultValues: { email, password: '' } })
  const enter = () => accept.mutate({}, { onSuccess: ({ organization }) => router.replace(paths.projects(organization.slug)) })
  if (signIn.error?.code === 'second_factor_required') {
    return (
      <>
        <SecondStep methods={signIn.error.methods} onDone={enter} onBack={signIn.reset} />
        {accept.error && <Notice tone="warning">{accept.error.message}</Notice>}
      </>
    )
  }
  return (
    <Form
      form={form}
      disposable
      error={signIn.error ?? accept.error}
      pending={signIn.isPending || accept.isPending || accept.isSuccess}
      submitLabel="Sign in and accept"
      aside={<Link href={paths.login(paths.invitation(token))}>Sign in another way</Link>}
      onSubmit={(credentials) => signIn.mutate(credentials, { onSuccess: enter })}
    >
      <TextField control={form.control} name="email" label="Email" type="email" autoComplete="username" readOnly />
      <TextField control={form.control} name="password" label="Password" type="password" autoComplete="current-password" />
    </Form>
  )
}
