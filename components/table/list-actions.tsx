import type { ReactNode } from 'react'

/** The actions of a list without filters, where a toolbar has them. */
export const ListActions = ({ children }: { children: ReactNode }) => (
  <div className="mb-3 flex flex-wrap justify-end gap-2">{children}</div>
)
