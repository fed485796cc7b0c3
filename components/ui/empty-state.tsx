import type { ReactNode } from 'react'

export interface EmptyStateProps {
  /** What is missing: "No members match". */
  title: string
  /** Why, or what to do about it. */
  children?: ReactNode
  /** One or two buttons. */
  action?: ReactNode
}

/** Replaces a list that has no items. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-110 flex-col items-center px-6 py-12 text-center">
      <p className="text-base font-medium">{title}</p>
      {children && <div className="mt-1 text-pretty text-muted">{children}</div>}
      {action && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}
