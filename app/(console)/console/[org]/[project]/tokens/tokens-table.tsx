'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { KeyRound, Pencil, RefreshCw, ScanEye, Trash2 } from 'lucide-react'
import { parseAsBoolean, parseAsString, useQueryState } from 'nuqs'
import { useState } from 'react'
import { type Abilities, roleReason } from '#components/access/role'
import { DataTable } from '#components/table/data-table'
import { usePaging } from '#components/table/list-state'
import { ListActions } from '#components/table/list-actions'
import { Toolbar } from '#components/table/toolbar'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import type { MenuItem } from '#components/ui/menu'
import { Notice } from '#components/ui/notice'
import { PageHeader } from '#components/ui/page-header'
import { useNow } from '#components/ui/time'
import type { ProjectToken, ProjectTokenCreated } from '#contract/tokens/tokens'
import { paths } from '#contract/paths'
import { accessQuery } from '#queries/review/access'
import { tokensQuery, useUpdateToken } from '#queries/tokens/tokens'
import { AccessExpiringSoon } from '../access-expiring-soon.tsx'
import { tokenColumns } from './token-columns.tsx'

const CreatedTokenDialog = lazyDialog(() =>
  import('#components/access/created-token-dialog').then((module) => module.CreatedTokenDialog),
)
const EditTokenDialog = lazyDialog(() => import('../../edit-token-dialog.tsx').then((module) => module.EditTokenDialog))
const CreateTokenDialog = lazyDialog(() => import('./create-token-dialog.tsx').then((module) => module.CreateTokenDialog))
const RevokeTokenDialog = lazyDialog(() => import('./revoke-token-dialog.tsx').then((module) => module.RevokeTokenDialog))
const RotateTokenDialog = lazyDialog(() => import('./rotate-token-dialog.tsx').then((module) => module.RotateTokenDialog))

type Open =
  | null
  | { kind: 'created'; created: ProjectTokenCreated; note?: string }
  | { kind: 'edit' | 'rotate' | 'revoke'; token: ProjectToken }

function tokenActions(
  token: ProjectToken,
  href: string,
  access: Abilities,
  now: number | null,
  open: (kind: 'edit' | 'rotate' | 'revoke') => void,
): MenuItem[] {
  const reason = access.can['tokens:manage'].reason ?? roleReason(access, token.role)
  const expired = token.expiresAt !== null && now !== null && Date.parse(token.expiresAt) <= now
  const liveReason = reason ?? (expired ? 'It has expired. Create a new one.' : null)
  return [
    { label: 'View access', icon: <ScanEye />, href },
    { label: 'Edit…', icon: <Pencil />, onSelect: () => open('edit'), disabledReason: liveReason },
    { label: 'Rotate…', icon: <RefreshCw />, onSelect: () => open('rotate'), disabledReason: liveReason },
    { label: 'Revoke…', icon: <Trash2 />, onSelect: () => open('revoke'), disabledReason: reason, danger: true, separated: true },
  ]
}

/** The project's tokens. */
export function TokensTable({ org, project }: { org: string; project: string }) {
  const [open, setOpen] = useState<Open>(null)
  // In the URL, since the palette opens it from anywhere.
  const [creating, setCreating] = useQueryState('create', parseAsBoolean.withDefault(false))
  const now = useNow()
  const update = useUpdateToken(org, project)
  const paging = usePaging(['token', 'tokens'])
  const [q, setQ] = useQueryState('q', parseAsString.withDefault(''))
  const search = (text: string) => {
    void setQ(text || null)
    if (paging.cursor) paging.toFirst()
  }
  const own = useQuery(accessQuery(org, project))
  const access = own.data
  const manage = access?.can['tokens:manage']
  const listed = useQuery({
    ...tokensQuery(org, project, { ...(q.trim() && { q: q.trim() }), ...(paging.cursor && { cursor: paging.cursor }) }),
    enabled: manage?.allowed ?? false,
    placeholderData: keepPreviousData,
  })
  const failed = own.error ? own : listed.error ? listed : null
  const close = () => {
    setOpen(null)
    update.reset()
  }
  const create = (
    <Button
      variant="primary"
      icon={<KeyRound className="size-3.5" />}
      disabledReason={manage ? manage.reason : 'Still loading'}
      onClick={() => void setCreating(true)}
    >
      Create token
    </Button>
  )
  return (
    <>
      <PageHeader title="Tokens" description="Project tokens give scripts and CI access to this project only." />
      <AccessExpiringSoon {...{ org, project }} />
      {manage && !manage.allowed ? (
        <>
          <ListActions>{create}</ListActions>
          <Notice title="Only people who manage tokens can see them">{manage.reason}</Notice>
        </>
      ) : (
        <>
          <Toolbar
            label="Filter tokens"
            search={{ value: q, onChange: search, placeholder: 'Search by name' }}
            onClear={q ? () => search('') : undefined}
            actions={create}
          />
          <DataTable
            label="Tokens"
            columns={tokenColumns}
            rows={listed.data?.items}
            rowId={(row) => row.id}
            rowName={(row) => row.name}
            rowActions={(token) =>
              access
                ? tokenActions(token, paths.project(org, project).token(token.id), access, now, (kind) =>
                    setOpen({ kind, token }),
                  )
                : []
            }
            stale={listed.isPlaceholderData}
            error={failed?.error && { message: failed.error.message, retry: () => void failed.refetch() }}
            pager={paging.pager(listed.data)}
            empty={
              q ? (
                <EmptyState title="No tokens match" action={<Button onClick={() => search('')}>Clear the search</Button>}>
                  No token of this project has this in its name.
                </EmptyState>
              ) : (
                <EmptyState title="No tokens yet">
                  Create one for each script or CI job, so that you can revoke each on its own.
                </EmptyState>
              )
            }
          />
        </>
      )}
      {creating && access && manage?.allowed && (
        <CreateTokenDialog
          {...{ org, project, access }}
          onClose={() => void setCreating(null)}
          onCreated={(created) => {
            void setCreating(null)
            setOpen({ kind: 'created', created })
          }}
        />
      )}
      {open?.kind === 'created' && <CreatedTokenDialog {...open} example={`/orgs/${org}/projects/${project}`} onClose={close} />}
      {open?.kind === 'edit' && <EditTokenDialog {...{ org, update }} token={open.token} onClose={close} />}
      {open?.kind === 'revoke' && <RevokeTokenDialog {...{ org, project }} token={open.token} onClose={close} />}
      {open?.kind === 'rotate' && (
        <RotateTokenDialog
          {...{ org, project }}
          token={open.token}
          onClose={close}
          onRotated={(created, note) => setOpen({ kind: 'created', created, note })}
        />
      )}
    </>
  )
}
