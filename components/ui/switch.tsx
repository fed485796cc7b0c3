'use client'

import { Switch as Base } from '@base-ui/react/switch'
import type { ReactNode } from 'react'
import { useId } from 'react'

export interface SwitchProps {
  label: ReactNode
  hint?: ReactNode
  checked: boolean
  onChange: (checked: boolean) => void
  /** Why it cannot be changed; replaces the hint. */
  disabledReason?: string | null
}

/** A setting that takes effect at once. Also states its state in words. */
export function Switch({ label, hint, checked, onChange, disabledReason }: SwitchProps) {
  const id = useId()
  const note = disabledReason ?? hint
  return (
    <div className="flex items-start justify-between gap-4">
      <div className="min-w-0">
        <label htmlFor={id} id={`${id}-label`} className="block font-medium">
          {label}
        </label>
        {note && (
          <div id={`${id}-note`} className="text-muted">
            {note}
          </div>
        )}
      </div>
      <div className="flex items-center gap-2">
        <span aria-hidden className="w-5 text-right text-xs text-muted">
          {checked ? 'On' : 'Off'}
        </span>
        <Base.Root
          id={id}
          checked={checked}
          onCheckedChange={onChange}
          disabled={Boolean(disabledReason)}
          aria-labelledby={`${id}-label`}
          aria-describedby={note ? `${id}-note` : undefined}
          className="flex h-5 w-9 shrink-0 rounded-full border border-edge bg-sunken p-0.5 data-checked:border-accent data-checked:bg-accent data-disabled:cursor-not-allowed data-disabled:border-line data-disabled:bg-sunken"
        >
          <Base.Thumb className="size-3.5 rounded-full bg-muted transition-transform data-checked:translate-x-4 data-checked:bg-on-accent data-disabled:bg-edge" />
        </Base.Root>
      </div>
    </div>
  )
}
