'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useQuery } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { Form } from '#components/form/form'
import { NewPasswordField } from '#components/form/proof-field'
import { TextField } from '#components/form/text-field'
import { FormPage, MessagePage } from '#components/frame/public-page'
import { Button } from '#components/ui/button'
import { ButtonLink } from '#components/ui/link'
import { SkeletonText } from '#components/ui/skeleton'
import { Password } from '#contract/common'
import { paths } from '#contract/paths'
import type { ApiError } from '#queries/call'
import { openPasswordResetQuery, useResetPassword } from '#queries/accounts/password-resets'

const Typed = z
  .object({ email: z.string(), password: Password, again: z.string() })
  .refine(({ password, again }) => password === again, { path: ['again'], message: 'The two passwords are different.' })

/** The page of a mailed password reset link. */
export function ResetPassword({ token }: { token: string }) {
  const opened = useQuery(openPasswordResetQuery(token))
  if (opened.error) return <UnusableLink error={opened.error} retry={() => void opened.refetch()} />
  if (opened.data) return <ResetForm token={token} email={opened.data.email} />
  return (
    <FormPage title="New password">
      <SkeletonText label="Loading link" lines={4} />
    </FormPage>
  )
}

function ResetForm({ token, email }: { token: string; email: string }) {
  const reset = useResetPassword(token)
  const form = useForm({ resolver: zodResolver(Typed), defaultValues: { email, password: '', again: '' } })
  const { control } = form
  if (reset.isSuccess) {
    return (
      <FormPage title="Your password was changed" description="You were signed out in every browser.">
        <ButtonLink variant="primary" href={paths.login()}>
          Sign in
        </ButtonLink>
      </FormPage>
    )
  }
  if (reset.error && reset.error.code in unusable) return <UnusableLink error={reset.error} retry={() => undefined} />
  return (
    <FormPage title="New password" description="Setting it signs you out everywhere. Then sign in with the new password.">
      <Form
        form={form}
        error={reset.error}
        pending={reset.isPending}
        submitLabel="Set password"
        onSubmit={({ password }) => reset.mutate(password)}
      >
        <TextField control={control} name="email" label="Email" type="email" autoComplete="username" readOnly />
        <NewPasswordField control={control} name="password" label="New password" />
        <TextField control={control} name="again" label="New password again" type="password" autoComplete="new-password" />
      </Form>
    </FormPage>
  )
}

const unusable: Record<string, { title: string; text: string }> = {
  reset_link_expired: { title: 'This link has expired', text: 'It worked for one hour. Request a new one.' },
  reset_link_used: {
    title: 'This link was already used',
    text: 'A link works once, and only until the password changes. Sign in with your new password, or request another link.',
  },
  reset_link_invalid: { title: 'Link not found', text: 'Check that you copied the whole link, or request a new one.' },
}

function UnusableLink({ error, retry }: { error: ApiError; retry: () => void }) {
  const known = unusable[error.code]
  return (
    <MessagePage
      title={known?.title ?? 'The link couldn’t be loaded'}
      action={
        known ? (
          <>
            <ButtonLink variant="primary" href={paths.forgotPassword}>
              Request a new link
            </ButtonLink>
            <ButtonLink href={paths.login()}>Sign in</ButtonLink>
          </>
        ) : (
          <Button onClick={retry}>Try again</Button>
        )
      }
    >
      {known?.text ?? error.message}
    </MessagePage>
  )
}
