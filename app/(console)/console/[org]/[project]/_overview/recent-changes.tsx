'use client'

import { useQuery } from '@tanstack/react-query'
import type { AuditEvent } from '#contract/audit/events'
import { Actor } from '#components/actor'
import { type Columns, columnsOf } from '#components/table/columns'
import { DataTable } from '#components/table/data-table'
import { EmptyState } from '#components/ui/empty-state'
import { Link } from '#components/ui/link'
import { Section } from '#components/ui/section'
import { Time } from '#components/ui/time'
import { paths } from '#contract/paths'
import { accessQuery } from '#queries/review/access'
import { auditEventsQuery } from '#queries/audit/events'
import type { ProjectPath } from './project-path.ts'

const column = columnsOf<AuditEvent>()

const columns: Columns<AuditEvent> = [
  column.accessor('createdAt', {
    header: 'When',
    meta: { className: 'w-36' },
    cell: ({ getValue }) => <Time value={getValue()} />,
  }),
  column.accessor('actor', {
    header: 'Who',
    meta: { className: 'max-w-56' },
    cell: ({ getValue }) => <Actor actor={getValue()} />,
  }),
  column.accessor('action', { header: 'What', cell: ({ getValue }) => <code className="text-xs">{getValue()}</code> }),
  column.accessor('target', {
    header: 'On',
    meta: { className: 'max-w-72 truncate' },
    cell: ({ getValue }) => getValue().name ?? <code className="text-xs">{getValue().id}</code>,
  }),
]

/** The latest events, for callers who may read the audit log. */
export function RecentAudit({ org, project }: ProjectPath) {
  const why = useQuery(accessQuery(org, project)).data?.can['audit:read']
  const events = useQuery({ ...auditEventsQuery(org, project, { limit: 8 }), enabled: why?.allowed ?? false })
  if (why?.reason) {
    return (
      <Section title="Recent changes">
        <p className="text-muted">{why.reason}.</p>
      </Section>
    )
  }
  return (
    <Section title="Recent changes" actions={<Link href={paths.project(org, project).audit}>View the audit log</Link>} flush>
      <DataTable
        bare
        unbounded
        label="Latest audit events"
        columns={columns}
        rows={events.data?.items}
        rowId={({ id }) => id}
        rowName={({ action }) => action}
        error={events.error && { message: events.error.message, retry: () => void events.refetch() }}
        empty={<EmptyState title="No changes yet">Every change to this project, and who made it, is recorded here.</EmptyState>}
      />
    </Section>
  )
}
