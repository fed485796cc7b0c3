import { type Columns, columnsOf } from '#components/table/columns'
import { Badge } from '#components/ui/badge'
import { Mono } from '#components/ui/mono'
import { Time } from '#components/ui/time'
import type { Environment } from '#contract/projects/environments'

/** An environment with the number of its entities; undefined while that is loading. */
export interface EnvironmentRow extends Environment {
  entities: number | undefined
}

const column = columnsOf<EnvironmentRow>()

export const environmentColumns: Columns<EnvironmentRow> = [
  column.display({
    id: 'name',
    header: 'Name',
    cell: ({ row: { original } }) => (
      <span className="flex items-center gap-2">
        <Mono copy="name">{original.name}</Mono>
        {original.isDefault && <Badge>default</Badge>}
      </span>
    ),
  }),
  column.accessor('entities', {
    header: 'Entities',
    meta: { align: 'right', className: 'w-32' },
    cell: ({ row }) => row.original.entities?.toLocaleString('en') ?? '…',
  }),
  column.accessor('createdAt', {
    header: 'Created',
    meta: { className: 'w-44' },
    cell: ({ row }) => <Time value={row.original.createdAt} className="text-muted tabular-nums" />,
  }),
]
