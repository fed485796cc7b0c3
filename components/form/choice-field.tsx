'use client'

import type { FieldPath, FieldValues } from 'react-hook-form'
import { Checkbox } from '#components/ui/checkbox'
import { Combobox, type ComboboxProps, MultiCombobox, type MultiComboboxProps } from '#components/ui/combobox'
import { Field } from '#components/ui/field'
import { Select, type SelectOption } from '#components/ui/select'
import { type FieldOf, useFieldOf } from './field-of.ts'

/** One of a fixed list, such as a role or an environment. */
export function SelectField<Values extends FieldValues, Name extends FieldPath<Values>, Output>({
  options,
  placeholder,
  ...props
}: FieldOf<Values, Name, Output> & { options: readonly SelectOption[]; placeholder?: string }) {
  const { shell, value, ...field } = useFieldOf<string | null, Values, Name, Output>(props)
  return (
    <Field {...shell} nativeLabel={false}>
      <Select {...field} value={value ?? null} options={options} placeholder={placeholder} />
    </Field>
  )
}

type Searched = 'options' | 'placeholder' | 'empty' | 'allowCustom' | 'mono' | 'onSearch'

/** One of many, found by typing. The value is a string or null. */
export function ComboboxField<Values extends FieldValues, Name extends FieldPath<Values>, Output>({
  options,
  placeholder,
  empty,
  allowCustom,
  mono,
  onSearch,
  clearable,
  ...props
}: FieldOf<Values, Name, Output> & Pick<ComboboxProps, Searched | 'clearable'>) {
  const { shell, value, ...field } = useFieldOf<string | null, Values, Name, Output>(props)
  return (
    <Field {...shell}>
      <Combobox {...field} {...{ options, placeholder, empty, allowCustom, mono, onSearch, clearable }} value={value || null} />
    </Field>
  )
}

/** Several of many, as chips. The value is a list of strings. */
export function MultiComboboxField<Values extends FieldValues, Name extends FieldPath<Values>, Output>({
  options,
  placeholder,
  empty,
  allowCustom,
  mono,
  ...props
}: FieldOf<Values, Name, Output> & Pick<MultiComboboxProps, Searched>) {
  const { shell, value, ...field } = useFieldOf<string[], Values, Name, Output>(props)
  return (
    <Field {...shell}>
      <MultiCombobox {...field} {...{ options, placeholder, empty, allowCustom, mono }} value={value ?? []} />
    </Field>
  )
}

/** A yes or no inside a form. */
export function CheckboxField<Values extends FieldValues, Name extends FieldPath<Values>, Output>(
  props: FieldOf<Values, Name, Output>,
) {
  const { value, onChange } = useFieldOf<boolean, Values, Name, Output>(props)
  return <Checkbox label={props.label} hint={props.hint} checked={value ?? false} onChange={onChange} />
}
