import { zodResolver } from '@hookform/resolvers/zod'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { Form } from '#components/form/form'
import { CodeField, RecoveryCodeField } from '#components/form/proof-field'
import { TextField } from '#components/form/text-field'
import { Button } from '#components/ui/button'
import { TYPED_PASSWORD_LENGTH } from '#contract/common'
import type { Factors } from '#contract/accounts/factors'
import { useReauthenticate } from '#queries/accounts/me'

const Typed = z.object({
  password: z.string().min(1, 'Enter your password.').max(TYPED_PASSWORD_LENGTH),
  code: z.string().max(20),
  recoveryCode: z.string().max(100),
})

const defaultValues = { password: '', code: '', recoveryCode: '' }

interface ConfirmByPasswordProps {
  factors: Factors
  onProven: () => void
  onCancel: () => void
}

/** Asks for the password, and for a code when a second factor is set up. */
export function ConfirmByPassword({ factors, onProven, onCancel }: ConfirmByPasswordProps) {
  const hasFactor = factors.totp !== null || factors.passkeys.length > 0
  const [byRecoveryCode, setByRecoveryCode] = useState(factors.totp === null)
  const prove = useReauthenticate()
  const form = useForm({ resolver: zodResolver(Typed), defaultValues })
  const { control } = form
  const second = ({ code, recoveryCode }: z.output<typeof Typed>) => {
    if (!hasFactor) return {}
    return byRecoveryCode ? { recoveryCode } : { code }
  }
  return (
    <Form
      form={form}
      disposable
      error={prove.error}
      pending={prove.isPending}
      submitLabel="Confirm"
      onCancel={onCancel}
      aside={
        factors.totp && (
          <Button variant="ghost" size="sm" className="-ml-2" onClick={() => setByRecoveryCode((now) => !now)}>
            {byRecoveryCode ? 'Use a code from the app' : 'Use a recovery code'}
          </Button>
        )
      }
      onSubmit={(typed) => prove.mutate({ password: typed.password, ...second(typed) }, { onSuccess: onProven })}
    >
      <TextField control={control} name="password" label="Your password" type="password" autoComplete="current-password" />
      {hasFactor && !byRecoveryCode && (
        <CodeField control={control} name="code" hint="The six digits that your authenticator app shows now." />
      )}
      {hasFactor && byRecoveryCode && <RecoveryCodeField control={control} name="recoveryCode" hint="Each code works once." />}
    </Form>
  )
}
