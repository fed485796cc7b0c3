import { clsx } from 'clsx'
import { CopyButton } from './copy-button.tsx'

export interface MonoProps {
  children: string
  /** What it is: "slug", "id". Adds a copy button named "Copy slug". */
  copy?: string
  /** What is copied when the text is shortened. */
  full?: string
  /** More muted than the text around it. */
  quiet?: boolean
  className?: string
}

/** A slug, an id or a token: monospaced, without ligatures, with its copy button. */
export function Mono({ children, copy, full, quiet = false, className }: MonoProps) {
  return (
    <span className={clsx('group/mono inline-flex max-w-full min-w-0 items-center gap-0.5', className)}>
      <code title={full} className={clsx('min-w-0 truncate text-[0.9375em]', quiet && 'text-muted')}>
        {children}
      </code>
      {copy && (
        <CopyButton
          text={full ?? children}
          what={copy}
          className="-my-1 size-6! opacity-60 group-hover/mono:opacity-100 focus-visible:opacity-100"
        />
      )}
    </span>
  )
}
