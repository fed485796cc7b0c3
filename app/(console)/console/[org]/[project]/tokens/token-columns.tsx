import { AllowedAddresses } from '#components/access/allowed-addresses'
import { Expiry } from '#components/access/expiry'
import { LastUsed } from '#components/access/last-used'
import { RoleBadge } from '#components/access/role'
import { CellScopes, EnvironmentScope } from '#components/access/scope'
import { type Columns, columnsOf } from '#components/table/columns'
import { Mono } from '#components/ui/mono'
import { Time } from '#components/ui/time'
import type { ProjectToken } from '#contract/tokens/tokens'

const column = columnsOf<ProjectToken>()

/** Tokens of the v1 API all begin alike, so their end identifies them. */
const partOf = (prefix: string) => (prefix.startsWith('…') ? prefix : `${prefix}…`)

export const tokenColumns: Columns<ProjectToken> = [
  column.display({
    id: 'name',
    header: 'Name',
    cell: ({ row }) => (
      <span className="block max-w-56 leading-4">
        <span className="block truncate font-medium" title={row.original.name}>
          {row.original.name}
        </span>
        {row.original.allowedAddresses.length > 0 && (
          <span className="block truncate text-xs/4 font-normal text-muted">
            only from <AllowedAddresses addresses={row.original.allowedAddresses} />
          </span>
        )}
      </span>
    ),
  }),
  column.accessor('tokenPrefix', {
    header: 'Token',
    cell: ({ getValue }) => <Mono quiet>{partOf(getValue())}</Mono>,
  }),
  column.accessor('role', {
    header: 'Role',
    cell: ({ row: { original } }) => <RoleBadge role={original.role} verbs={original.permissions} />,
  }),
  column.accessor('envName', { header: 'Environment', cell: ({ row }) => <EnvironmentScope name={row.original.envName} /> }),
  column.accessor('cellScopes', { header: 'Cells', cell: ({ row }) => <CellScopes cells={row.original.cellScopes} /> }),
  column.accessor('expiresAt', { header: 'Expires', cell: ({ row }) => <Expiry value={row.original.expiresAt} /> }),
  column.accessor('lastUsedAt', {
    header: 'Last used',
    cell: ({ row: { original } }) => <LastUsed at={original.lastUsedAt} address={original.lastUsedAddress} />,
  }),
  column.display({
    id: 'created',
    header: 'Created',
    cell: ({ row: { original } }) => (
      <span className="block max-w-40 leading-4">
        <Time value={original.createdAt} className="block truncate tabular-nums" />
        {original.createdBy && (
          <span className="block truncate text-xs/4 text-muted" title={original.createdBy}>
            by {original.createdBy}
          </span>
        )}
      </span>
    ),
  }),
]
