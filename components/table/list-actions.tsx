import type { ReactNode } from 'react'

/** The actions of a list without filters, where a toolbar has them. */
export const ListActions = ({ children }: { children: ReactNode }) => (
  <div className="mb-3 flex flex-wrap gap-2 sm:justify-end">{children}</div>
)
