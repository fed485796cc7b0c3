'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { useQuery } from '@tanstack/react-query'
import { KeyRound, Pencil, Trash2 } from 'lucide-react'
import { parseAsBoolean, useQueryState } from 'nuqs'
import { useState } from 'react'
import type { PersonalToken } from '#contract/tokens/tokens'
import { AllowedAddresses } from '#components/access/allowed-addresses'
import { Expiry } from '#components/access/expiry'
import { LastUsed } from '#components/access/last-used'
import { type Columns, columnsOf } from '#components/table/columns'
import { DataTable } from '#components/table/data-table'
import { ListActions } from '#components/table/list-actions'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { Mono } from '#components/ui/mono'
import { Notice } from '#components/ui/notice'
import { PageHeader } from '#components/ui/page-header'
import { Time } from '#components/ui/time'
import { organizationAccessQuery } from '#queries/organizations/organizations'
import { personalTokensQuery, useUpdatePersonalToken } from '#queries/tokens/tokens'

const CreatedTokenDialog = lazyDialog(() =>
  import('#components/access/created-token-dialog').then((module) => module.CreatedTokenDialog),
)
const EditTokenDialog = lazyDialog(() => import('../../edit-token-dialog.tsx').then((module) => module.EditTokenDialog))
const CreatePersonalTokenDialog = lazyDialog(() =>
  import('./create-personal-token.tsx').then((module) => module.CreatePersonalTokenDialog),
)
const RevokePersonalTokenDialog = lazyDialog(() =>
  import('./revoke-personal-token.tsx').then((module) => module.RevokePersonalTokenDialog),
)

type Open =
  | null
  | { kind: 'created'; created: { name: string; token: string } }
  | { kind: 'edit' | 'revoke'; token: PersonalToken }

const column = columnsOf<PersonalToken>()

const columns: Columns<PersonalToken> = [
  column.accessor('name', {
    header: 'Name',
    cell: ({ getValue }) => (
      <span className="block max-w-72 truncate font-medium" title={getValue()}>
        {getValue()}
      </span>
    ),
  }),
  column.accessor('tokenPrefix', { header: 'Begins with', cell: ({ getValue }) => <Mono quiet>{`${getValue()}…`}</Mono> }),
  column.accessor('allowedAddresses', {
    header: 'Allowed from',
    cell: ({ getValue }) => <AllowedAddresses addresses={getValue()} />,
  }),
  column.accessor('expiresAt', { header: 'Expires', cell: ({ getValue }) => <Expiry value={getValue()} /> }),
  column.accessor('lastUsedAt', {
    header: 'Last used',
    cell: ({ row: { original } }) => <LastUsed at={original.lastUsedAt} address={original.lastUsedAddress} />,
  }),
  column.accessor('createdAt', { header: 'Created', cell: ({ getValue }) => <Time value={getValue()} /> }),
]

/** The user's personal tokens, with which programs act as the user in this organization. */
export function PersonalTokensTable({ org }: { org: string }) {
  const [open, setOpen] = useState<Open>(null)
  const update = useUpdatePersonalToken(org)
  // In the URL, since the palette opens it from anywhere.
  const [creating, setCreating] = useQueryState('create', parseAsBoolean.withDefault(false))
  const access = useQuery(organizationAccessQuery(org))
  const may = access.data?.can['personal-tokens:manage']
  const tokens = useQuery({ ...personalTokensQuery(org), enabled: may?.allowed ?? false })
  const failed = access.error ? access : tokens.error ? tokens : null
  const create = (
    <Button
      variant="primary"
      icon={<KeyRound className="size-3.5" />}
      disabledReason={may ? may.reason : 'Still loading'}
      onClick={() => void setCreating(true)}
    >
      Create personal token
    </Button>
  )
  return (
    <>
      <PageHeader
        title="Personal tokens"
        description="A personal token lets a script act as you in this organization. For a script that a team shares, use a project token."
      />
      <ListActions>{create}</ListActions>
      {may && !may.allowed ? (
        <Notice title="You can’t manage personal tokens here">{may.reason}</Notice>
      ) : (
        <DataTable
          label="Personal tokens"
          columns={columns}
          rows={tokens.data?.items}
          rowId={({ id }) => id}
          rowName={({ name }) => name}
          rowActions={(token) => [
            {
              label: 'Edit…',
              icon: <Pencil />,
              onSelect: () => setOpen({ kind: 'edit', token }),
              disabledReason: token.enabled ? null : 'It has expired. Create a new one.',
            },
            {
              label: 'Revoke…',
              icon: <Trash2 />,
              danger: true,
              separated: true,
              onSelect: () => setOpen({ kind: 'revoke', token }),
            },
          ]}
          error={failed?.error && { message: failed.error.message, retry: () => void failed.refetch() }}
          empty={
            <EmptyState title="No personal tokens yet" action={create}>
              Create one to call the API as yourself from a script or a terminal.
            </EmptyState>
          }
        />
      )}
      {creating && may?.allowed && (
        <CreatePersonalTokenDialog
          org={org}
          onClose={() => void setCreating(null)}
          onCreated={(created) => {
            void setCreating(null)
            setOpen({ kind: 'created', created })
          }}
        />
      )}
      {open?.kind === 'created' && (
        <CreatedTokenDialog created={open.created} example={`/orgs/${org}/projects`} onClose={() => setOpen(null)} />
      )}
      {open?.kind === 'edit' && (
        <EditTokenDialog
          {...{ org, update }}
          token={open.token}
          onClose={() => {
            setOpen(null)
            update.reset()
          }}
        />
      )}
      {open?.kind === 'revoke' && <RevokePersonalTokenDialog org={org} token={open.token} onClose={() => setOpen(null)} />}
    </>
  )
}
