'use client'

import { UserPlus } from 'lucide-react'
import { roleFilterOptions } from '#components/access/role'
import { Toolbar, ToolbarFilter } from '#components/table/toolbar'
import { Button } from '#components/ui/button'
import type { SelectOption } from '#components/ui/select'
import { type MembersFilterState, scopes } from './use-members-filter.ts'

const scopeLabels = { all: 'all cells', some: 'some cells', none: 'no cells' } as const
const scopeOptions: SelectOption<(typeof scopes)[number]>[] = scopes.map((value) => ({ value, label: scopeLabels[value] }))

export interface MembersToolbarProps {
  filter: MembersFilterState
  onFilter: (change: Partial<MembersFilterState> | null) => void
  filtered: boolean
  environments: readonly string[]
  onAdd: () => void
  /** Why nobody can be added. */
  addDisabledReason: string | null
}

export function MembersToolbar({ filter, onFilter, filtered, environments, onAdd, addDisabledReason }: MembersToolbarProps) {
  return (
    <Toolbar
      label="Filter members"
      search={{ value: filter.q, onChange: (q) => onFilter({ q }), placeholder: 'Search name or email' }}
      onClear={filtered ? () => onFilter(null) : undefined}
      actions={
        <Button variant="primary" icon={<UserPlus className="size-3.5" />} onClick={onAdd} disabledReason={addDisabledReason}>
          Add member
        </Button>
      }
    >
      <ToolbarFilter label="Role" options={roleFilterOptions} value={filter.role} onChange={(role) => onFilter({ role })} />
      <ToolbarFilter
        label="Environment"
        options={environments.map((name) => ({ value: name, label: name }))}
        value={filter.env}
        onChange={(env) => onFilter({ env })}
      />
      <ToolbarFilter label="Cells" options={scopeOptions} value={filter.scope} onChange={(scope) => onFilter({ scope })} />
    </Toolbar>
  )
}
