'use client'

import type { FieldPath, FieldValues } from 'react-hook-form'
import { MultiCombobox } from '#components/ui/combobox'
import { Field } from '#components/ui/field'
import { RadioGroup } from '#components/ui/radio-group'
import { type FieldOf, useFieldOf } from '../form/field-of.ts'
import type { CatalogCell } from './cell-tree.tsx'

const choices = [
  { value: 'all', label: 'All cells' },
  { value: 'some', label: 'Only these' },
] as const

/** All cells, or a list of them; names that are not in the catalog may be typed. The value is a list, or null for all. */
export function CellScopesField<Values extends FieldValues, Name extends FieldPath<Values>, Output>({
  cells,
  ...props
}: FieldOf<Values, Name, Output> & { cells: readonly CatalogCell[] }) {
  const { shell, value, onChange, ...field } = useFieldOf<string[] | null | undefined, Values, Name, Output>(props)
  const options = cells.map(({ name, entities }) => ({ value: name, label: name, hint: entities.toLocaleString('en') }))
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
          <Field label="Cells to include" hideLabel error={shell.error}>
            <MultiCombobox
              {...field}
              value={value}
              onChange={onChange}
              options={options}
              allowCustom
              mono
              placeholder="Choose cells or type a name"
              empty="Type a cell name"
            />
          </Field>
          <p className="text-xs text-muted">
            {value.length === 0 ? 'If you choose no cells, no entities can be seen.' : 'A cell includes its child cells.'}
          </p>
        </>
      )}
    </div>
  )
}
