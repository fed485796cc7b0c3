'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CellPicker } from '#components/access/cell-picker'
import { Concept } from '#components/concepts/concept'
import { Notice } from '#components/ui/notice'
import { RadioGroup } from '#components/ui/radio-group'
import { SkeletonRows } from '#components/ui/skeleton'
import { statsQuery } from '#queries/projects/stats'

const choices = [
  { value: 'all', label: 'All cells', hint: 'All entities, including those not in a cell' },
  { value: 'some', label: 'Only these cells', hint: 'Includes their child cells. Entities not in a cell are hidden.' },
] as const

interface CellsFieldProps {
  org: string
  project: string
  name: string
  value: string[] | null
  onChange: (value: string[] | null) => void
}

/** All cells, or a list of them. Choosing a cell limits the member to it, whatever was chosen before. */
export function CellsField({ org, project, name, value, onChange }: CellsFieldProps) {
  const stats = useQuery(statsQuery(org, project))
  // Kept while "All cells" is selected, so that switching back restores the list.
  const [listed, setListed] = useState<string[]>(value ?? [])
  const choose = (cells: string[]) => {
    setListed(cells)
    onChange(cells)
  }
  return (
    <div className="space-y-3">
      <RadioGroup
        label={
          <span className="inline-flex items-center gap-1">
            Cells <Concept of="scope" />
          </span>
        }
        options={choices}
        value={value === null ? 'all' : 'some'}
        onChange={(choice) => onChange(choice === 'all' ? null : listed)}
      />
      {value?.length === 0 && <Notice tone="warning">No cells are chosen, so {name} can’t see any entities.</Notice>}
      {stats.data && <CellPicker cells={stats.data.cells} value={value ?? []} onChange={choose} />}
      {stats.isPending && <SkeletonRows label="Loading cells" />}
      {stats.error && <Notice tone="warning">{stats.error.message}</Notice>}
    </div>
  )
}
