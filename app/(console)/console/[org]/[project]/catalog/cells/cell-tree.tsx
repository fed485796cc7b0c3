'use client'

import { clsx } from 'clsx'
import { ChevronRight } from 'lucide-react'
import { useMemo, useState } from 'react'
import { matching, treeOf } from '#components/access/cell-tree'
import { Meter } from '#components/ui/meter'
import { Skeleton } from '#components/ui/skeleton'
import { type CellRow, membershipInWords } from './cell-row.ts'
import { type TreeLine, useTreeKeys, visibleIn } from './tree-keys.ts'

/** More rows than anybody reads; the search finds the others. */
const shownAtOnce = 300
/** A larger hierarchy starts with only its roots shown. */
const opensWhole = 100

interface CellTreeProps {
  rows: readonly CellRow[]
  search: string
  onOpen: (name: string) => void
}

const headLook =
  'h-8 border-b border-line bg-sunken px-3 text-left text-xs font-medium whitespace-nowrap text-muted first:pl-4 last:pr-4'
const cellLook = 'border-b border-line px-3 py-1.5 whitespace-nowrap first:pl-4 last:pr-4'

/** Cells below their parents, as a tree table: arrows move and fold, Enter opens. */
export function CellTree({ rows, search, onOpen }: CellTreeProps) {
  const tree = useMemo(() => treeOf(rows), [rows])
  const byName = useMemo(() => new Map(rows.map((row) => [row.name, row])), [rows])
  const found = useMemo(() => (search ? matching(tree, search) : tree), [tree, search])
  const [folded, setFolded] = useState<ReadonlySet<string>>(() =>
    rows.length > opensWhole ? new Set(tree.filter(({ depth }) => depth === 0).map(({ name }) => name)) : new Set(),
  )
  const lines = useMemo(() => visibleIn(found, search ? new Set() : folded), [found, search, folded])
  const shown = lines.slice(0, shownAtOnce)
  const fold = (name: string, closed: boolean) =>
    setFolded((before) => new Set(closed ? [...before, name] : [...before].filter((one) => one !== name)))
  const keys = useTreeKeys({ lines: shown, onFold: fold, onOpen })
  if (lines.length === 0) return <p className="px-4 py-6 text-center text-muted">No cells match.</p>
  return (
    <>
      <section
        aria-label="Cells"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        tabIndex={0}
        className="relative max-h-[max(20rem,calc(100dvh-18rem))] overflow-auto -outline-offset-2"
      >
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- a table whose rows fold is one */}
        <table role="treegrid" aria-label="Cells" className="w-full border-separate border-spacing-0" onKeyDown={keys.onKeyDown}>
          <thead className="sticky top-0 z-10">
            <tr>
              <th className={headLook}>Cell</th>
              <th className={headLook}>Entity type</th>
              <th className={headLook}>Membership rule</th>
              <th className={clsx(headLook, 'text-right!')}>Entities</th>
              <th className={headLook}>Capacity</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((line) => (
              <CellLine
                key={line.name}
                line={line}
                cell={byName.get(line.name)!}
                isFocusable={keys.isFocusable(line.name)}
                onFocus={() => keys.onFocus(line.name)}
                onFold={() => fold(line.name, line.open)}
                onOpen={() => onOpen(line.name)}
              />
            ))}
          </tbody>
        </table>
      </section>
      {lines.length > shownAtOnce && (
        <p className="border-t border-line px-4 py-2 text-xs text-muted">
          {shownAtOnce} of {lines.length.toLocaleString('en')} cells. Search to find the others.
        </p>
      )}
    </>
  )
}

interface CellLineProps {
  line: TreeLine
  cell: CellRow
  isFocusable: boolean
  onFocus: () => void
  onFold: () => void
  onOpen: () => void
}

function CellLine({ line, cell, isFocusable, onFocus, onFold, onOpen }: CellLineProps) {
  const also = cell.parentCells.length > 1 && `also below ${cell.parentCells.toSorted().join(', ')}`
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys are those of the whole tree
    <tr
      data-cell={line.name}
      aria-level={line.depth + 1}
      aria-setsize={line.size}
      aria-posinset={line.place}
      aria-expanded={line.hasChildren ? line.open : undefined}
      tabIndex={isFocusable ? 0 : -1}
      onFocus={onFocus}
      onClick={() => !getSelection()?.toString() && onOpen()}
      className="cursor-pointer bg-raised -outline-offset-2 last:*:border-b-0 hover:bg-hover"
    >
      <th scope="row" className={clsx(cellLook, 'text-left font-normal')}>
        <span className="flex items-center gap-1" style={{ paddingLeft: `${Math.min(line.depth, 8) * 1.25}rem` }}>
          {line.hasChildren ? (
            <button
              type="button"
              tabIndex={-1}
              aria-label={line.open ? `Collapse ${line.name}` : `Expand ${line.name}`}
              onClick={(event) => {
                event.stopPropagation()
                onFold()
              }}
              className="-my-1 grid size-6 shrink-0 place-items-center rounded-sm text-faint hover:bg-line hover:text-ink"
            >
              <ChevronRight aria-hidden className={clsx('size-3.5 transition-transform', line.open && 'rotate-90')} />
            </button>
          ) : (
            <span className="w-6 shrink-0" />
          )}
          <span>
            <code className="text-xs font-medium">{line.name}</code>
            {cell.displayName !== cell.name && <span className="ml-2 text-muted">{cell.displayName}</span>}
            {also && <span className="ml-2 text-xs text-faint">{also}</span>}
          </span>
        </span>
      </th>
      <td className={cellLook}>
        <code className="text-xs">{cell.entityType}</code>
      </td>
      <td className={clsx(cellLook, 'max-w-56 truncate')}>
        {cell.membership ? (
          <code className="text-xs">{membershipInWords(cell)}</code>
        ) : (
          <span className="text-muted">added by hand</span>
        )}
      </td>
      <td className={clsx(cellLook, 'text-right tabular-nums')}>
        {cell.usage ? cell.usage.entities.toLocaleString('en') : <Skeleton className="ml-auto h-3 w-8" />}
      </td>
      <td className={cellLook}>
        <Limits cell={cell} />
      </td>
    </tr>
  )
}

/** The number shown in the row; the panel has them all. */
const most = 2

function Limits({ cell: { constraints, usage } }: { cell: CellRow }) {
  if (constraints.length === 0) return <span className="text-faint">no limits</span>
  if (!usage) return <Skeleton className="h-3 w-32" />
  return (
    <div className="space-y-0.5">
      {usage.constraints.slice(0, most).map(({ metric, aggregate, value, max }) => (
        <Meter key={`${aggregate} ${metric} ${max}`} compact label={`${aggregate} of ${metric}`} value={value} max={max} />
      ))}
      {usage.constraints.length > most && <span className="text-xs text-faint">and {usage.constraints.length - most} more</span>}
    </div>
  )
}
