import type { ReactTable, Row, RowData } from '@tanstack/react-table'
import { clsx } from 'clsx'
import { memo, type MouseEvent } from 'react'
import { Link } from '#components/ui/link'
import { Skeleton } from '#components/ui/skeleton'
import type { Columns, features } from './columns.tsx'
import { cellLook, meansRow } from './rows.tsx'

interface VirtualRowProps<T extends RowData> {
  table: ReactTable<typeof features, T>
  row: Row<typeof features, T>
  columns: Columns<T>
  /** The row's index in the whole list, from 0. */
  index: number
  /** The row that Tab reaches. */
  isActive: boolean
  onActive: () => void
  href: string
  onOpen: () => void
}

/** A plain press; with a modifier key the browser opens the link its own way. */
const isPlain = (event: MouseEvent) => !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)

/** While scrolling, the table recreates its rows with the same content. */
function isSame<T extends RowData>(before: VirtualRowProps<T>, after: VirtualRowProps<T>) {
  return (
    before.row.original === after.row.original &&
    before.columns === after.columns &&
    before.index === after.index &&
    before.isActive === after.isActive &&
    before.href === after.href
  )
}

/** A row whose first cell names it and opens it. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- memo forgets that the component is generic
export const VirtualRow = memo(PlainRow, isSame) as typeof PlainRow

function PlainRow<T extends RowData>({ table, row, index, isActive, onActive, href, onOpen }: VirtualRowProps<T>) {
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the keyboard has the link in the row
    <tr
      data-index={index}
      aria-rowindex={index + 2}
      onClick={(event) => {
        if (!meansRow(event)) return
        event.currentTarget.querySelector('a')?.focus({ preventScroll: true })
        onOpen()
      }}
      className="cursor-pointer bg-raised last:*:border-b-0 hover:bg-hover has-[a:focus-visible]:bg-selected"
    >
      {row.getAllCells().map((cell, at) => {
        const meta = cell.column.columnDef.meta
        const look = clsx(cellLook, 'truncate', meta?.align === 'right' && 'text-right tabular-nums', meta?.className)
        const content = <table.FlexRender cell={cell} />
        if (at > 0) {
          return (
            <td key={cell.id} className={look}>
              {content}
            </td>
          )
        }
        return (
          <th key={cell.id} scope="row" className={clsx(look, 'text-left font-normal')}>
            <Link
              look="quiet"
              href={href}
              tabIndex={isActive ? 0 : -1}
              prefetch={false}
              onFocus={onActive}
              onClick={(event) => {
                if (!isPlain(event)) return
                event.preventDefault()
                onOpen()
              }}
            >
              {content}
            </Link>
          </th>
        )
      })}
    </tr>
  )
}

/** A placeholder for a row that has not loaded yet. */
export function AwaitedRow({ columns }: { columns: number }) {
  return (
    <tr aria-hidden>
      {[...Array(columns).keys()].map((at) => (
        <td key={at} className={cellLook}>
          <Skeleton className={clsx('h-3', at === 0 ? 'w-32' : 'w-16')} />
        </td>
      ))}
    </tr>
  )
}

/** Stands for the rows out of sight. */
export function Gap({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null
  return (
    <tr aria-hidden>
      {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label -- holds nothing */}
      <td colSpan={columns} style={{ height, padding: 0 }} />
    </tr>
  )
}
