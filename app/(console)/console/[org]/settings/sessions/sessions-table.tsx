'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { LogOut } from 'lucide-react'
import { useState } from 'react'
import { type Columns, columnsOf } from '#components/table/columns'
import { DataTable } from '#components/table/data-table'
import { ListActions } from '#components/table/list-actions'
import { usePaging } from '#components/table/list-state'
import { Badge } from '#components/ui/badge'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { Mono } from '#components/ui/mono'
import { PageHeader } from '#components/ui/page-header'
import { Time } from '#components/ui/time'
import type { Session } from '#contract/accounts/sessions'
import { sessionsQuery } from '#queries/accounts/sessions'

const RevokeOtherSessionsDialog = lazyDialog(() =>
  import('./revoke-session-dialogs.tsx').then((module) => module.RevokeOtherSessionsDialog),
)
const RevokeSessionDialog = lazyDialog(() => import('./revoke-session-dialogs.tsx').then((module) => module.RevokeSessionDialog))

type Open = null | { kind: 'revoke'; session: Session } | { kind: 'others' }

const column = columnsOf<Session>()

const columns: Columns<Session> = [
  column.accessor('device', {
    header: 'Device',
    cell: ({ row: { original } }) => (
      <span className="flex items-center gap-2 whitespace-nowrap">
        <span className="font-medium" title={original.userAgent ?? undefined}>
          {original.device}
        </span>
        {original.current && (
          <Badge tone="accent" dot="on">
            This session
          </Badge>
        )}
      </span>
    ),
  }),
  column.accessor('address', {
    header: 'IP address',
    cell: ({ getValue }) => {
      const address = getValue()
      return address === null ? <span className="text-muted">Unknown</span> : <Mono quiet>{address}</Mono>
    },
  }),
  column.accessor('lastSeenAt', { header: 'Last seen', cell: ({ getValue }) => <Time value={getValue()} /> }),
  column.accessor('createdAt', { header: 'Signed in', cell: ({ getValue }) => <Time value={getValue()} /> }),
  column.accessor('expiresAt', { header: 'Ends', cell: ({ getValue }) => <Time value={getValue()} /> }),
]

/** The user's sessions, the same in every organization. */
export function SessionsTable() {
  const [open, setOpen] = useState<Open>(null)
  const paging = usePaging(['session', 'sessions'])
  const sessions = useQuery({ ...sessionsQuery(paging.cursor), placeholderData: keepPreviousData })
  const isAlone = sessions.data?.items.every(({ current }) => current) && sessions.data.next === null && !paging.cursor
  return (
    <>
      <PageHeader
        title="Sessions"
        description="Every browser where you are signed in. Ended sessions are signed out immediately."
      />
      <ListActions>
        <Button
          icon={<LogOut className="size-3.5" />}
          disabledReason={!sessions.data ? 'Still loading' : isAlone ? 'You aren’t signed in anywhere else' : null}
          onClick={() => setOpen({ kind: 'others' })}
        >
          Sign out everywhere else
        </Button>
      </ListActions>
      <DataTable
        label="Sessions"
        columns={columns}
        rows={sessions.data?.items}
        rowId={({ id }) => id}
        rowName={({ device, address }) => `${device}${address === null ? '' : ` at ${address}`}`}
        rowActions={(session) => [
          {
            label: 'Sign out…',
            icon: <LogOut />,
            danger: true,
            disabledReason: session.current ? 'This is your current session. Sign out from the account menu.' : null,
            onSelect: () => setOpen({ kind: 'revoke', session }),
          },
        ]}
        stale={sessions.isPlaceholderData}
        error={sessions.error && { message: sessions.error.message, retry: () => void sessions.refetch() }}
        pager={paging.pager(sessions.data)}
        empty={<EmptyState title="No sessions on this page">The sessions on this page have ended.</EmptyState>}
        expected={2}
      />
      {open?.kind === 'revoke' && <RevokeSessionDialog session={open.session} onClose={() => setOpen(null)} />}
      {open?.kind === 'others' && <RevokeOtherSessionsDialog onClose={() => setOpen(null)} />}
    </>
  )
}
