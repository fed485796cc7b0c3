'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { UserPlus } from 'lucide-react'
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryState, useQueryStates } from 'nuqs'
import { useState } from 'react'
import { roleFilterOptions } from '#components/access/role'
import { DataTable } from '#components/table/data-table'
import { usePaging } from '#components/table/list-state'
import { Toolbar, ToolbarFilter } from '#components/table/toolbar'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { PageHeader } from '#components/ui/page-header'
import { paths } from '#contract/paths'
import { roles } from '#contract/words'
import { meQuery } from '#queries/accounts/me'
import { organizationAccessQuery, peopleQuery } from '#queries/organizations/organizations'
import { Invitations } from './invitations.tsx'
import { personActions } from './person-actions.tsx'
import { managedPeopleColumns, peopleColumns } from './people-columns.tsx'
import { type PeopleDialog, PeopleDialogs } from './people-dialogs.tsx'

const filters = {
  q: parseAsString.withDefault(''),
  role: parseAsStringLiteral(roles),
  factor: parseAsStringLiteral(['yes', 'no']),
}

const factorOptions = [
  { value: 'yes', label: 'Yes' },
  { value: 'no', label: 'No' },
] as const

/** The organization's people, their roles, and open invitations. */
export function PeopleTable({ org, hasMail }: { org: string; hasMail: boolean }) {
  const [filter, setFilter] = useQueryStates(filters)
  const paging = usePaging(['person', 'people'])
  const [dialog, setDialog] = useState<PeopleDialog>(null)
  // In the URL, since the palette opens it from anywhere.
  const [isInviting, setInviting] = useQueryState('invite', parseAsBoolean.withDefault(false))
  const { data: access } = useQuery(organizationAccessQuery(org))
  const { data: me } = useQuery(meQuery())
  // A shared URL may contain a filter that this viewer may not use; the table must still load.
  const mayManage = access?.can['people:manage'].allowed ?? false
  const factor = mayManage ? filter.factor : null
  const people = useQuery({
    ...peopleQuery(org, {
      q: filter.q.trim(),
      role: filter.role ?? undefined,
      secondFactor: factor ?? undefined,
      cursor: paging.cursor,
    }),
    placeholderData: keepPreviousData,
  })
  const narrow = (change: Partial<typeof filter> | null) => {
    void setFilter(change)
    paging.toFirst()
  }
  const rows =
    me &&
    people.data?.items.map((person) => ({
      ...person,
      self: person.userId === me.id,
      href: mayManage ? paths.organization(org).person(person.userId) : null,
    }))
  return (
    <>
      <PageHeader
        title="People"
        description="Owners and admins of the organization have that role in every project. Everyone else sees only the projects they are a member of."
      />
      <Toolbar
        label="Filter people"
        search={{ value: filter.q, onChange: (q) => narrow({ q }), placeholder: 'Find by name or email' }}
        onClear={filter.q || filter.role || factor ? () => narrow(null) : undefined}
        actions={
          <Button
            variant="primary"
            icon={<UserPlus className="size-3.5" />}
            disabledReason={access ? access.can['invitations:manage'].reason : 'Still loading'}
            onClick={() => setDialog({ kind: 'invite' })}
          >
            Invite people
          </Button>
        }
      >
        <ToolbarFilter label="Role" options={roleFilterOptions} value={filter.role} onChange={(role) => narrow({ role })} />
        {mayManage && (
          <ToolbarFilter
            label="Second factor"
            options={factorOptions}
            value={filter.factor}
            onChange={(value) => narrow({ factor: value })}
          />
        )}
      </Toolbar>
      <DataTable
        label="People"
        columns={mayManage ? managedPeopleColumns : peopleColumns}
        rows={rows}
        rowId={({ userId }) => userId}
        rowName={({ name }) => name}
        rowActions={(person) => (access ? personActions(person, access, (kind) => setDialog({ kind, person })) : [])}
        error={people.error && { message: people.error.message, retry: () => void people.refetch() }}
        stale={people.isPlaceholderData}
        pager={paging.pager(people.data)}
        empty={
          <EmptyState
            title={filter.q ? `Nobody matches “${filter.q}”` : 'No people match'}
            action={<Button onClick={() => narrow(null)}>Show all</Button>}
          >
            {filter.q && 'The search covers names and email addresses.'}
          </EmptyState>
        }
      />
      {access && <Invitations org={org} may={access.can['invitations:manage']} />}
      {access && (
        <PeopleDialogs
          {...{ org, hasMail }}
          access={access}
          dialog={isInviting && access.can['invitations:manage'].allowed ? { kind: 'invite' } : dialog}
          onDialog={(next) => {
            if (isInviting) void setInviting(null)
            setDialog(next)
          }}
        />
      )}
    </>
  )
}
