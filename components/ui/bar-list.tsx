import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { Link } from './link.tsx'

export interface BarItem {
  label: string
  value: number
  /** The label's link. */
  href?: string
  /** Text after the number. */
  note?: ReactNode
  /** The indentation level: 1 is indented once. */
  depth?: number
}

export interface BarListProps {
  /** Names the chart: "Rows by table". */
  label: string
  items: readonly BarItem[]
  /** The value of a full bar; by default the largest value. */
  max?: number
  /** Labels are slugs. */
  mono?: boolean
  /** The bars show what is about to be removed. */
  danger?: boolean
}

/** Counts as a list: name and number as text, with a bar to compare by eye. */
export function BarList({ label, items, max, mono = false, danger = false }: BarListProps) {
  const full = Math.max(1, max ?? Math.max(0, ...items.map((item) => item.value)))
  return (
    <ul aria-label={label} className="space-y-2.5">
      {items.map(({ label: name, value, href, note, depth = 0 }) => (
        <li key={name}>
          {/* All bars start at the same place, so that the eye can compare them. */}
          <div className="flex items-baseline justify-between gap-4" style={{ paddingLeft: `${Math.min(depth, 6)}rem` }}>
            <span className={clsx('min-w-0 truncate', mono && 'font-mono text-xs')}>
              {href ? (
                <Link look="quiet" href={href} className="font-normal!">
                  {name}
                </Link>
              ) : (
                name
              )}
            </span>
            <span className="tabular-nums">
              {value.toLocaleString('en')}
              {note && <span className="ml-1.5 text-faint">{note}</span>}
            </span>
          </div>
          <div aria-hidden className="mt-1 h-1 rounded-full bg-hover">
            <div
              className={clsx('h-1 rounded-full', danger ? 'bg-danger' : 'bg-accent', value > 0 && 'min-w-1')}
              style={{ width: `${Math.min(100, (value / full) * 100)}%` }}
            />
          </div>
        </li>
      ))}
    </ul>
  )
}
