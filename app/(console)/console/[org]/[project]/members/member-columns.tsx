import { Expiry } from '#components/access/expiry'
import { OnlyVerbs, RoleBadge } from '#components/access/role'
import { CellScopes, EnvironmentScope } from '#components/access/scope'
import { type Columns, columnsOf } from '#components/table/columns'
import { OpenRow } from '#components/table/open-row'
import { Avatar } from '#components/ui/avatar'
import { Badge } from '#components/ui/badge'
import { Time } from '#components/ui/time'
import type { Member } from '#contract/members/members'
import { RoleInRow, type RoleInRowProps } from './role-in-row.tsx'

/** A member, with what else the row needs. */
export interface MemberRow extends Member {
  self: boolean
  /** The page that explains their access; null when the viewer may not open it. */
  href: string | null
  /** Opens the panel with their access. */
  onOpen: () => void
  /** For callers who manage members: the role as a select. */
  roleSelect: Omit<RoleInRowProps, 'name'> | null
}

const sourceLabels = { project: 'Project', organization: 'Organization' } as const satisfies Record<Member['source'], string>

const column = columnsOf<MemberRow>()

export const memberColumns: Columns<MemberRow> = [
  column.display({ id: 'member', header: 'Member', cell: ({ row }) => <Person member={row.original} /> }),
  column.accessor('role', {
    header: 'Role',
    cell: ({ row }) => <RoleOf member={row.original} />,
  }),
  column.accessor('source', {
    header: 'Access from',
    cell: ({ row }) => <span className="text-muted">{sourceLabels[row.original.source]}</span>,
  }),
  column.accessor('envName', { header: 'Environment', cell: ({ getValue }) => <EnvironmentScope name={getValue()} /> }),
  column.accessor('cellScopes', { header: 'Cells', cell: ({ getValue }) => <CellScopes cells={getValue()} /> }),
  column.accessor('expiresAt', { header: 'Expires', cell: ({ getValue }) => <Expiry value={getValue()} /> }),
  column.accessor('createdAt', {
    header: 'Added',
    cell: ({ getValue }) => <Time value={getValue()} className="whitespace-nowrap text-muted tabular-nums" />,
  }),
]

function RoleOf({ member: { name, role, permissions, roleSelect } }: { member: MemberRow }) {
  if (!roleSelect) return <RoleBadge role={role} verbs={permissions} />
  return (
    <span className="inline-flex items-center gap-1.5">
      <RoleInRow {...roleSelect} name={name} />
      <OnlyVerbs verbs={permissions} />
    </span>
  )
}

function Person({ member: { name, email, self, onOpen } }: { member: MemberRow }) {
  return (
    <span className="flex max-w-28 items-center gap-2.5 sm:max-w-64">
      <span className="max-sm:hidden">
        <Avatar name={name || email} />
      </span>
      <span className="min-w-0 leading-4">
        <span className="flex items-center gap-1.5">
          <OpenRow truncate onOpen={onOpen} detail={email}>
            <span title={name}>{name}</span>
          </OpenRow>
          {self && <Badge className="h-4! px-1!">you</Badge>}
        </span>
        <span className="block truncate text-xs/4 text-muted" title={email}>
          {email}
        </span>
      </span>
    </span>
  )
}
