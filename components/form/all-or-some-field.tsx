'use client'

import type { FieldPath, FieldValues } from 'react-hook-form'
import { type FieldOf, useFieldOf } from './field-of.ts'
import { type ComboboxOption, MultiCombobox, type MultiComboboxProps } from '#components/ui/combobox'
import { Field } from '#components/ui/field'
import { RadioGroup } from '#components/ui/radio-group'

interface AllOrSome extends Pick<MultiComboboxProps, 'allowCustom' | 'empty'> {
  options: readonly ComboboxOption[]
  all: string
  /** What the list contains, for its label. */
  which: string
  placeholder: string
  /** Says what a list of so many means. */
  meaning?: (count: number) => string
}

/** Everything, or a list of selected items. The value is a list, or null for everything. */
export function AllOrSomeField<Values extends FieldValues, Name extends FieldPath<Values>, Output>({
  options,
  all,
  which,
  placeholder,
  allowCustom = false,
  empty,
  meaning,
  ...props
}: FieldOf<Values, Name, Output> & AllOrSome) {
  const { shell, value, onChange, ...field } = useFieldOf<string[] | null | undefined, Values, Name, Output>(props)
  const choices = [
    { value: 'all', label: all },
    { value: 'some', label: 'Only these' },
  ] as const
  return (
    <div className="space-y-2">
      <RadioGroup
        label={shell.label}
        inline
        options={choices}
        value={value ? 'some' : 'all'}
        onChange={(choice) => onChange(choice === 'all' ? null : [])}
      />
      {value && (
        <>
          <Field label={which} hideLabel error={shell.error}>
            <MultiCombobox {...field} {...{ value, onChange, options, placeholder, allowCustom, empty }} mono />
          </Field>
          {meaning && <p className="text-xs text-muted">{meaning(value.length)}</p>}
        </>
      )}
    </div>
  )
}
