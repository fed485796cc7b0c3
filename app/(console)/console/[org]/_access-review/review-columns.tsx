import { KeyRound } from 'lucide-react'
import { Expiry } from '#components/access/expiry'
import { RoleBadge } from '#components/access/role'
import { CellScopes, EnvironmentScope } from '#components/access/scope'
import { type Columns, columnsOf } from '#components/table/columns'
import { Avatar } from '#components/ui/avatar'
import { Link } from '#components/ui/link'
import { Time } from '#components/ui/time'
import type { ReviewEntry } from '#contract/review/access-review'
import { flags } from './flags.ts'

/** An entry with the URL of its page. */
export interface ReviewRow extends ReviewEntry {
  href: string
  projectHref: string | null
}

const column = columnsOf<ReviewRow>()

/** The many columns must fit beside the navigation on a common screen. */
const close = 'px-2!'

const who = column.display({
  id: 'name',
  header: 'Who',
  meta: { sort: 'name' },
  cell: ({ row }) => <Who entry={row.original} />,
})
const project = column.accessor('project', {
  header: 'Project',
  meta: { className: close },
  cell: ({ row: { original } }) =>
    original.project && original.projectHref ? (
      <Link look="quiet" href={original.projectHref} className="block max-w-30 truncate" title={original.project.name}>
        {original.project.name}
      </Link>
    ) : (
      <span className="text-muted">Organization</span>
    ),
})
const rest: Columns<ReviewRow> = [
  column.accessor('reasons', {
    header: 'Flags',
    meta: { className: close },
    cell: ({ getValue }) => <Reasons reasons={getValue()} />,
  }),
  column.accessor('role', {
    header: 'Role',
    meta: { className: close },
    cell: ({ row: { original } }) => <RoleBadge role={original.role} verbs={original.permissions} />,
  }),
  column.display({
    id: 'scope',
    header: 'Scope',
    meta: { className: close },
    cell: ({ row: { original } }) =>
      original.envName === null && original.cellScopes === null ? (
        <span className="text-muted">All</span>
      ) : (
        <span className="inline-flex items-center gap-1.5">
          {original.envName !== null && <EnvironmentScope name={original.envName} />}
          {original.cellScopes !== null && <CellScopes cells={original.cellScopes} />}
        </span>
      ),
  }),
  column.accessor('expiresAt', {
    header: 'Expires',
    meta: { sort: 'expires', className: close },
    cell: ({ getValue }) => <Expiry value={getValue()} />,
  }),
  column.accessor('lastSeenAt', {
    header: 'Last seen',
    meta: { sort: 'seen' },
    cell: ({ row: { original } }) =>
      original.lastSeenAt === null ? <span className="text-muted">Never</span> : <Time value={original.lastSeenAt} />,
  }),
]

/** A project's review needs no project column. */
export const reviewColumns = { organization: [who, project, ...rest], project: [who, ...rest] } satisfies Record<
  string,
  Columns<ReviewRow>
>

function Who({ entry }: { entry: ReviewRow }) {
  const isToken = entry.allowedAddresses !== null
  const below = isToken ? `token${entry.createdBy === null ? '' : ` by ${entry.createdBy}`}` : entry.email
  return (
    <span className="flex max-w-44 items-center gap-2.5">
      {isToken ? (
        <span className="grid size-7 shrink-0 place-items-center rounded-full border border-line bg-sunken text-muted">
          <KeyRound aria-hidden className="size-3.5" />
        </span>
      ) : (
        <Avatar name={entry.name} />
      )}
      <span className="min-w-0 leading-4">
        <Link look="quiet" href={entry.href} className="block truncate" title={entry.name}>
          {entry.name}
        </Link>
        <span className="block truncate text-xs/4 text-muted" title={below ?? ''}>
          {below}
        </span>
      </span>
    </span>
  )
}

/** The flags of one entry in words. */
export function Reasons({ reasons }: { reasons: ReviewEntry['reasons'] }) {
  if (reasons.length === 0) return <span className="text-faint">–</span>
  return (
    <span className="block max-w-32 min-w-24 text-xs/4 whitespace-normal">
      {reasons.map((reason) => flags[reason].label).join(' · ')}
    </span>
  )
}
