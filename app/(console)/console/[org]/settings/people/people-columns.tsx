import { RoleBadge } from '#components/access/role'
import { type Columns, columnsOf } from '#components/table/columns'
import { Avatar } from '#components/ui/avatar'
import { Badge } from '#components/ui/badge'
import { Link } from '#components/ui/link'
import { Time } from '#components/ui/time'
import type { OrganizationMember } from '#contract/organizations/organizations'

/** A person, whether they are the viewer, and their page where the viewer may open it. */
export interface PersonRow extends OrganizationMember {
  self: boolean
  href: string | null
}

const column = columnsOf<PersonRow>()

export const peopleColumns: Columns<PersonRow> = [
  column.accessor('name', {
    header: 'Name',
    cell: ({ getValue, row: { original } }) => (
      <span className="flex max-w-72 items-center gap-2.5 font-medium">
        <Avatar name={getValue()} size="sm" />
        {original.href ? (
          <Link look="quiet" href={original.href} className="truncate" title={getValue()}>
            {getValue()}
          </Link>
        ) : (
          <span className="truncate" title={getValue()}>
            {getValue()}
          </span>
        )}
        {original.self && <Badge className="h-4! px-1!">you</Badge>}
      </span>
    ),
  }),
  column.accessor('email', {
    header: 'Email',
    cell: ({ getValue, row: { original } }) => (
      <span className="flex items-center gap-2 text-muted">
        {getValue()}
        {original.emailVerified === false && (
          <span title="Nobody has proven that this address is theirs. They can verify it in the settings, under Sign-in.">
            <Badge className="h-4! px-1!">not verified</Badge>
          </span>
        )}
      </span>
    ),
  }),
  column.accessor('role', { header: 'Role', cell: ({ getValue }) => <RoleBadge role={getValue()} /> }),
  column.accessor('lastSeenAt', {
    header: 'Last seen',
    cell: ({ getValue }) => {
      const at = getValue()
      return at ? <Time value={at} className="whitespace-nowrap tabular-nums" /> : <span className="text-muted">Never</span>
    },
  }),
  column.accessor('createdAt', {
    header: 'Joined',
    cell: ({ getValue }) => <Time value={getValue()} className="whitespace-nowrap text-muted tabular-nums" />,
  }),
]

const secondFactor = column.accessor('secondFactor', {
  header: 'Second factor',
  cell: ({ getValue }) => (getValue() ? 'Yes' : <span className="text-muted">No</span>),
})

/** For managers, who check that everybody has a second factor. */
export const managedPeopleColumns: Columns<PersonRow> = peopleColumns.toSpliced(3, 0, secondFactor)
