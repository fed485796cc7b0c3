import type { ReactTable, Row, RowData } from '@tanstack/react-table'
import { clsx } from 'clsx'
import { Ellipsis } from 'lucide-react'
import type { MouseEvent } from 'react'
import { Checkbox } from '#components/ui/checkbox'
import { IconButton } from '#components/ui/icon-button'
import { Menu, type MenuItem } from '#components/ui/menu'
import { Skeleton } from '#components/ui/skeleton'
import type { features } from './columns.tsx'

export const cellLook = 'h-9 border-b border-line px-3 py-1.5 whitespace-nowrap first:pl-4 last:pr-4'
export const pinned = 'sticky right-0 w-10 px-1.5! py-0! text-right'

/**
 * On a small screen, a row is a card: its name across the top beside its menu, then each value below the name of its column, two
 * in a line.
 */
export const card = {
  row: 'max-sm:relative max-sm:grid max-sm:grid-cols-2 max-sm:gap-x-4 max-sm:gap-y-2 max-sm:border-line max-sm:px-4 max-sm:py-3 max-sm:not-first:border-t',
  cell: 'max-sm:block max-sm:h-auto max-sm:w-auto! max-sm:max-w-none! max-sm:min-w-0 max-sm:border-0 max-sm:p-0! max-sm:text-left! max-sm:whitespace-normal max-sm:wrap-anywhere',
  name: 'max-sm:col-span-2 max-sm:pr-9!',
  labeled: 'max-sm:before:block max-sm:before:text-xs max-sm:before:text-faint max-sm:before:content-[attr(data-label)]',
  /** Beside the name, where a mouse or a finger finds it in every card. */
  select: 'max-sm:absolute! max-sm:top-4 max-sm:left-4',
  selectable: 'max-sm:pl-11!',
  actions: 'max-sm:absolute! max-sm:top-2 max-sm:right-2 max-sm:left-auto!',
}

interface RowsProps<T extends RowData> {
  table: ReactTable<typeof features, T>
  rowName: (row: T) => string
  rowActions: ((row: T) => readonly MenuItem[]) | undefined
  onOpen: ((row: T) => void) | undefined
  selectable: boolean
  /** Whether a small screen shows cards. */
  cards: boolean
}

/** Whether a press was meant for the row: not for a control in it, and not the end of a text selection. */
export const meansRow = ({ target, currentTarget }: MouseEvent) =>
  target instanceof Element &&
  currentTarget.contains(target) &&
  !target.closest('a, button, input, label, [role=checkbox]') &&
  !getSelection()?.toString()

/** The loaded rows. */
export function Rows<T extends RowData>({ table, rowName, rowActions, onOpen, selectable, cards }: RowsProps<T>) {
  return table.getRowModel().rows.map((row) => (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the keyboard has the button in the row
    <tr
      key={row.id}
      onClick={onOpen && ((event) => meansRow(event) && onOpen(row.original))}
      aria-selected={selectable ? row.getIsSelected() : undefined}
      className={clsx(
        'bg-raised last:*:border-b-0 hover:bg-hover aria-selected:bg-selected',
        onOpen && 'cursor-pointer',
        cards && card.row,
        cards && selectable && card.selectable,
      )}
    >
      {selectable && (
        <td className={clsx(cellLook, 'w-10', cards && [card.cell, card.select])}>
          <SelectRow row={row} name={rowName(row.original)} />
        </td>
      )}
      {row.getAllCells().map((cell, index) => {
        const meta = cell.column.columnDef.meta
        const look = clsx(
          cellLook,
          meta?.align === 'right' && 'text-right tabular-nums',
          meta?.className,
          cards && [card.cell, index === 0 ? card.name : card.labeled],
        )
        const content = <table.FlexRender cell={cell} />
        if (index > 0) {
          return (
            <td key={cell.id} className={look} data-label={labelOf(cell.column.columnDef.header)}>
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
        <td className={clsx(cellLook, pinned, 'bg-inherit', cards && [card.cell, card.actions])}>
          <RowActions name={rowName(row.original)} items={rowActions(row.original)} />
        </td>
      )}
    </tr>
  ))
}

/** A card repeats the name of the column, where that is a text. */
const labelOf = (header: unknown) => (typeof header === 'string' ? header : undefined)

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

interface LoadingRowsProps {
  /** The number of columns between the checkbox and the menu. */
  columns: number
  selectable: boolean
  actions: boolean
  rows: number
  cards?: boolean
}

/** Placeholder rows in the shape of the coming ones. */
export function LoadingRows({ columns, selectable, actions, rows, cards = false }: LoadingRowsProps) {
  return [...Array(rows).keys()].map((row) => (
    <tr key={row} aria-hidden className={clsx(cards && card.row, cards && selectable && card.selectable)}>
      {selectable && (
        <td className={clsx(cellLook, 'w-10', cards && [card.cell, card.select])}>
          <Skeleton className="mx-auto size-4" />
        </td>
      )}
      {[...Array(columns).keys()].map((cell) => (
        <td key={cell} className={clsx(cellLook, cards && [card.cell, cell === 0 ? card.name : 'max-sm:h-9!'])}>
          <Skeleton className={clsx('h-3', cell === 0 ? 'w-32' : (row + cell) % 3 ? 'w-20' : 'w-14')} />
        </td>
      ))}
      {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label -- holds nothing */}
      {actions && <td className={clsx(cellLook, pinned, cards && [card.cell, card.actions])} />}
    </tr>
  ))
}
