import { clsx } from 'clsx'
import { Skeleton } from '#components/ui/skeleton'
import type { RowCounts as Counts } from '#contract/nuke/nuke'
import { inReadingOrder, tableInWords, totalOf } from './table-name.tsx'

export interface RowCountsProps {
  /** Names the table and its first column: "What goes". */
  label: string
  /** Undefined while they are loading. */
  counts: Counts | undefined
  /** The header of their column. */
  countsLabel?: string
  /** Other numbers to set beside them. */
  beside?: { label: string; counts: Counts; /** Where they differ, the row stands out. */ mark?: boolean } | undefined
}

const cell = 'h-7 border-t border-line px-3 text-right tabular-nums first:text-left'
const head = 'h-7 bg-sunken px-3 text-right text-xs font-medium whitespace-nowrap text-muted first:text-left'

/** Rows by table, with readable names and a total. Tables without rows are left out. */
export function RowCounts({ label, counts, countsLabel = 'Rows', beside }: RowCountsProps) {
  const all = { ...beside?.counts, ...counts }
  const tables = inReadingOrder(Object.keys(all).filter((table) => counts?.[table] || beside?.counts[table]))
  if (!counts) return <LoadingCounts label={label} />
  return (
    <div className="overflow-x-auto rounded-md border border-line">
      <table aria-label={label} className="w-full border-separate border-spacing-0">
        <thead>
          <tr>
            <th scope="col" className={head}>
              {label}
            </th>
            {beside && (
              <th scope="col" className={head}>
                {beside.label}
              </th>
            )}
            <th scope="col" className={head}>
              {countsLabel}
            </th>
          </tr>
        </thead>
        <tbody>
          {tables.map((table) => {
            const now = counts[table] ?? 0
            const then = beside?.counts[table] ?? 0
            const differs = now !== then
            const marked = beside?.mark && differs
            return (
              <tr key={table} className={marked ? 'bg-accent-soft' : undefined}>
                <th scope="row" className={clsx(cell, 'font-normal')}>
                  {tableInWords(table)}
                </th>
                {beside && <td className={cell}>{then.toLocaleString('en')}</td>}
                <td className={clsx(cell, marked && 'font-medium')}>{now.toLocaleString('en')}</td>
              </tr>
            )
          })}
        </tbody>
        <tfoot>
          <tr className="font-medium">
            <th scope="row" className={cell}>
              Total
            </th>
            {beside && <td className={cell}>{totalOf(beside.counts).toLocaleString('en')}</td>}
            <td className={cell}>{totalOf(counts).toLocaleString('en')}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  )
}

function LoadingCounts({ label }: { label: string }) {
  return (
    <div aria-busy className="rounded-md border border-line">
      <output className="sr-only">Loading {label}</output>
      {[...Array(8).keys()].map((row) => (
        <div key={row} className="flex h-7 items-center justify-between gap-4 border-line px-3 not-first:border-t">
          <Skeleton className={row % 3 ? 'h-3 w-36' : 'h-3 w-24'} />
          <Skeleton className="h-3 w-8" />
        </div>
      ))}
    </div>
  )
}
