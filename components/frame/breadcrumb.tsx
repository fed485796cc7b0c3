import { Link } from '#components/ui/link'

export interface Crumb {
  label: string
  /** Absent on the last one, which is this page. */
  href?: string
}

/** The path from the organization to this page. A small screen shows only its end. */
export function Breadcrumb({ crumbs }: { crumbs: readonly Crumb[] }) {
  return (
    <nav aria-label="Breadcrumb" className="min-w-0 flex-1">
      <ol className="flex min-w-0 items-center gap-1.5">
        {crumbs.map(({ label, href }, index) => {
          const last = index === crumbs.length - 1
          return (
            <li
              key={`${label} ${href}`}
              className={last ? 'min-w-0 truncate' : 'hidden min-w-0 items-center gap-1.5 truncate sm:flex'}
            >
              {href && !last ? (
                <Link look="quiet" href={href} className="truncate font-normal! text-muted! hover:text-ink!">
                  {label}
                </Link>
              ) : (
                <span aria-current={last ? 'page' : undefined} className="font-medium">
                  {label}
                </span>
              )}
              {!last && (
                <span aria-hidden className="text-faint">
                  /
                </span>
              )}
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
