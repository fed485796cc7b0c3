import { clsx } from 'clsx'
import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

const looks = {
  info: { icon: Info, box: 'border-line bg-sunken', mark: 'text-muted' },
  warning: { icon: CircleAlert, box: 'border-edge bg-raised', mark: 'text-ink' },
  danger: { icon: TriangleAlert, box: 'border-danger-line bg-danger-soft', mark: 'text-danger-ink' },
}

export interface NoticeProps {
  /** `warning` for what failed or needs attention; `danger` only for what destroys. */
  tone?: keyof typeof looks
  title?: ReactNode
  /** At the end of the text: one button or link. */
  action?: ReactNode
  children?: ReactNode
}

/** A message in the page, beside its subject. Warnings and dangers are announced. */
export function Notice({ tone = 'info', title, action, children }: NoticeProps) {
  const { icon: Icon, box, mark } = looks[tone]
  return (
    <div
      role={tone === 'info' ? undefined : 'alert'}
      className={clsx('flex items-start gap-2.5 rounded-md border px-3 py-2.5', box)}
    >
      <Icon aria-hidden className={clsx('mt-0.5 size-4 shrink-0', mark)} />
      <div className="flex min-w-0 flex-1 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 text-pretty">
          {title && <div className="font-medium">{title}</div>}
          {children && <div className={clsx('wrap-anywhere', title && 'text-muted')}>{children}</div>}
        </div>
        {action && <div className="sm:-my-1.5">{action}</div>}
      </div>
    </div>
  )
}
