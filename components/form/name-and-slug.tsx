'use client'

import type { FieldPath, FieldValues, PathValue, UseFormReturn } from 'react-hook-form'
import { Field } from '#components/ui/field'
import { Input } from '#components/ui/input'
import { useTypedEarly } from '#components/ui/use-typed-early'
import { suggestedSlug } from '#contract/slug'
import { useFieldOf } from './field-of.ts'
import { TextField } from './text-field.tsx'

interface Part<Values extends FieldValues> {
  path: FieldPath<Values>
  label: string
  hint?: string
}

interface NameAndSlugProps<Values extends FieldValues, Output> {
  form: UseFormReturn<Values, unknown, Output>
  name: Part<Values>
  slug: Part<Values>
  autoFocus?: boolean
}

/** A name, and a slug that follows it until the user edits the slug. */
export function NameAndSlugFields<Values extends FieldValues, Output>({
  form,
  name,
  slug,
  autoFocus = false,
}: NameAndSlugProps<Values, Output>) {
  const { control } = form
  const { shell, value, onChange, ...field } = useFieldOf<string, Values, FieldPath<Values>, Output>({
    control,
    name: name.path,
    label: name.label,
    hint: name.hint,
  })
  const isOwn = form.getFieldState(slug.path, form.formState).isDirty
  const follow = (text: string) => {
    onChange(text)
    if (isOwn) return
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the path names a text
    const suggested = suggestedSlug(text) as PathValue<Values, FieldPath<Values>>
    form.setValue(slug.path, suggested, { shouldValidate: form.formState.isSubmitted })
  }
  const own = useTypedEarly({ value, onChange: follow, ref: field.ref })
  return (
    <>
      <Field {...shell}>
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- asked for by the form that this opens */}
        <Input {...field} ref={own} name={name.path} value={value} onChange={follow} autoComplete="off" autoFocus={autoFocus} />
      </Field>
      <TextField control={control} name={slug.path} label={slug.label} hint={slug.hint} mono maxLength={48} />
    </>
  )
}
