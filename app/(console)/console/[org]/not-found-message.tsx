import { EmptyState } from '#components/ui/empty-state'
import { ButtonLink } from '#components/ui/link'

interface NotFoundMessageProps {
  what: 'organization' | 'project'
  /** A page that exists. */
  href: string
  label: string
}

/** For an organization or project that does not exist or that this person may not know of; the API does not tell which. */
export function NotFoundMessage({ what, href, label }: NotFoundMessageProps) {
  return (
    <div className="pt-16">
      <h1 className="sr-only">Not found</h1>
      <EmptyState title={`No such ${what}`} action={<ButtonLink href={href}>{label}</ButtonLink>}>
        There is no {what} at this address, or you don’t have access to it. It may have been deleted, or your access may have
        ended.
      </EmptyState>
    </div>
  )
}
