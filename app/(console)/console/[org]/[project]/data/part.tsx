import type { ReactNode } from 'react'
import { useId } from 'react'

interface PartProps {
  title: string
  /** At the right of the title. */
  action?: ReactNode
  children: ReactNode
}

/** A titled part of a panel. */
export function Part({ title, action, children }: PartProps) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <div className="mb-2.5 flex min-h-7 items-center justify-between gap-3 border-b border-line pb-1.5">
        <h3 id={id} className="text-base font-semibold">
          {title}
        </h3>
        {action}
      </div>
      {children}
    </section>
  )
}
