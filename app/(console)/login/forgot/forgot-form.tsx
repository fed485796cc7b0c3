'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { Form } from '#components/form/form'
import { TextField } from '#components/form/text-field'
import { FormPage } from '#components/frame/public-page'
import { ButtonLink, Link } from '#components/ui/link'
import { Email } from '#contract/email'
import { paths } from '#contract/paths'
import { useRequestPasswordReset } from '#queries/accounts/password-resets'

const Address = z.object({ email: Email })

/** Requests a password reset link. Only the mail reveals whether an account exists. */
export function ForgotForm() {
  const request = useRequestPasswordReset()
  const form = useForm({ resolver: zodResolver(Address), defaultValues: { email: '' } })
  if (request.isSuccess) {
    return (
      <FormPage
        title="Check your email"
        description={`If there is an account for ${request.variables}, we sent it a link to set a new password. The link works once, for one hour.`}
        footer="No email? Check your spam folder, or ask an admin of your organization."
      >
        <ButtonLink href={paths.login()}>Back to sign-in</ButtonLink>
      </FormPage>
    )
  }
  return (
    <FormPage title="Reset your password" description="We email you a link to choose a new one.">
      <Form
        form={form}
        disposable
        error={request.error}
        pending={request.isPending}
        submitLabel="Email me a link"
        aside={<Link href={paths.login()}>Back to sign-in</Link>}
        onSubmit={({ email }) => request.mutate(email)}
      >
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the page is this form */}
        <TextField control={form.control} name="email" label="Email" type="email" autoComplete="username" autoFocus />
      </Form>
    </FormPage>
  )
}
