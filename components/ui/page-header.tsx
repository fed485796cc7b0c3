import type { ReactNode } from 'react'

export interface PageHeaderProps {
  /** The screen's name: the one `h1` of the page. */
  title: ReactNode
  /** Beside the title: a slug, a state. */
  meta?: ReactNode
  description?: ReactNode
  /** Buttons; the primary one last. */
  actions?: ReactNode
}

/** The top of a screen. */
export function PageHeader({ title, meta, description, actions }: PageHeaderProps) {
  return (
    <header className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="text-xl font-semibold tracking-tight text-balance">{title}</h1>
          {meta}
        </div>
        {description && <p className="mt-1 max-w-160 text-pretty text-muted">{description}</p>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  )
}
