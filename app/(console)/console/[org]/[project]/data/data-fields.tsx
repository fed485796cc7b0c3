'use client'

import { Plus, X } from 'lucide-react'
import { type Control, useController, useFieldArray } from 'react-hook-form'
import { SelectField } from '#components/form/choice-field'
import { TextField } from '#components/form/text-field'
import { Button } from '#components/ui/button'
import { Field } from '#components/ui/field'
import { IconButton } from '#components/ui/icon-button'
import { Input } from '#components/ui/input'
import type { Property } from '#contract/catalog/entity-types'
import type { DataForm } from './data-form.ts'

type InForm = { control: Control<DataForm> }

/** A field for each property of a type, matching the property's type. */
export function PropertyFields({ control, declared }: InForm & { declared: readonly Property[] }) {
  if (declared.length === 0) return null
  return (
    <fieldset className="space-y-4">
      <legend className="mb-3 w-full border-b border-line pb-1.5 font-semibold">Properties</legend>
      <div className="grid gap-x-4 gap-y-4 sm:grid-cols-2">
        {declared.map((property, index) => (
          <PropertyField key={property.name} control={control} property={property} index={index} />
        ))}
      </div>
    </fieldset>
  )
}

function PropertyField({ control, property, index }: InForm & { property: Property; index: number }) {
  const { name, title, type, description, required, enum: choices } = property
  const field = {
    control,
    name: `propertyRows.${index}.text` as const,
    label: title ?? name,
    hint: description,
    optional: !required,
    aside: type === 'string' ? undefined : type,
  }
  const values = choices ?? (type === 'boolean' ? ['true', 'false'] : undefined)
  if (!values) return <TextField {...field} inputMode={type === 'string' ? 'text' : 'decimal'} />
  const notSet = required ? [] : [{ value: '', label: 'Not set' }]
  return <SelectField {...field} options={[...notSet, ...values.map((value) => ({ value, label: value }))]} />
}

/** Labels, one a line. */
export function LabelFields({ control }: InForm) {
  const { fields, append, remove } = useFieldArray({ control, name: 'labelRows' })
  return (
    <fieldset>
      <legend className="mb-3 w-full border-b border-line pb-1.5 font-semibold">Labels</legend>
      <div className="space-y-2">
        {fields.map(({ id }, index) => (
          <div key={id} className="flex items-start gap-2">
            <LabelPart control={control} name={`labelRows.${index}.key`} label={`Key of label ${index + 1}`} placeholder="key" />
            <LabelPart
              control={control}
              name={`labelRows.${index}.value`}
              label={`Value of label ${index + 1}`}
              placeholder="value"
            />
            <IconButton
              label={`Remove label ${index + 1}`}
              tooltip={false}
              icon={<X className="size-3.5" />}
              onClick={() => remove(index)}
            />
          </div>
        ))}
        <Button size="sm" icon={<Plus className="size-3.5" />} onClick={() => append({ key: '', value: '' })}>
          Add label
        </Button>
      </div>
    </fieldset>
  )
}

interface LabelPartProps extends InForm {
  name: `labelRows.${number}.${'key' | 'value'}`
  label: string
  placeholder: string
}

function LabelPart({ control, name, label, placeholder }: LabelPartProps) {
  const {
    field: { ref, value, onChange, onBlur },
  } = useController({ control, name })
  return (
    <Field label={label} hideLabel className="flex-1">
      <Input
        ref={ref}
        value={value}
        onChange={onChange}
        onBlur={onBlur}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
      />
    </Field>
  )
}
