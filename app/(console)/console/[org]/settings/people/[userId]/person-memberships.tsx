'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Expiry } from '#components/access/expiry'
import { RoleBadge } from '#components/access/role'
import { CellScopes, EnvironmentScope } from '#components/access/scope'
import { type Columns, columnsOf } from '#components/table/columns'
import { DataTable } from '#components/table/data-table'
import { usePaging } from '#components/table/list-state'
import { EmptyState } from '#components/ui/empty-state'
import { Link } from '#components/ui/link'
import { Section } from '#components/ui/section'
import { Time } from '#components/ui/time'
import { paths } from '#contract/paths'
import type { ReviewEntry } from '#contract/review/access-review'
import { personGrantsQuery } from '#queries/review/access-review'
import { Reasons } from '../../../_access-review/review-columns.tsx'

interface Row extends ReviewEntry {
  href: string
}

const column = columnsOf<Row>()

const columns: Columns<Row> = [
  column.accessor('project', {
    header: 'Project',
    cell: ({ row: { original } }) => (
      <Link look="quiet" href={original.href} className="block max-w-64 truncate" title={original.project?.name}>
        {original.project?.name}
      </Link>
    ),
  }),
  column.accessor('role', {
    header: 'Role',
    cell: ({ row: { original } }) => <RoleBadge role={original.role} verbs={original.permissions} />,
  }),
  column.accessor('envName', { header: 'Environment', cell: ({ getValue }) => <EnvironmentScope name={getValue()} /> }),
  column.accessor('cellScopes', { header: 'Cells', cell: ({ getValue }) => <CellScopes cells={getValue()} /> }),
  column.accessor('expiresAt', { header: 'Expires', cell: ({ getValue }) => <Expiry value={getValue()} /> }),
  column.accessor('reasons', { header: 'Flags', cell: ({ getValue }) => <Reasons reasons={getValue()} /> }),
  column.accessor('createdAt', {
    header: 'Since',
    cell: ({ getValue }) => <Time value={getValue()} className="text-muted tabular-nums" />,
  }),
]

interface PersonMembershipsProps {
  org: string
  userId: string
}

/** The projects that a person is a member of, each with its limits. */
export function PersonMemberships({ org, userId }: PersonMembershipsProps) {
  const paging = usePaging(['membership', 'memberships'])
  const listed = useQuery({
    ...personGrantsQuery(org, userId, 'membership', paging.cursor),
    placeholderData: keepPreviousData,
  })
  const rows = listed.data?.items.map((entry) => ({ ...entry, href: paths.project(org, entry.project!.slug).member(userId) }))
  return (
    <Section title="Project memberships" description="Each opens what they can do and see there, and why." flush>
      <DataTable
        label="Project memberships"
        bare
        unbounded
        expected={3}
        columns={columns}
        rows={rows}
        rowId={({ id }) => id}
        rowName={({ project }) => project?.name ?? ''}
        stale={listed.isPlaceholderData}
        error={listed.error && { message: listed.error.message, retry: () => void listed.refetch() }}
        pager={paging.pager(listed.data)}
        empty={<EmptyState title="No project memberships">They are a member of no project themselves.</EmptyState>}
      />
    </Section>
  )
}
