import { clsx } from 'clsx'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'

export interface ChipProps {
  /** The value; also part of the remove button's name. */
  label: string
  /** Secondary text after the label, such as a count. */
  hint?: ReactNode
  mono?: boolean
  /** Makes the chip removable. */
  onRemove?: () => void
  className?: string
}

/** One of several values: a cell, an active filter. */
export function Chip({ label, hint, mono = false, onRemove, className }: ChipProps) {
  return (
    <span
      className={clsx(
        'inline-flex max-w-full items-center gap-1 rounded-sm border border-line bg-sunken pl-1.5 text-xs text-ink',
        onRemove ? 'h-6.5' : 'h-5.5 pr-1.5',
        className,
      )}
    >
      <span className={clsx('truncate', mono && 'font-mono')}>{label}</span>
      {hint !== undefined && <span className="text-faint tabular-nums">{hint}</span>}
      {onRemove && (
        <button
          type="button"
          onClick={onRemove}
          aria-label={`Remove ${label}`}
          className="grid size-6 place-items-center rounded-sm text-faint hover:bg-hover hover:text-ink focus-visible:-outline-offset-2"
        >
          <X className="size-3" aria-hidden />
        </button>
      )}
    </span>
  )
}

export interface ChipsProps {
  labels: readonly string[]
  /** The number of chips before the others are only counted. */
  max?: number
  mono?: boolean
  /** On one line, each shortened: for table cells. */
  oneLine?: boolean
}

/** Chips in a line. Those beyond `max` are only counted. */
export function Chips({ labels, max = 3, mono = false, oneLine = false }: ChipsProps) {
  const hidden = labels.slice(max)
  return (
    <span className={clsx('inline-flex items-center gap-1', !oneLine && 'max-w-full flex-wrap')}>
      {labels.slice(0, max).map((label) => (
        <Chip key={label} label={label} mono={mono} className={oneLine ? 'max-w-36!' : undefined} />
      ))}
      {hidden.length > 0 && (
        <span className="text-xs text-faint" title={hidden.join(', ')}>
          +{hidden.length} more
        </span>
      )}
    </span>
  )
}
