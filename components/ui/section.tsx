'use client'

import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { useId, useRef } from 'react'
import { useKeptFocus } from './use-kept-focus.tsx'

export interface SectionProps {
  title: ReactNode
  description?: ReactNode
  /** At the right of the title. */
  actions?: ReactNode
  /** At the bottom, on its own line: the buttons of a form, a link to all. */
  footer?: ReactNode
  /** The danger zone. */
  danger?: boolean
  /** Content reaches the edges: tables and rows with their own padding. */
  flush?: boolean
  className?: string
  children: ReactNode
}

/**
 * A titled block of a screen, as a card. Gets the focus when the focused element inside disappears, such as the button of a
 * finished action.
 */
export function Section({
  title,
  description,
  actions,
  footer,
  danger = false,
  flush = false,
  className,
  children,
}: SectionProps) {
  const id = useId()
  const place = useRef<HTMLElement>(null)
  const focusTracking = useKeptFocus(place)
  return (
    <section
      {...focusTracking}
      ref={place}
      tabIndex={-1}
      aria-labelledby={id}
      className={clsx('min-w-0 rounded-lg border bg-raised', danger ? 'border-danger-line' : 'border-line', className)}
    >
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 pt-3.5 pb-3">
        <div className="min-w-0 flex-1 basis-48">
          <h2 id={id} className={clsx('text-base font-semibold', danger && 'text-danger-ink')}>
            {title}
          </h2>
          {description && <p className="mt-0.5 max-w-150 text-pretty text-muted">{description}</p>}
        </div>
        {actions && <div className="flex items-center gap-2">{actions}</div>}
      </div>
      <div className={flush ? 'border-t border-line' : 'px-4 pb-4'}>{children}</div>
      {footer && <div className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">{footer}</div>}
    </section>
  )
}

export interface SectionRowProps {
  title: ReactNode
  description?: ReactNode
  /** The control or button at the right. */
  children: ReactNode
}

/** A line of a flush section: a subject, and its one control or button. */
export function SectionRow({ title, description, children }: SectionRowProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-line px-4 py-3 not-first:border-t">
      <div className="min-w-0 flex-1 basis-60">
        <div className="font-medium">{title}</div>
        {description && <div className="max-w-150 text-pretty text-muted">{description}</div>}
      </div>
      <div className="flex items-center gap-2">{children}</div>
    </div>
  )
}
