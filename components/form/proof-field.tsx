'use client'

import type { FieldPath, FieldValues } from 'react-hook-form'
import type { FieldOf } from './field-of.ts'
import { TextField } from './text-field.tsx'

type ProofFieldProps<Values extends FieldValues, Name extends FieldPath<Values>, Output> = Pick<
  FieldOf<Values, Name, Output>,
  'control' | 'name' | 'hint'
> & { autoFocus?: boolean }

/** A password that is being chosen; password managers offer one. */
export function NewPasswordField<Values extends FieldValues, Name extends FieldPath<Values>, Output>(
  props: Pick<FieldOf<Values, Name, Output>, 'control' | 'name' | 'label'>,
) {
  return (
    <TextField
      {...props}
      type="password"
      autoComplete="new-password"
      hint="At least 12 characters. A few random words work well."
    />
  )
}

/** The code from an authenticator app; phones and password managers fill it in. */
export function CodeField<Values extends FieldValues, Name extends FieldPath<Values>, Output>(
  props: ProofFieldProps<Values, Name, Output>,
) {
  return <TextField {...props} label="Code" mono inputMode="numeric" autoComplete="one-time-code" maxLength={20} />
}

/** A recovery code, for when no other second factor is available. */
export function RecoveryCodeField<Values extends FieldValues, Name extends FieldPath<Values>, Output>(
  props: ProofFieldProps<Values, Name, Output>,
) {
  return <TextField {...props} label="Recovery code" mono placeholder="xxxx-xxxx-xxxx-xxxx" maxLength={100} />
}
