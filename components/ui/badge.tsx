import { clsx } from 'clsx'
import type { ReactNode } from 'react'

const tones = {
  neutral: 'border-line bg-sunken text-muted',
  strong: 'border-edge bg-raised text-ink',
  accent: 'border-accent-line bg-accent-soft text-accent-ink',
  ok: 'border-ok-line bg-ok-soft text-ok-ink',
  warn: 'border-warn-line bg-warn-soft text-warn-ink',
  danger: 'border-danger-line bg-danger-soft text-danger-ink',
}

export interface BadgeProps {
  /**
   * `strong` for what outranks its neighbors; `danger` only for what destroys or was destroyed; `ok` and `warn` for states, with a
   * dot.
   */
  tone?: keyof typeof tones
  /** An icon of 12 px. */
  icon?: ReactNode
  /** A dot for a state: `on` filled, `off` hollow. The text still names the state. */
  dot?: 'on' | 'off'
  className?: string
  children: ReactNode
}

/** A word that classifies: a role, a state. */
export function Badge({ tone = 'neutral', icon, dot, className, children }: BadgeProps) {
  return (
    <span
      className={clsx(
        'inline-flex h-5 items-center gap-1 rounded-sm border px-1.5 text-xs font-medium whitespace-nowrap',
        tones[tone],
        className,
      )}
    >
      {dot && <span aria-hidden className={clsx('size-1.5 rounded-full border border-current', dot === 'on' && 'bg-current')} />}
      {icon}
      {children}
    </span>
  )
}
