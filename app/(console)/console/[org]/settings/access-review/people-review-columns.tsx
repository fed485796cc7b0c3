import { RoleBadge } from '#components/access/role'
import { type Columns, columnsOf } from '#components/table/columns'
import { Avatar } from '#components/ui/avatar'
import { Badge } from '#components/ui/badge'
import { Link } from '#components/ui/link'
import { Time } from '#components/ui/time'
import { paths } from '#contract/paths'
import type { ReviewedPerson } from '#contract/review/people-review'
import { marks } from './marks.ts'

const column = columnsOf<ReviewedPerson>()
const airy = 'py-2! align-top'

export const peopleReviewColumns = (org: string): Columns<ReviewedPerson> => [
  column.accessor('name', {
    header: 'Person',
    meta: { className: airy },
    cell: ({ row: { original } }) => (
      <span className="flex max-w-56 items-center gap-2.5">
        <Avatar name={original.name} />
        <span className="min-w-0 leading-4">
          <Link
            look="quiet"
            href={paths.organization(org).person(original.userId)}
            className="block truncate"
            title={original.name}
          >
            {original.name}
          </Link>
          <span className="block truncate text-xs/4 text-muted" title={original.email}>
            {original.email}
          </span>
        </span>
      </span>
    ),
  }),
  column.accessor('marks', {
    header: 'Risk',
    meta: { className: airy },
    cell: ({ row: { original } }) => (
      <span className="flex max-w-64 min-w-36 flex-wrap gap-1 whitespace-normal">
        {original.marks.length === 0 && <span className="text-muted">None found</span>}
        {original.marks.map((mark) => (
          <Badge key={mark} tone={mark === 'expired' || mark === 'no-expiry' ? 'neutral' : 'strong'}>
            {marks[mark].label}
          </Badge>
        ))}
      </span>
    ),
  }),
  column.display({
    id: 'grants',
    header: 'Has access to',
    meta: { className: airy },
    cell: ({ row: { original } }) => <Grants org={org} person={original} />,
  }),
  column.accessor('lastSeenAt', {
    header: 'Last seen',
    meta: { className: airy },
    cell: ({ row: { original } }) =>
      original.lastSeenAt === null ? <span className="text-muted">Never</span> : <Time value={original.lastSeenAt} />,
  }),
  column.accessor('state', {
    header: 'Reviewed',
    meta: { className: airy },
    cell: ({ row: { original } }) => <Reviewed person={original} />,
  }),
]

function Grants({ org, person }: { org: string; person: ReviewedPerson }) {
  const { role, grants, memberships, userId } = person
  const more = memberships - grants.length
  const isPowerful = person.marks.includes('everything')
  return (
    <ul className="min-w-44 space-y-1 leading-5">
      {isPowerful && (
        <li className="flex items-center gap-1.5">
          Every project <RoleBadge role={role} />
        </li>
      )}
      {grants.map(({ project, role: given, envName, cells, expiresAt }) => (
        <li key={project.slug} className="flex items-center gap-1.5">
          <Link
            look="quiet"
            href={paths.project(org, project.slug).member(userId)}
            className="max-w-40 truncate font-normal!"
            title={project.name}
          >
            {project.name}
          </Link>
          <RoleBadge role={given} />
          <span className="text-xs text-muted">
            {envName !== null && `only ${envName} `}
            {cells !== null && `only ${cells === 1 ? '1 cell' : `${cells.toLocaleString('en')} cells`} `}
            {expiresAt !== null && (
              <>
                until <Time value={expiresAt} />
              </>
            )}
          </span>
        </li>
      ))}
      {more > 0 && (
        <li>
          <Link href={paths.organization(org).person(userId)} className="text-xs">
            and {more.toLocaleString('en')} more
          </Link>
        </li>
      )}
      {!isPowerful && memberships === 0 && <li className="text-muted">No project</li>}
    </ul>
  )
}

function Reviewed({ person: { state, reviewedAt, reviewedBy } }: { person: ReviewedPerson }) {
  if (reviewedAt === null) return <span className="text-muted">Never</span>
  return (
    <span className="block leading-4">
      <span className="flex items-center gap-1.5">
        <Time value={reviewedAt} />
        {state === 'changed' && (
          <Badge tone="strong" dot="off">
            Changed since
          </Badge>
        )}
      </span>
      {reviewedBy !== null && <span className="block max-w-40 truncate text-xs/4 text-muted">by {reviewedBy}</span>}
    </span>
  )
}
