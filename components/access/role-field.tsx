'use client'

import type { FieldPath, FieldValues } from 'react-hook-form'
import { Field } from '#components/ui/field'
import { Select } from '#components/ui/select'
import type { Role } from '#contract/common'
import { type FieldOf, useFieldOf } from '../form/field-of.ts'
import { type Abilities, roleOptions } from './role.tsx'

/** Picks a role and shows what it may do. Roles that the caller may not give say why. */
export function RoleField<Values extends FieldValues, Name extends FieldPath<Values>, Output>({
  access,
  ...props
}: FieldOf<Values, Name, Output> & { access: Pick<Abilities, 'grants'> }) {
  const { shell, value, ...field } = useFieldOf<Role, Values, Name, Output>(props)
  const options = roleOptions(access)
  return (
    <Field {...shell} nativeLabel={false} hint={options.find((option) => option.value === value)?.hint}>
      <Select {...field} value={value} options={options} />
    </Field>
  )
}
