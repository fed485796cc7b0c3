import { clsx } from 'clsx'
import { ArrowUpRight } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { buttonLook, type ButtonSize, type ButtonVariant } from './button-look.ts'
import { PageLink } from './page-link.tsx'

interface LinkProps extends ComponentProps<typeof PageLink> {
  /** `text` inside prose; `quiet` for names in rows, which look like text until hovered. */
  look?: 'text' | 'quiet'
  /** Leaves the console: opens a new tab and says so. */
  external?: boolean
}

/** A link to another page. */
export function Link({ look = 'text', external = false, className, children, ...props }: LinkProps) {
  const style = clsx(
    'rounded-sm underline-offset-3',
    look === 'text'
      ? 'text-accent-ink underline decoration-accent-line hover:decoration-current'
      : 'font-medium text-ink hover:underline',
    className,
  )
  if (!external) {
    return (
      <PageLink {...props} className={style}>
        {children}
      </PageLink>
    )
  }
  return (
    <PageLink {...props} className={style} target="_blank" rel="noreferrer">
      {children}
      <ArrowUpRight aria-label="(opens a new tab)" className="ml-0.5 inline size-3" />
    </PageLink>
  )
}

interface ButtonLinkProps extends ComponentProps<typeof PageLink> {
  variant?: ButtonVariant
  size?: ButtonSize
  icon?: ReactNode
}

/** A link that looks like a button. */
export function ButtonLink({ variant = 'secondary', size = 'md', icon, className, children, ...props }: ButtonLinkProps) {
  return (
    <PageLink {...props} className={buttonLook(variant, size, className)}>
      {icon}
      {children}
    </PageLink>
  )
}

interface PlainButtonLinkProps extends Omit<ButtonLinkProps, 'href'> {
  href: string
}

/** The same for a target outside of Next's pages, which the browser loads itself. */
export function PlainButtonLink({ variant = 'secondary', size = 'md', icon, className, children, href }: PlainButtonLinkProps) {
  return (
    <a href={href} className={buttonLook(variant, size, className)}>
      {icon}
      {children}
    </a>
  )
}
