'use client'

import {
  type ColumnDef,
  createColumnHelper,
  metaHelper,
  type Row,
  type RowData,
  rowSelectionFeature,
  type RowSelectionState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { clsx } from 'clsx'
import { Ellipsis } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '#components/ui/button'
import { Checkbox } from '#components/ui/checkbox'
import { IconButton } from '#components/ui/icon-button'
import { Menu, type MenuItem } from '#components/ui/menu'
import { Notice } from '#components/ui/notice'
import { Skeleton } from '#components/ui/skeleton'
import { Pager, type PagerProps } from './pager.tsx'
import { type Sort, SortHeader } from './sort-header.tsx'

interface ColumnMeta {
  /** Numbers stand at the right. */
  align?: 'right'
  /** The name that the API sorts by; makes the header a button. */
  sort?: string
  /** Classes for both header and cells, such as a width. */
  className?: string
}

const features = tableFeatures({ rowSelectionFeature, columnMeta: metaHelper<ColumnMeta>() })

/** The columns of a table of T, written once at module scope: `const column = columnsOf<Member>()`. */
export const columnsOf = <T extends RowData>() => createColumnHelper<typeof features, T>()

/** The first column names the row: it is its header for assistive technology. */
// TanStack's own `columns()` returns values of mixed type, which only `any` can hold.
// oxlint-disable-next-line typescript/no-explicit-any
export type Columns<T extends RowData> = readonly ColumnDef<typeof features, T, any>[]

export interface DataTableProps<T extends RowData> {
  /** Names the table: "Members". */
  label: string
  columns: Columns<T>
  /** Undefined while the first page is on its way: rows of bars stand in. */
  rows: readonly T[] | undefined
  rowId: (row: T) => string
  /** The words that tell one row from another: "Actions for Ada Byron". */
  rowName: (row: T) => string
  /** What stands there when there is no row. */
  empty: ReactNode
  /** Why loading failed, and how to try again. */
  error?: { message: string; retry: () => void } | null
  /** The next page is on its way and the old one still shows. */
  stale?: boolean
  sort?: Sort | null
  onSort?: (sort: Sort | null) => void
  rowActions?: (row: T) => readonly MenuItem[]
  /** Ids of the chosen rows; needs `onSelect`. */
  selected?: readonly string[]
  onSelect?: (ids: string[]) => void
  pager?: PagerProps
  /** Grows with its rows instead of scrolling inside itself: for short tables inside a section. */
  unbounded?: boolean
  /** No border of its own: inside a flush section. */
  bare?: boolean
}

const none: never[] = []
const cellLook = 'h-9 border-b border-line px-3 whitespace-nowrap first:pl-4 last:pr-4'
const headLook = 'sticky top-0 z-10 h-8 bg-sunken text-left text-xs font-medium text-muted'
const pinned = 'sticky right-0 w-10 px-1.5! text-right'

/** The table of every list. Sorting, filtering and paging happen on the server; their state is in the URL. */
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
  const width = columns.length + (onSelect ? 1 : 0) + (rowActions ? 1 : 0)

  if (props.error) return <Failed {...props.error} />
  if (rows?.length === 0)
    return <div className={clsx(!props.bare && 'rounded-lg border border-line bg-raised')}>{props.empty}</div>
  return (
    <div
      className={clsx(
        'flex min-w-0 flex-col self-start overflow-hidden bg-raised',
        props.bare ? 'rounded-b-lg' : 'rounded-lg border border-line',
      )}
    >
      <section
        aria-label={label}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        tabIndex={0}
        className={clsx('overflow-auto -outline-offset-2', !props.unbounded && 'max-h-[max(20rem,calc(100dvh-15rem))]')}
      >
        <table
          aria-label={label}
          aria-busy={!rows || stale}
          className={clsx('w-full border-separate border-spacing-0 transition-opacity', stale && 'opacity-60')}
        >
          <thead>
            <tr>
              {onSelect && (
                <th className={clsx(cellLook, headLook, 'w-10')}>
                  <Checkbox
                    hideLabel
                    label="Select all rows of this page"
                    checked={table.getIsAllPageRowsSelected()}
                    indeterminate={table.getIsSomePageRowsSelected()}
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
                  className={clsx(cellLook, headLook, header.column.columnDef.meta?.className)}
                >
                  <table.FlexRender header={header} />
                </SortHeader>
              ))}
              {rowActions && (
                <th className={clsx(cellLook, headLook, pinned, 'z-20')}>
                  <span className="sr-only">Actions</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows ? (
              table.getRowModel().rows.map((row) => (
                <tr
                  key={row.id}
                  aria-selected={onSelect ? row.getIsSelected() : undefined}
                  className="group bg-raised last:*:border-b-0 hover:bg-hover aria-selected:bg-selected"
                >
                  {onSelect && (
                    <td className={clsx(cellLook, 'w-10')}>
                      <SelectRow row={row} name={rowName(row.original)} />
                    </td>
                  )}
                  {row.getAllCells().map((cell, index) => {
                    const meta = cell.column.columnDef.meta
                    const look = clsx(cellLook, meta?.align === 'right' && 'text-right tabular-nums', meta?.className)
                    const content = <table.FlexRender cell={cell} />
                    if (index > 0) {
                      return (
                        <td key={cell.id} className={look}>
                          {content}
                        </td>
                      )
                    }
                    return (
                      <th key={cell.id} scope="row" className={clsx(look, 'text-left font-normal')}>
                        {content}
                      </th>
                    )
                  })}
                  {rowActions && (
                    <td className={clsx(cellLook, pinned, 'bg-inherit')}>
                      <RowActions name={rowName(row.original)} items={rowActions(row.original)} />
                    </td>
                  )}
                </tr>
              ))
            ) : (
              <Bars width={width} />
            )}
          </tbody>
        </table>
        {!rows && <output className="sr-only">Loading {label}</output>}
      </section>
      {props.pager && <Pager {...props.pager} />}
    </div>
  )
}

function SelectRow<T extends RowData>({ row, name }: { row: Row<typeof features, T>; name: string }) {
  const toggle = row.getToggleSelectedHandler()
  return (
    <Checkbox
      hideLabel
      label={`Select ${name}`}
      checked={row.getIsSelected()}
      // TanStack selects the range since the last row when the event carries Shift.
      onChange={(checked, event) => toggle({ target: { checked }, shiftKey: 'shiftKey' in event && event.shiftKey })}
    />
  )
}

function RowActions({ name, items }: { name: string; items: readonly MenuItem[] }) {
  if (items.length === 0) return null
  const trigger = <IconButton size="sm" tooltip={false} label={`Actions for ${name}`} icon={<Ellipsis className="size-4" />} />
  return <Menu trigger={trigger} items={items} />
}

function Bars({ width }: { width: number }) {
  return [...Array(8).keys()].map((row) => (
    <tr key={row} aria-hidden>
      {[...Array(width).keys()].map((cell) => (
        <td key={cell} className={cellLook}>
          <Skeleton className={clsx('h-3', cell === 0 ? 'w-32' : (row + cell) % 3 ? 'w-20' : 'w-14')} />
        </td>
      ))}
    </tr>
  ))
}

function Failed({ message, retry }: { message: string; retry: () => void }) {
  return (
    <Notice tone="warning" action={<Button onClick={retry}>Try again</Button>}>
      {message}
    </Notice>
  )
}
