'use client'

import { Checkbox as Base } from '@base-ui/react/checkbox'
import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { useId } from 'react'

export interface CheckboxProps {
  /** Its name; hidden in table cells. */
  label: ReactNode
  hideLabel?: boolean
  /** Below the label. */
  hint?: ReactNode
  checked: boolean
  /** Some, but not all, of what it represents is on. */
  indeterminate?: boolean
  onChange: (checked: boolean, event: Event) => void
  /** Why it cannot be changed; shown below the label. */
  disabledReason?: string | null
  /** Shows the note beside the label, for rows of a list. */
  noteBeside?: boolean
  name?: string
}

/** A yes or no, or one of several independent options. */
export function Checkbox({
  label,
  hideLabel = false,
  hint,
  checked,
  indeterminate,
  onChange,
  disabledReason,
  noteBeside = false,
  name,
}: CheckboxProps) {
  const id = useId()
  const note = disabledReason ?? hint
  return (
    <div className={clsx('flex gap-2', hideLabel && 'justify-center')}>
      <Base.Root
        id={id}
        name={name}
        checked={checked}
        indeterminate={indeterminate}
        onCheckedChange={(next, details) => onChange(next, details.event)}
        disabled={Boolean(disabledReason)}
        aria-labelledby={`${id}-label`}
        aria-describedby={note ? `${id}-note` : undefined}
        className={clsx(
          'relative grid size-4 shrink-0 place-items-center rounded-sm border border-edge bg-raised text-on-accent after:absolute after:-inset-2',
          'hover:border-faint data-checked:border-accent data-checked:bg-accent data-indeterminate:border-accent data-indeterminate:bg-accent',
          'data-disabled:cursor-not-allowed data-disabled:border-line data-disabled:bg-sunken data-disabled:text-faint',
          !hideLabel && 'mt-0.5',
        )}
      >
        <Base.Indicator className="grid data-unchecked:hidden">
          <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="2" aria-hidden className="size-3.5">
            <path d={indeterminate ? 'M3.5 8h9' : 'm3 8.5 3.5 3.5L13 4.5'} />
          </svg>
        </Base.Indicator>
      </Base.Root>
      <div className={hideLabel ? 'sr-only' : clsx('min-w-0', noteBeside && 'flex flex-wrap items-baseline gap-x-2')}>
        <label htmlFor={id} id={`${id}-label`} className="block">
          {label}
        </label>
        {note && (
          <div id={`${id}-note`} className="text-xs text-muted">
            {note}
          </div>
        )}
      </div>
    </div>
  )
}
