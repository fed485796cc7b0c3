'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { parseAsString, useQueryState } from 'nuqs'
import type { OrganizationMember } from '#contract/organizations'
import { RoleBadge } from '#components/access/role'
import { type Columns, columnsOf } from '#components/table/columns'
import { DataTable } from '#components/table/data-table'
import { usePaging } from '#components/table/list-state'
import { Toolbar } from '#components/table/toolbar'
import { Avatar } from '#components/ui/avatar'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { PageHeader } from '#components/ui/page-header'
import { Time } from '#components/ui/time'
import { peopleQuery } from '#queries/organizations'

const column = columnsOf<OrganizationMember>()

const columns: Columns<OrganizationMember> = [
  column.accessor('name', {
    header: 'Name',
    cell: ({ getValue }) => (
      <span className="flex max-w-72 items-center gap-2.5 font-medium">
        <Avatar name={getValue()} size="sm" />
        <span className="truncate" title={getValue()}>
          {getValue()}
        </span>
      </span>
    ),
  }),
  column.accessor('email', { header: 'Email', cell: ({ getValue }) => <span className="text-muted">{getValue()}</span> }),
  column.accessor('role', { header: 'Role', cell: ({ getValue }) => <RoleBadge role={getValue()} /> }),
  column.accessor('createdAt', {
    header: 'Joined',
    cell: ({ getValue }) => <Time value={getValue()} className="whitespace-nowrap text-muted tabular-nums" />,
  }),
]

/** The people of an organisation: owners and admins have that role in each of its projects, others where they are members. */
export function PeopleTable({ org }: { org: string }) {
  const [q, setQ] = useQueryState('q', parseAsString.withDefault(''))
  const paging = usePaging(['person', 'people'])
  const people = useQuery({
    ...peopleQuery(org, { q: q.trim(), cursor: paging.cursor }),
    placeholderData: keepPreviousData,
  })
  const search = (text: string | null) => {
    void setQ(text)
    paging.toFirst()
  }
  return (
    <>
      <PageHeader
        title="People"
        description="Owners and admins of the organisation have that role in each of its projects; the others see the projects they are members of."
      />
      <Toolbar
        label="Filter people"
        search={{ value: q, onChange: (text) => search(text || null), placeholder: 'Find by name or email' }}
      />
      <DataTable
        label="People"
        columns={columns}
        rows={people.data?.items}
        rowId={({ userId }) => userId}
        rowName={({ name }) => name}
        error={people.error && { message: people.error.message, retry: () => void people.refetch() }}
        stale={people.isPlaceholderData}
        pager={paging.pager(people.data)}
        empty={
          <EmptyState title={`Nobody matches “${q}”`} action={<Button onClick={() => search(null)}>Show all</Button>}>
            The search looks at names and email addresses.
          </EmptyState>
        }
      />
      <p className="mt-3 text-xs text-faint">
        Whoever runs the server adds people to the organisation: <code>npx bulkhead org add-member</code>.
      </p>
    </>
  )
}
