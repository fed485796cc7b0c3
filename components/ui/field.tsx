'use client'

import { Field as Base } from '@base-ui/react/field'
import { clsx } from 'clsx'
import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

export interface FieldProps {
  label: ReactNode
  /** What to enter, or its effect; one sentence. */
  hint?: ReactNode
  /** What is wrong with the value. */
  error?: ReactNode
  /** Adds "optional" after the label. Fields are required by default. */
  optional?: boolean
  /** Something small at the right of the label. */
  aside?: ReactNode
  /** The label names the control but is not shown. */
  hideLabel?: boolean
  /** False for controls that are buttons (Select): a native label would press them. */
  nativeLabel?: boolean
  className?: string
  /** One control of this folder; label, hint and error are connected to it. */
  children: ReactNode
}

/** A control with its label, hint and error. */
export function Field({
  label,
  hint,
  error,
  optional = false,
  aside,
  hideLabel = false,
  nativeLabel = true,
  className,
  children,
}: FieldProps) {
  return (
    <Base.Root invalid={Boolean(error)} className={clsx('flex min-w-0 flex-col gap-1.5', className)}>
      <div className={hideLabel ? 'sr-only' : 'flex items-baseline gap-2'}>
        <Base.Label className="font-medium text-ink" nativeLabel={nativeLabel} render={nativeLabel ? undefined : <div />}>
          {label}
        </Base.Label>
        {optional && <span className="text-xs text-faint">optional</span>}
        {aside && <span className="ml-auto text-xs text-faint">{aside}</span>}
      </div>
      {children}
      <Base.Error match={Boolean(error)} className="flex items-start gap-1.5 font-medium text-ink">
        <CircleAlert aria-hidden className="mt-0.75 size-3.5 shrink-0" />
        <span>{error}</span>
      </Base.Error>
      {hint && <Base.Description className="text-xs text-muted">{hint}</Base.Description>}
    </Base.Root>
  )
}
