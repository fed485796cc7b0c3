'use client'

import { Plus, Search } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Button } from '#components/ui/button'
import { Checkbox } from '#components/ui/checkbox'
import { Chip } from '#components/ui/chip'
import { Input } from '#components/ui/input'
import { type CatalogCell, includedBy, matching, treeOf, type TreeRow } from './cell-tree.tsx'

/** More rows than anybody reads; the search finds the others. */
const shownAtOnce = 300

export interface CellPickerProps {
  cells: readonly CatalogCell[]
  value: readonly string[]
  onChange: (value: string[]) => void
}

/** Picks cells from the catalog's hierarchy. Accepts names that are not in the catalog yet. */
export function CellPicker({ cells, value, onChange }: CellPickerProps) {
  const [text, setText] = useState('')
  const typed = text.trim()
  const tree = useMemo(() => treeOf(cells), [cells])
  const rows = useMemo(() => (typed ? matching(tree, typed) : tree), [tree, typed])
  const chosen = useMemo(() => new Set(value), [value])
  const included = useMemo(() => includedBy(cells, chosen), [cells, chosen])
  const catalog = useMemo(() => new Set(cells.map((cell) => cell.name)), [cells])
  const isNew = typed !== '' && !catalog.has(typed) && !chosen.has(typed)
  const remove = (name: string) => onChange(value.filter((other) => other !== name))
  const add = () => {
    onChange([...value, typed])
    setText('')
  }
  return (
    <div className="space-y-3">
      <Chosen value={value} catalog={catalog} onRemove={remove} />
      <div className="rounded-md border border-line">
        <div className="relative border-b border-line p-2">
          <Search aria-hidden className="pointer-events-none absolute top-4.25 left-4.5 z-10 size-3.5 text-faint" />
          <Input
            type="search"
            value={text}
            onChange={setText}
            aria-label="Search cells or type a name"
            placeholder="Search cells or type a name"
            maxLength={100}
            autoComplete="off"
            spellCheck={false}
            className="pl-8 [&::-webkit-search-cancel-button]:hidden"
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return
              event.preventDefault()
              if (isNew) add()
            }}
          />
        </div>
        {isNew && (
          <div className="flex flex-wrap items-center justify-between gap-2 border-b border-line px-3 py-2">
            <span className="min-w-0 text-muted wrap-anywhere">
              <code className="text-ink">{typed}</code> is not in the catalog{' '}
            </span>
            <Button size="sm" icon={<Plus className="size-3.5" />} onClick={add}>
              Add anyway
            </Button>
          </div>
        )}
        {rows.length > 0 ? (
          <ul aria-label="Cells of the catalog" className="max-h-96 overflow-y-auto py-1">
            {rows.slice(0, shownAtOnce).map((row) => (
              <CellRow
                key={row.name}
                row={row}
                checked={chosen.has(row.name)}
                through={included.get(row.name)}
                onChange={(checked) => (checked ? onChange([...value, row.name]) : remove(row.name))}
              />
            ))}
          </ul>
        ) : (
          <p className="px-3 py-4 text-muted">
            {cells.length === 0
              ? 'The catalog has no cells yet. You can type the name of one that will be added later.'
              : 'No cells match.'}
          </p>
        )}
        {rows.length > shownAtOnce && (
          <p className="border-t border-line px-3 py-2 text-xs text-muted">
            {shownAtOnce} of {rows.length.toLocaleString('en')} cells. Search to find the others.
          </p>
        )}
      </div>
    </div>
  )
}

function Chosen({
  value,
  catalog,
  onRemove,
}: {
  value: readonly string[]
  catalog: Set<string>
  onRemove: (name: string) => void
}) {
  if (value.length === 0) return null
  return (
    <ul aria-label="Chosen cells" className="flex max-h-32 flex-wrap gap-1 overflow-y-auto">
      {value.map((name) => (
        <li key={name} className="max-w-full">
          <Chip label={name} mono hint={catalog.has(name) ? undefined : 'not in the catalog'} onRemove={() => onRemove(name)} />
        </li>
      ))}
    </ul>
  )
}

interface CellRowProps {
  row: TreeRow
  checked: boolean
  /** The selected cell above that already includes this one. */
  through: string | undefined
  onChange: (checked: boolean) => void
}

function CellRow({ row, checked, through, onChange }: CellRowProps) {
  const included = through !== undefined
  return (
    <li
      className="flex min-h-8 items-center justify-between gap-3 pr-3 hover:bg-hover"
      style={{ paddingLeft: `${0.75 + Math.min(row.depth, 8) * 1.25}rem` }}
    >
      <div className="min-w-0 py-1.5">
        <Checkbox
          label={
            <>
              <code className="text-xs wrap-anywhere">{row.name}</code>{' '}
              {row.displayName !== row.name && <span className="ml-1 text-muted">{row.displayName}</span>}
            </>
          }
          checked={checked || included}
          onChange={onChange}
          disabledReason={included && !checked ? `included in ${through}` : null}
          noteBeside
        />
      </div>
      <span className="shrink-0 text-xs text-muted tabular-nums">
        {row.entities.toLocaleString('en')} <span className="sr-only">{row.entities === 1 ? 'entity' : 'entities'}</span>
      </span>
    </li>
  )
}
