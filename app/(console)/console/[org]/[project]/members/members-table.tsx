'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useQueryState } from 'nuqs'
import { useState } from 'react'
import { roleOptions } from '#components/access/role'
import { DataTable } from '#components/table/data-table'
import { usePaging } from '#components/table/list-state'
import { SelectionBar } from '#components/table/toolbar'
import { Button } from '#components/ui/button'
import { lazyDialog } from '#components/ui/lazy-dialog'
import type { Role } from '#contract/common'
import { EmptyState } from '#components/ui/empty-state'
import { PageHeader } from '#components/ui/page-header'
import { paths } from '#contract/paths'
import { accessQuery } from '#queries/review/access'
import { environmentsQuery } from '#queries/projects/environments'
import type { Member } from '#contract/members/members'
import { membersQuery, useAllMembers } from '#queries/members/members'
import { AccessExpiringSoon } from '../access-expiring-soon.tsx'
import { memberActions, roleInRowReason } from './member-actions.tsx'
import { memberColumns, type MemberRow } from './member-columns.tsx'
import { MemberDialogs, type MemberDialog } from './member-dialogs.tsx'
import { MembersToolbar, type MembersToolbarProps } from './members-toolbar.tsx'
import { useMembersFilter } from './use-members-filter.ts'
import { useRoleChange } from './use-role-change.tsx'

const AccessPanel = lazyDialog(() => import('./panel/access-panel.tsx').then((module) => module.AccessPanel))

/** The members of the project, and the actions on each. */
export function MembersTable({ org, project }: { org: string; project: string }) {
  const { filter, setFilter, filtered } = useMembersFilter()
  const paging = usePaging(['member', 'members'])
  // With their rows, since the selection may span several pages.
  const [chosen, setChosen] = useState<ReadonlyMap<string, MemberRow>>(new Map())
  const [dialog, setDialog] = useState<MemberDialog>(null)
  /** Whose access is open in the panel, kept in the URL. */
  const [opened, open] = useQueryState('member')
  const role = useRoleChange(org, project)
  const { data: access } = useQuery(accessQuery(org, project))
  const { data: environments = [] } = useQuery(environmentsQuery(org, project))
  const query = {
    ...(filter.q && { q: filter.q }),
    ...(filter.role && { role: filter.role }),
    ...(filter.env && { env: filter.env }),
    ...(filter.scope && { scope: filter.scope }),
  }
  const listed = useQuery({
    ...membersQuery(org, project, { ...query, ...(paging.cursor && { cursor: paging.cursor }) }),
    placeholderData: keepPreviousData,
  })
  const all = useAllMembers(org, project)

  const narrow: MembersToolbarProps['onFilter'] = (change) => {
    void setFilter(change)
    if (paging.cursor) paging.toFirst()
  }
  const rowOf = (member: Member): MemberRow => {
    const self = member.userId === access?.userId
    const mayLook = self || access?.can['members:manage'].allowed
    const row = {
      ...member,
      self,
      href: mayLook ? paths.project(org, project).member(member.userId) : null,
      onOpen: () => void open(member.userId),
    }
    if (!access?.can['members:manage'].allowed) return { ...row, roleSelect: null }
    const reason = roleInRowReason(row, access)
    const onChange = (next: Role) => void role.change(member, next)
    return { ...row, roleSelect: { role: role.shown(member), options: roleOptions(access), reason, onChange } }
  }
  const rows = access && listed.data?.items.map(rowOf)
  const choose = (members: MemberRow[]) => setChosen(new Map(members.map((member) => [member.userId, member])))
  const keep = (ids: string[]) => choose(ids.flatMap((id) => rows?.find(({ userId }) => userId === id) ?? chosen.get(id) ?? []))
  const closeDialog = (changed?: boolean) => {
    setDialog(null)
    if (changed === true) choose([])
  }
  const bulkReason = access?.can['members:manage'].reason ?? null

  return (
    <>
      <PageHeader title="Members" description="Who has access to this project, with which role and scope, and until when." />
      <AccessExpiringSoon {...{ org, project }} />
      {chosen.size > 0 ? (
        <SelectionBar count={chosen.size} what={['member', 'members']} onClear={() => choose([])}>
          {listed.data?.next != null && (
            <Button
              size="sm"
              variant="ghost"
              pending={all.isPending}
              onClick={() => all.mutate(query, { onSuccess: (members) => choose(members.map(rowOf)) })}
            >
              Select all that match
            </Button>
          )}
          <Button
            size="sm"
            disabledReason={bulkReason}
            onClick={() => setDialog({ kind: 'change-all', members: [...chosen.values()] })}
          >
            Change access…
          </Button>
          <Button
            size="sm"
            variant="danger"
            disabledReason={bulkReason}
            onClick={() => setDialog({ kind: 'remove-all', members: [...chosen.values()] })}
          >
            Remove…
          </Button>
        </SelectionBar>
      ) : (
        <MembersToolbar
          filter={filter}
          filtered={filtered}
          onFilter={narrow}
          environments={environments.map((environment) => environment.name)}
          onAdd={() => setDialog({ kind: 'add' })}
          addDisabledReason={access ? access.can['members:manage'].reason : 'Still loading'}
        />
      )}
      {role.refusal}
      <DataTable
        label="Members"
        columns={memberColumns}
        rows={rows}
        rowId={(row) => row.userId}
        rowName={(row) => row.name}
        rowActions={(member) => (access ? memberActions(member, access, (kind) => setDialog({ kind, member })) : [])}
        onOpen={(row) => row.onOpen()}
        selected={[...chosen.keys()]}
        onSelect={keep}
        stale={listed.isPlaceholderData}
        error={listed.error && { message: listed.error.message, retry: () => void listed.refetch() }}
        pager={paging.pager(listed.data)}
        empty={
          <EmptyState title="No members match" action={<Button onClick={() => narrow(null)}>Clear filters</Button>}>
            Nobody with access to this project matches these filters.
          </EmptyState>
        }
      />
      {access && <MemberDialogs {...{ org, project, access, dialog }} onClose={closeDialog} />}
      {access && opened && <AccessPanel {...{ org, project, access }} userId={opened} onClose={() => void open(null)} />}
    </>
  )
}
