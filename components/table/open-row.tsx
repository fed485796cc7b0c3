import { clsx } from 'clsx'
import type { ReactNode } from 'react'

export interface OpenRowProps {
  onOpen: () => void
  /** The name is a code. */
  mono?: boolean
  /** Read out after the name: what tells rows of one name apart. */
  detail?: string
  /** Cuts a long name instead of growing. */
  truncate?: boolean
  children: ReactNode
}

/** The name of a row, which opens the row's panel. */
export function OpenRow({ onOpen, mono = false, detail, truncate = false, children }: OpenRowProps) {
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      onClick={onOpen}
      className={clsx(
        'rounded-sm font-medium underline-offset-3 hover:underline',
        mono && 'font-mono text-xs',
        truncate && 'min-w-0 truncate',
      )}
    >
      {children}
      {detail && <span className="sr-only"> {detail}</span>}
    </button>
  )
}
