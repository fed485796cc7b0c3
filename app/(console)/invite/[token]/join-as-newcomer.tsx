'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { Form } from '#components/form/form'
import { NewPasswordField } from '#components/form/proof-field'
import { TextField } from '#components/form/text-field'
import { Name, Password } from '#contract/common'
import { paths } from '#contract/paths'
import { useAcceptInvitation } from '#queries/organizations/invitations'
import { useEnter } from '../../_sign-in/use-enter.ts'

const Newcomer = z.object({ email: z.string(), name: Name, password: Password })

/** Lets a new person join with a name and a password. */
export function JoinAsNewcomer({ token, email }: { token: string; email: string }) {
  const accept = useAcceptInvitation(token)
  const enter = useEnter()
  const form = useForm({ resolver: zodResolver(Newcomer), defaultValues: { email, name: '', password: '' } })
  const { control } = form
  return (
    <Form
      form={form}
      error={accept.error}
      pending={accept.isPending || accept.isSuccess}
      submitLabel="Create account and accept"
      onSubmit={({ name, password }) =>
        accept.mutate(
          { name, password },
          { onSuccess: ({ organization }) => enter({ email, password }, paths.projects(organization.slug)) },
        )
      }
    >
      <TextField control={control} name="email" label="Email" type="email" autoComplete="username" readOnly />
      <TextField control={control} name="name" label="Your name" autoComplete="name" />
      <NewPasswordField control={control} name="password" label="Password" />
    </Form>
  )
}
