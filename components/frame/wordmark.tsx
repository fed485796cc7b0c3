import { clsx } from 'clsx'

/** The mark: a hull in section, divided by bulkheads, one compartment flooded. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 20" fill="none" aria-hidden className={className ?? 'size-5'}>
      <path d="M12 4.25h5.25v6.5A5.5 5.5 0 0 1 12 16.24z" fill="var(--accent)" />
      <path
        d="M2.75 4.25h14.5v6.5a5.5 5.5 0 0 1-5.5 5.5h-3.5a5.5 5.5 0 0 1-5.5-5.5zM12 4.25v12M7.25 4.25v12"
        stroke="currentColor"
        strokeWidth="1.5"
      />
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
