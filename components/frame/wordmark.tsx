import { clsx } from 'clsx'

/** The mark: a hull in section, divided, with one compartment closed off. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 20" fill="none" aria-hidden className={className ?? 'size-5'}>
      <path d="M2.75 4.25h14.5v6.5a5.5 5.5 0 0 1-5.5 5.5h-3.5a5.5 5.5 0 0 1-5.5-5.5z" stroke="currentColor" strokeWidth="1.5" />
      <path d="M7.5 4.25v12M12.5 4.25v12" stroke="currentColor" strokeWidth="1.5" />
      <path d="M8.25 5h3.5v10.5h-3.5z" fill="var(--accent)" />
    </svg>
  )
}

/** Mark and name. */
export function Wordmark({ className }: { className?: string }) {
  return (
    <span className={clsx('inline-flex items-center gap-2 text-base font-semibold tracking-tight', className)}>
      <Mark />
      Bulkhead
    </span>
  )
}
