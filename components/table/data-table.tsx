'use client'

import type { RowData, RowSelectionState } from '@tanstack/react-table'
import { useTable } from '@tanstack/react-table'
import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { useRef } from 'react'
import { Button } from '#components/ui/button'
import { Checkbox } from '#components/ui/checkbox'
import type { MenuItem } from '#components/ui/menu'
import { Notice } from '#components/ui/notice'
import { useKeptFocus } from '../ui/use-kept-focus.tsx'
import { type Columns, features } from './columns.tsx'
import { Pager, type PagerProps } from './pager.tsx'
import { cellLook, LoadingRows, pinned, Rows } from './rows.tsx'
import { type Sort, SortHeader } from './sort-header.tsx'

export interface DataTableProps<T extends RowData> {
  /** Names the table: "Members". */
  label: string
  columns: Columns<T>
  /** Undefined while the first page is loading, which shows placeholder rows. */
  rows: readonly T[] | undefined
  rowId: (row: T) => string
  /** The accessible name of a row: "Actions for Ada Byron". */
  rowName: (row: T) => string
  /** Shown when there are no rows. */
  empty: ReactNode
  /** Why loading failed, and how to retry. */
  error?: { message: string; retry: () => void } | null
  /** The next page is loading and the previous one still shows. */
  stale?: boolean
  sort?: Sort | null
  onSort?: (sort: Sort | null) => void
  rowActions?: (row: T) => readonly MenuItem[]
  /** A press anywhere on the row acts like a button in it, which the keyboard uses. */
  onOpen?: (row: T) => void
  /** Ids of the selected rows; needs `onSelect`. */
  selected?: readonly string[]
  onSelect?: (ids: string[]) => void
  pager?: PagerProps
  /** Grows with its rows instead of scrolling: for short tables inside a section. */
  unbounded?: boolean
  /** Without a border: inside a flush section. */
  bare?: boolean
  /** The number of placeholder rows, for lists that are short. */
  expected?: number
}

const none: never[] = []
export const headLook = 'sticky top-0 z-10 h-8 bg-sunken text-left text-xs font-medium text-muted'

/** The table of every list. The server sorts, filters and pages; that state is in the URL. */
export function DataTable<T extends RowData>(props: DataTableProps<T>) {
  const { label, columns, rows, rowId, rowName, sort = null, onSort, rowActions, selected, onSelect, stale = false } = props
  const rowSelection: RowSelectionState = Object.fromEntries((selected ?? none).map((id) => [id, true]))
  const table = useTable({
    features,
    columns,
    data: rows ?? none,
    getRowId: rowId,
    state: { rowSelection },
    enableRowSelection: Boolean(onSelect),
    onRowSelectionChange: (next) => onSelect?.(Object.keys(typeof next === 'function' ? next(rowSelection) : next)),
  })

  const place = useRef<HTMLDivElement>(null)
  const focusTracking = useKeptFocus(place, selected?.length ?? 0)

  // Inside a section of the same name, a second landmark would confuse.
  const Scroller = props.bare ? 'div' : 'section'
  // A table that sorts needs its header, so it scrolls sideways instead.
  const cards = !onSort
  const headCell = cards && 'max-sm:hidden'
  if (props.error) return <Failed {...props.error} />
  if (rows?.length === 0) {
    return (
      <div ref={place} tabIndex={-1} className={clsx(!props.bare && 'rounded-lg border border-line bg-raised')}>
        {props.empty}
      </div>
    )
  }
  return (
    <div
      {...focusTracking}
      className={clsx(
        'flex min-w-0 flex-col overflow-hidden bg-raised',
        props.bare ? 'rounded-b-lg' : 'rounded-lg border border-line',
      )}
    >
      <Scroller
        ref={place}
        {...(props.bare && { role: 'group' })}
        aria-label={label}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        tabIndex={0}
        className={clsx('relative overflow-auto -outline-offset-2', !props.unbounded && 'max-h-[max(20rem,calc(100dvh-15rem))]')}
      >
        <table
          aria-label={label}
          aria-busy={!rows || stale}
          className={clsx(
            'w-full border-separate border-spacing-0 transition-opacity',
            stale && 'opacity-60',
            cards && 'max-sm:block *:max-sm:block',
          )}
        >
          <thead>
            <tr className={clsx(cards && 'max-sm:block')}>
              {onSelect && (
                <th className={clsx(cellLook, headLook, 'w-10', cards && 'max-sm:flex max-sm:w-full! max-sm:items-center')}>
                  <Checkbox
                    hideLabel
                    label="Select all on this page"
                    disabledReason={rows ? null : 'Still loading'}
                    checked={table.getIsAllPageRowsSelected()}
                    indeterminate={!table.getIsAllPageRowsSelected() && table.getIsSomePageRowsSelected()}
                    onChange={(checked) => table.toggleAllPageRowsSelected(checked)}
                  />
                </th>
              )}
              {table.getFlatHeaders().map((header) => (
                <SortHeader
                  key={header.id}
                  by={header.column.columnDef.meta?.sort}
                  sort={sort}
                  onSort={onSort}
                  right={header.column.columnDef.meta?.align === 'right'}
                  className={clsx(cellLook, headLook, header.column.columnDef.meta?.className, headCell)}
                >
                  <table.FlexRender header={header} />
                </SortHeader>
              ))}
              {rowActions && (
                <th className={clsx(cellLook, headLook, pinned, 'z-20', headCell)}>
                  <span className="sr-only">Actions</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows ? (
              <Rows {...{ table, rowName, rowActions }} onOpen={props.onOpen} selectable={Boolean(onSelect)} cards={cards} />
            ) : (
              <LoadingRows
                columns={columns.length}
                selectable={Boolean(onSelect)}
                actions={Boolean(rowActions)}
                rows={props.expected ?? 8}
                cards={cards}
              />
            )}
          </tbody>
        </table>
        {!rows && <output className="sr-only">Loading {label}</output>}
      </Scroller>
      {props.pager && <Pager {...props.pager} />}
    </div>
  )
}

/** Why a list could not be loaded. */
export function Failed({ message, retry }: { message: string; retry: () => void }) {
  return (
    <Notice tone="warning" action={<Button onClick={retry}>Try again</Button>}>
      {message}
    </Notice>
  )
}
