import { RoleBadge } from '#components/access/role'
import { type Columns, columnsOf } from '#components/table/columns'
import { Badge } from '#components/ui/badge'
import { Chips } from '#components/ui/chip'
import { Time } from '#components/ui/time'
import type { Invitation, InvitationState } from '#contract/organizations/invitations'

const states = {
  pending: { label: 'Pending', tone: 'warn', dot: 'on' },
  expired: { label: 'Expired', tone: 'strong', dot: 'off' },
  accepted: { label: 'Accepted', tone: 'ok', dot: 'on' },
  revoked: { label: 'Revoked', tone: 'neutral', dot: 'off' },
} as const satisfies Record<InvitationState, { label: string; tone: 'neutral' | 'strong' | 'ok' | 'warn'; dot: 'on' | 'off' }>

const column = columnsOf<Invitation>()

export const invitationColumns: Columns<Invitation> = [
  column.accessor('email', {
    header: 'Email',
    cell: ({ getValue }) => (
      <span className="block max-w-72 truncate font-medium" title={getValue()}>
        {getValue()}
      </span>
    ),
  }),
  column.accessor('role', { header: 'Role', cell: ({ getValue }) => <RoleBadge role={getValue()} /> }),
  column.display({
    id: 'projects',
    header: 'Projects',
    cell: ({ row }) => {
      const { projects } = row.original
      if (projects.length === 0) return <span className="text-muted">None</span>
      return <Chips labels={projects.map(({ slug }) => slug)} max={2} oneLine mono />
    },
  }),
  column.accessor('state', {
    header: 'State',
    cell: ({ row }) => {
      const { state, mailFailedAt, mailFailure } = row.original
      const isUnsent = state === 'pending' && mailFailedAt !== null
      if (isUnsent) {
        return (
          <span className="inline-flex items-center gap-2">
            <Badge tone="warn" dot="off">
              Email failed
            </Badge>
            {mailFailure && (
              <span className="block max-w-72 truncate text-muted" title={mailFailure}>
                {mailFailure}
              </span>
            )}
          </span>
        )
      }
      const { label, tone, dot } = states[state]
      return (
        <Badge tone={tone} dot={dot}>
          {label}
        </Badge>
      )
    },
  }),
  column.accessor('invitedBy', {
    header: 'Invited by',
    cell: ({ getValue }) => <span className="whitespace-nowrap text-muted">{getValue()?.name ?? 'A project’s token'}</span>,
  }),
  column.accessor('createdAt', {
    header: 'Invited',
    cell: ({ getValue }) => <Time value={getValue()} className="whitespace-nowrap text-muted tabular-nums" />,
  }),
  column.accessor('expiresAt', {
    header: 'Expires',
    cell: ({ getValue }) => <Time value={getValue()} className="whitespace-nowrap tabular-nums" />,
  }),
]
