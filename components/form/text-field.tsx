'use client'

import { useLayoutEffect, useRef } from 'react'
import type { FieldPath, FieldValues } from 'react-hook-form'
import { Field } from '#components/ui/field'
import { Input, type InputProps } from '#components/ui/input'
import { Textarea } from '#components/ui/textarea'
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
  const element = useRef<HTMLInputElement>(null)
  const first = useRef({ value: value ?? '', onChange: field.onChange })
  // Typed while the page's scripts were still on their way: the next rendering would erase it.
  useLayoutEffect(() => {
    const typed = element.current?.value ?? ''
    if (typed !== first.current.value) first.current.onChange(typed)
  }, [])
  const keep = (one: HTMLInputElement | null) => {
    element.current = one
    field.ref(one)
  }
  return (
    <Field {...shell}>
      <Input {...input} {...field} ref={keep} name={props.name} value={value ?? ''} />
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
  return (
    <Field {...shell}>
      <Textarea {...field} name={props.name} value={value ?? ''} rows={rows} placeholder={placeholder} mono={mono} />
    </Field>
  )
}
