import { clsx } from 'clsx'
import { PageLink } from '#components/ui/page-link'
import { paths } from '#contract/paths'
import { usePathname } from 'next/navigation'

/** The two views of the review: one row a person, or every access by itself. */
export function ReviewViews({ org }: { org: string }) {
  const pathname = usePathname()
  const to = paths.organization(org)
  const views = [
    { label: 'People by risk', href: to.accessReview },
    { label: 'All access', href: to.allAccess },
  ]
  return (
    <nav aria-label="Views of the review" className="mb-4 flex gap-4 border-b border-line">
      {views.map(({ label, href }) => (
        <PageLink
          key={href}
          href={href}
          aria-current={pathname === href ? 'page' : undefined}
          className={clsx(
            '-mb-px flex h-9 items-center border-b-2 font-medium outline-offset-[-2px] hover:text-ink',
            pathname === href ? 'border-accent text-ink' : 'border-transparent text-muted',
          )}
        >
          {label}
        </PageLink>
      ))}
    </nav>
  )
}
