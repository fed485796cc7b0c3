'use client'

import type { FieldPath, FieldValues } from 'react-hook-form'
import { Concept } from '../concepts/concept.tsx'
import { AllOrSomeField } from '../form/all-or-some-field.tsx'
import type { FieldOf } from '../form/field-of.ts'
import type { CatalogCell } from './cell-tree.tsx'

const meaning = (count: number) =>
  count === 0 ? 'If you choose no cells, no entities can be seen.' : 'A cell includes its child cells.'

/** All cells, or a list of them; names that are not in the catalog may be typed. The value is a list, or null for all. */
export function CellScopesField<Values extends FieldValues, Name extends FieldPath<Values>, Output>({
  cells,
  ...props
}: FieldOf<Values, Name, Output> & { cells: readonly CatalogCell[] }) {
  return (
    <div className="relative">
      <AllOrSomeField
        {...props}
        options={cells.map(({ name, entities }) => ({ value: name, label: name, hint: entities.toLocaleString('en') }))}
        all="All cells"
        which="Cells to include"
        allowCustom
        placeholder="Choose cells or type a name"
        empty="Type a cell name"
        meaning={meaning}
      />
      <span className="absolute -top-1 right-0">
        <Concept of="scope" />
      </span>
    </div>
  )
}
