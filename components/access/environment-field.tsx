'use client'

import type { FieldPath, FieldValues } from 'react-hook-form'
import { Field } from '#components/ui/field'
import { Select } from '#components/ui/select'
import { type FieldOf, useFieldOf } from '../form/field-of.ts'

/** Stands for all environments; no environment can have this name. */
const every = '*'

/** One environment, or all of them. The value is a name, or null for all. */
export function EnvironmentField<Values extends FieldValues, Name extends FieldPath<Values>, Output>({
  environments,
  ...props
}: FieldOf<Values, Name, Output> & { environments: readonly string[] }) {
  const { shell, value, onChange, ...field } = useFieldOf<string | null | undefined, Values, Name, Output>(props)
  const options = [{ value: every, label: 'All environments' }, ...environments.map((name) => ({ value: name, label: name }))]
  return (
    <Field {...shell} nativeLabel={false}>
      <Select {...field} value={value ?? every} options={options} onChange={(next) => onChange(next === every ? null : next)} />
    </Field>
  )
}
