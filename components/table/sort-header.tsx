import { clsx } from 'clsx'
import { ArrowDown, ArrowUp } from 'lucide-react'
import type { ReactNode } from 'react'

/** The sort order, with the API's name for it. */
export interface Sort {
  by: string
  descending: boolean
}

interface SortHeaderProps {
  /** The API's name for this column's order; without it the header is only text. */
  by: string | undefined
  sort: Sort | null
  onSort: ((sort: Sort | null) => void) | undefined
  right: boolean
  className: string
  children: ReactNode
}

/** Pressing cycles through ascending, descending and the list's default order. */
const next = (by: string, sort: Sort | null): Sort | null => {
  if (sort?.by !== by) return { by, descending: false }
  return sort.descending ? null : { by, descending: true }
}

/** A column's header; a button when the column is sortable. */
export function SortHeader({ by, sort, onSort, right, className, children }: SortHeaderProps) {
  const look = clsx(className, right && 'text-right!')
  if (!by || !onSort) {
    return (
      <th scope="col" className={look}>
        {children}
      </th>
    )
  }
  const state = sort?.by === by ? (sort.descending ? 'descending' : 'ascending') : 'none'
  const Arrow = state === 'descending' ? ArrowDown : ArrowUp
  return (
    <th scope="col" aria-sort={state} className={look}>
      <button
        type="button"
        onClick={() => onSort(next(by, sort))}
        className={clsx(
          'group/sort -mx-1 inline-flex h-6 items-center gap-1 rounded-sm px-1 hover:text-ink focus-visible:outline-offset-0',
          right && 'flex-row-reverse',
          state !== 'none' && 'text-ink',
        )}
      >
        {children}
        <Arrow
          aria-hidden
          className={clsx(
            'size-3',
            state === 'none' && 'opacity-0 group-hover/sort:opacity-50 group-focus-visible/sort:opacity-50',
          )}
        />
      </button>
    </th>
  )
}
