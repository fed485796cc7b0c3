'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Toolbar, ToolbarFilter } from '#components/table/toolbar'
import { Combobox } from '#components/ui/combobox'
import { Input } from '#components/ui/input'
import { statsQuery } from '#queries/projects/stats'
import { type InCatalog, statesOf } from './catalog.ts'
import { useDataView } from './use-data-view.ts'

/** Filters the entities by name, type, state, cell and label. */
export function EntitiesToolbar({ org, project, catalog, actions }: InCatalog & { actions: ReactNode }) {
  const { view, setView, filtered, clear } = useDataView()
  const stats = useQuery(statsQuery(org, project))
  const types = view.type === null ? catalog.types : catalog.types.filter(({ name }) => name === view.type)
  const states = [...new Set(types.flatMap((type) => statesOf(type)))]
  return (
    <Toolbar
      label="Filter entities"
      search={{ value: view.q, onChange: (q) => setView({ q }), placeholder: 'Search by name' }}
      onClear={filtered ? clear : undefined}
      actions={actions}
    >
      <ToolbarFilter
        label="Type"
        options={catalog.types.map(({ name }) => ({ value: name, label: name }))}
        value={view.type}
        onChange={(type) => setView({ type, state: null })}
      />
      <ToolbarFilter
        label="State"
        options={states.map((value) => ({ value, label: value }))}
        value={view.state}
        onChange={(state) => setView({ state })}
      />
      <div className="w-34 *:border-line!">
        <Combobox
          label="Cell"
          placeholder="Any cell"
          mono
          clearable
          options={(stats.data?.cells ?? []).map(({ name, entities }) => ({
            value: name,
            label: name,
            hint: entities.toLocaleString('en'),
          }))}
          value={view.cell}
          onChange={(cell) => setView({ cell })}
        />
      </div>
      <LabelFilter key={view.label} value={view.label} onChange={(label) => setView({ label })} />
    </Toolbar>
  )
}

/** Applies on Enter or when the field loses focus: the API would refuse half a label. */
function LabelFilter({ value, onChange }: { value: string | null; onChange: (label: string | null) => void }) {
  const [text, setText] = useState(value ?? '')
  const wrong = text.trim() !== '' && !/^[^:]+:/.test(text.trim())
  const commit = () => {
    const next = text.trim() || null
    if (!wrong && next !== value) onChange(next)
  }
  return (
    <Input
      value={text}
      onChange={setText}
      onBlur={commit}
      onKeyDown={({ key }) => key === 'Enter' && commit()}
      aria-label="Label, as key:value"
      aria-invalid={wrong || undefined}
      title={wrong ? 'Enter a label as key:value' : undefined}
      placeholder="Label key:value"
      autoComplete="off"
      spellCheck={false}
      className="w-31! border-line! px-2!"
    />
  )
}
