'use client'

import { useQuery } from '@tanstack/react-query'
import { Expiry } from '#components/access/expiry'
import { type Columns, columnsOf } from '#components/table/columns'
import { DataTable } from '#components/table/data-table'
import { EmptyState } from '#components/ui/empty-state'
import { Section } from '#components/ui/section'
import { Time } from '#components/ui/time'
import type { ReviewEntry } from '#contract/review/access-review'
import { personGrantsQuery } from '#queries/review/access-review'
import { Reasons } from '../../../_access-review/review-columns.tsx'

const column = columnsOf<ReviewEntry>()

const columns: Columns<ReviewEntry> = [
  column.accessor('name', {
    header: 'Name',
    cell: ({ getValue }) => (
      <span className="block max-w-56 truncate font-medium" title={getValue()}>
        {getValue()}
      </span>
    ),
  }),
  column.accessor('expiresAt', { header: 'Expires', cell: ({ getValue }) => <Expiry value={getValue()} /> }),
  column.accessor('lastSeenAt', {
    header: 'Last used',
    cell: ({ row: { original } }) =>
      original.lastSeenAt ? <Time value={original.lastSeenAt} /> : <span className="text-muted">Never</span>,
  }),
  column.accessor('reasons', { header: 'Flags', cell: ({ getValue }) => <Reasons reasons={getValue()} /> }),
]

interface PersonTokensProps {
  org: string
  userId: string
}

/** The personal tokens with which a person reaches the organization. */
export function PersonTokens({ org, userId }: PersonTokensProps) {
  const listed = useQuery(personGrantsQuery(org, userId, 'personal-token'))
  return (
    <Section title="Personal tokens" description="With these, scripts act as the person, with their role." flush>
      <DataTable
        label="Personal tokens"
        bare
        unbounded
        expected={2}
        columns={columns}
        rows={listed.data?.items}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        error={listed.error && { message: listed.error.message, retry: () => void listed.refetch() }}
        empty={<EmptyState title="No personal tokens">None of their tokens work in this organization.</EmptyState>}
      />
    </Section>
  )
}
