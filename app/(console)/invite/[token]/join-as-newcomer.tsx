'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useRouter } from 'next/navigation'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { Form } from '#components/form/form'
import { TextField } from '#components/form/text-field'
import { Name, Password } from '#contract/common'
import { paths } from '#contract/paths'
import { useAcceptInvitation } from '#queries/organizations/invitations'
import { useSignIn } from '#queries/accounts/session'

const Newcomer = z.object({ email: z.string(), name: Name, password: Password })

/** Lets a new person join with a name and a password. */
export function JoinAsNewcomer({ token, email }: { token: string; email: string }) {
  const router = useRouter()
  const accept = useAcceptInvitation(token)
  const signIn = useSignIn()
  const form = useForm({ resolver: zodResolver(Newcomer), defaultValues: { email, name: '', password: '' } })
  const { control } = form
  // The account exists now. If signing in fails, the sign-in page takes over.
  const enter = (password: string, home: string) =>
    signIn.mutate(
      { email, password },
      { onSuccess: () => router.replace(home), onError: () => router.replace(paths.login(home)) },
    )
  return (
    <Form
      form={form}
      error={accept.error}
      pending={accept.isPending || accept.isSuccess}
      submitLabel="Create account and accept"
      onSubmit={({ name, password }) =>
        accept.mutate({ name, password }, { onSuccess: ({ organization }) => enter(password, paths.projects(organization.slug)) })
      }
    >
      <TextField control={control} name="email" label="Email" type="email" autoComplete="username" readOnly />
      <TextField control={control} name="name" label="Your name" autoComplete="name" />
      <TextField
        control={control}
        name="password"
        label="Password"
        type="password"
        autoComplete="new-password"
        hint="At least 12 characters. A few random words work well."
      />
    </Form>
  )
}
