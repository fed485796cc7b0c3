'use client'

import { type RowData, useTable } from '@tanstack/react-table'
import { clsx } from 'clsx'
import { Fragment, type ReactNode } from 'react'
import { type Columns, features } from './columns.tsx'
import { Failed, headLook } from './data-table.tsx'
import { cellLook, LoadingRows } from './rows.tsx'
import { SortHeader } from './sort-header.tsx'
import { useVirtualRows } from './use-virtual-rows.ts'
import { AwaitedRow, Gap, VirtualRow } from './virtual-row.tsx'

export interface VirtualTableProps<T extends RowData> {
  /** Names the table: "Entities". */
  label: string
  /** Each with a width. The first names the row and is its link. */
  columns: Columns<T>
  /** The rows loaded so far; undefined while the first page is loading. */
  rows: readonly T[] | undefined
  /** The total number, when known. */
  total: number | null
  rowId: (row: T) => string
  /** The URL that shows the row's panel. */
  rowHref: (row: T) => string
  /** Opens the row without leaving the page. */
  onOpen: (row: T) => void
  /** Loads the next page; undefined on the last one, and while one is loading. */
  onMore: (() => void) | undefined
  /** Whether there is a next page. */
  hasMore: boolean
  /** Below the table, in words: "1,204 entities". */
  summary: ReactNode
  empty: ReactNode
  error?: { message: string; retry: () => void } | null
  /** New rows are loading and the old ones still show. */
  stale?: boolean
}

/** A table of any length. Only visible rows are in the document, and pages load while scrolling. Arrow keys move between rows. */
export function VirtualTable<T extends RowData>(props: VirtualTableProps<T>) {
  const { label, columns, rows, total, rowId, hasMore, stale = false } = props
  const read = rows?.length ?? 0
  const count = hasMore ? Math.max(total ?? 0, read + 6) : read
  const { scroller, items, after, active, setActive, onKeyDown } = useVirtualRows({ count, read, onMore: props.onMore })
  const table = useTable({
    features,
    columns,
    data: items.flatMap(({ index }) => rows?.[index] ?? []),
    getRowId: rowId,
  })
  if (props.error) return <Failed {...props.error} />
  if (rows?.length === 0) return <div className="rounded-lg border border-line bg-raised">{props.empty}</div>
  const shown = table.getRowModel().rows
  const width = columns.reduce((sum, { meta }) => sum + (meta?.width ?? 0), 0)
  return (
    <div className="flex min-w-0 flex-col overflow-hidden rounded-lg border border-line bg-raised">
      <section
        ref={scroller}
        aria-label={label}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        tabIndex={0}
        className="relative max-h-[max(20rem,calc(100dvh-19rem))] overflow-auto overscroll-contain -outline-offset-2 [overflow-anchor:none]"
      >
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the links in its rows have the focus */}
        <table
          aria-label={label}
          aria-busy={!rows || stale}
          aria-rowcount={hasMore ? (total ?? -2) + 1 : read + 1}
          onKeyDown={onKeyDown}
          style={{ minWidth: width }}
          className={clsx('w-full table-fixed border-separate border-spacing-0 transition-opacity', stale && 'opacity-60')}
        >
          <colgroup>
            {table.getFlatHeaders().map(({ id, column }) => (
              <col key={id} style={{ width: column.columnDef.meta?.width }} />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {table.getFlatHeaders().map((header) => (
                <SortHeader
                  key={header.id}
                  by={undefined}
                  sort={null}
                  onSort={undefined}
                  right={header.column.columnDef.meta?.align === 'right'}
                  className={clsx(cellLook, headLook, 'h-8! truncate')}
                >
                  <table.FlexRender header={header} />
                </SortHeader>
              ))}
            </tr>
          </thead>
          <tbody>
            {!rows && <LoadingRows columns={columns.length} selectable={false} actions={false} rows={10} />}
            {items.map(({ index, key, before }, place) => {
              const row = rows && index < read ? shown[place] : undefined
              return (
                <Fragment key={key}>
                  <Gap height={before} columns={columns.length} />
                  {row ? (
                    <VirtualRow
                      table={table}
                      row={row}
                      columns={columns}
                      index={index}
                      isActive={index === active}
                      onActive={() => setActive(index)}
                      href={props.rowHref(row.original)}
                      onOpen={() => props.onOpen(row.original)}
                    />
                  ) : (
                    <AwaitedRow columns={columns.length} />
                  )}
                </Fragment>
              )
            })}
            <Gap height={after} columns={columns.length} />
          </tbody>
        </table>
        {!rows && <output className="sr-only">Loading {label}</output>}
      </section>
      <p className="border-t border-line bg-sunken px-4 py-2 text-xs text-muted tabular-nums">{props.summary}</p>
    </div>
  )
}
