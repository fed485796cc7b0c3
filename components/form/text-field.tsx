'use client'

import type { FieldPath, FieldValues } from 'react-hook-form'
import { Field } from '#components/ui/field'
import { Input, type InputProps } from '#components/ui/input'
import { Textarea } from '#components/ui/textarea'
import { useTypedEarly } from '#components/ui/use-typed-early'
import { type FieldOf, useFieldOf } from './field-of.ts'

type TextFieldProps<Values extends FieldValues, Name extends FieldPath<Values>, Output> = FieldOf<Values, Name, Output> &
  Pick<
    InputProps,
    'type' | 'placeholder' | 'autoComplete' | 'autoFocus' | 'inputMode' | 'mono' | 'spellCheck' | 'maxLength' | 'readOnly'
  >

/** One line of text: a name, a slug, an email address, a password. */
export function TextField<Values extends FieldValues, Name extends FieldPath<Values>, Output>({
  type = 'text',
  placeholder,
  autoComplete = 'off',
  autoFocus,
  inputMode,
  mono,
  spellCheck = false,
  maxLength,
  readOnly,
  ...props
}: TextFieldProps<Values, Name, Output>) {
  const { shell, value, ...field } = useFieldOf<string | null | undefined, Values, Name, Output>(props)
  const input = { type, placeholder, autoComplete, autoFocus, inputMode, mono, spellCheck, maxLength, readOnly }
  const own = useTypedEarly({ ...field, value: value ?? '' })
  return (
    <Field {...shell}>
      <Input {...input} {...field} ref={own} name={props.name} value={value ?? ''} />
    </Field>
  )
}

/** Several lines of text. */
export function TextareaField<Values extends FieldValues, Name extends FieldPath<Values>, Output>({
  rows = 3,
  placeholder,
  mono,
  ...props
}: FieldOf<Values, Name, Output> & { rows?: number; placeholder?: string; mono?: boolean }) {
  const { shell, value, ...field } = useFieldOf<string | null | undefined, Values, Name, Output>(props)
  const own = useTypedEarly({ ...field, value: value ?? '' })
  return (
    <Field {...shell}>
      <Textarea {...field} ref={own} name={props.name} value={value ?? ''} rows={rows} placeholder={placeholder} mono={mono} />
    </Field>
  )
}
