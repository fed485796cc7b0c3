'use client'

import { useForm } from 'react-hook-form'
import { Form } from '#components/form/form'
import { lazyResolver } from '#components/form/lazy-resolver'
import { NewPasswordField } from '#components/form/proof-field'
import { TextField } from '#components/form/text-field'
import { Section } from '#components/ui/section'
import { useToast } from '#components/ui/toast'
import { useChangePassword } from '#queries/accounts/me'

const resolver = lazyResolver(() => import('./password-shape.ts').then(({ NewPassword }) => NewPassword))

const defaultValues = { password: '', newPassword: '', again: '' }

const inWords = (sessions: number) => {
  if (sessions === 0) return 'Password changed'
  return `Password changed; signed out ${sessions === 1 ? '1 other session' : `${sessions} other sessions`}`
}

/** Changes the password; needs the current one. */
export function PasswordForm() {
  const toast = useToast()
  const change = useChangePassword()
  const form = useForm({ resolver, defaultValues })
  const { control, formState } = form
  return (
    <Section
      title="Password"
      description="Changing your password signs you out everywhere else. Your personal tokens keep working; revoke them separately."
    >
      <Form
        form={form}
        className="max-w-100 space-y-4"
        error={change.error}
        pending={change.isPending}
        submitLabel="Change password"
        submitDisabledReason={formState.isDirty ? null : 'Enter your passwords first'}
        onSubmit={({ password, newPassword }) =>
          change.mutate(
            { password, newPassword },
            {
              onSuccess: ({ revokedSessions }) => {
                form.reset()
                toast(inWords(revokedSessions))
              },
            },
          )
        }
      >
        <TextField control={control} name="password" label="Current password" type="password" autoComplete="current-password" />
        <NewPasswordField control={control} name="newPassword" label="New password" />
        <TextField control={control} name="again" label="New password again" type="password" autoComplete="new-password" />
      </Form>
    </Section>
  )
}
