'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { Form } from '#components/form/form'
import { TextField } from '#components/form/text-field'
import { Entry } from '#components/frame/blank'
import { ButtonLink, Link } from '#components/ui/link'
import { Email } from '#contract/common'
import { paths } from '#contract/paths'
import { useRequestPasswordReset } from '#queries/accounts/password-resets'

const Address = z.object({ email: Email })

/** Requests a password reset link. Only the mail reveals whether an account exists. */
export function ForgotForm() {
  const request = useRequestPasswordReset()
  const form = useForm({ resolver: zodResolver(Address), defaultValues: { email: '' } })
  if (request.isSuccess) {
    return (
      <Entry
        title="Look into your mail"
        description={`If somebody here has the address ${request.variables}, a link to a new password is on its way to it. It is good for an hour, and once.`}
        footer="Nothing came? Look among the spam, or ask an admin of your organisation."
      >
        <ButtonLink href={paths.login()}>Back to sign-in</ButtonLink>
      </Entry>
    )
  }
  return (
    <Entry title="Forgotten password" description="We mail you a link, and you choose a new one.">
      <Form
        form={form}
        error={request.error}
        pending={request.isPending}
        submitLabel="Mail me a link"
        aside={<Link href={paths.login()}>Back to sign-in</Link>}
        onSubmit={({ email }) => request.mutate(email)}
      >
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the page is this form */}
        <TextField control={form.control} name="email" label="Email" type="email" autoComplete="username" autoFocus />
      </Form>
    </Entry>
  )
}
