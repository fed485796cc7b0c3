import { Actor } from '#components/actor'
import { type Columns, columnsOf } from '#components/table/columns'
import { OpenRow } from '#components/table/open-row'
import { Time, utcTime } from '#components/ui/time'
import { Badge } from '#components/ui/badge'
import { Link } from '#components/ui/link'
import type { AuditEvent, OrganizationAuditEvent } from '#contract/audit/events'
import { paths } from '#contract/paths'
import { useOpenEvent } from './use-audit-filter.ts'

/** An event of a project's own log does not name its project. */
export type ListedEvent = AuditEvent & Partial<Pick<OrganizationAuditEvent, 'project'>>

const column = columnsOf<ListedEvent>()

const common: Columns<ListedEvent> = [
  column.accessor('createdAt', {
    header: 'Time',
    cell: ({ getValue }) => <Time value={getValue()} className="whitespace-nowrap text-muted tabular-nums" />,
  }),
  column.accessor('actor', {
    header: 'Actor',
    meta: { className: 'max-w-64' },
    cell: ({ getValue }) => <Actor actor={getValue()} />,
  }),
  column.accessor('action', { header: 'Action', cell: ({ row }) => <OpenEvent event={row.original} /> }),
  column.accessor('target', { header: 'Target', cell: ({ getValue }) => <Target target={getValue()} /> }),
  column.accessor('address', {
    header: 'IP address',
    cell: ({ getValue }) => (getValue() ? <code className="text-xs text-muted">{getValue()}</code> : <Absent />),
  }),
]

const ofProject = (org: string): Columns<ListedEvent>[number] =>
  column.accessor('project', {
    header: 'Project',
    meta: { className: 'max-w-48' },
    cell: ({ getValue }) => <ProjectOfEvent org={org} project={getValue() ?? null} />,
  })

/** The columns of a project's log, or, with the project of each event, of an organization's. */
export const columnsFor = (org: string, project: string | undefined): Columns<ListedEvent> =>
  project === undefined ? common.toSpliced(4, 0, ofProject(org)) : common

function ProjectOfEvent({ org, project }: { org: string; project: OrganizationAuditEvent['project'] }) {
  if (project === null) return <Absent />
  const { slug, deleted } = project
  if (slug === null) return <span className="text-muted">Permanently deleted</span>
  return deleted ? (
    <span className="inline-flex max-w-full items-center gap-1.5">
      <span className="truncate">{slug}</span> <Badge>Deleted</Badge>
    </span>
  ) : (
    <Link look="quiet" href={paths.project(org, slug).overview} className="block truncate">
      {slug}
    </Link>
  )
}

function OpenEvent({ event }: { event: AuditEvent }) {
  const [, open] = useOpenEvent()
  return (
    <OpenRow
      mono
      onOpen={() => void open(event.id)}
      detail={`${event.target.name ?? event.target.id}, ${utcTime(event.createdAt)}`}
    >
      {event.action}
    </OpenRow>
  )
}

/** The target of an event: its name and kind. */
export function Target({ target: { kind, id, name } }: { target: AuditEvent['target'] }) {
  return (
    <span className="inline-flex max-w-[min(18rem,100%)] items-baseline gap-1.5 align-bottom">
      <span className="shrink-0 text-xs text-faint">{kind}</span>
      <span className="truncate" title={name ?? id}>
        {name ?? <code className="text-xs">{id}</code>}
      </span>
    </span>
  )
}

const Absent = () => <span className="text-faint">–</span>
