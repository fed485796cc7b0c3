import { type Columns, columnsOf } from '#components/table/columns'
import { Chips } from '#components/ui/chip'
import { Time } from '#components/ui/time'
import type { Relationship } from '#contract/data/relationships'
import { Absent } from './entity-columns.tsx'
import { StateBadge } from './state-badge.tsx'

const column = columnsOf<Relationship>()

export const relationshipColumns: Columns<Relationship> = [
  column.accessor('from', { header: 'From', meta: { width: 195 }, cell: ({ getValue }) => getValue().name }),
  column.accessor('relationshipType', {
    header: 'Type',
    meta: { width: 135 },
    cell: ({ getValue }) => <span className="text-muted">{getValue()}</span>,
  }),
  column.accessor('to', { header: 'To', meta: { width: 195 }, cell: ({ getValue }) => getValue().name }),
  column.accessor('state', { header: 'State', meta: { width: 115 }, cell: ({ getValue }) => <StateBadge state={getValue()} /> }),
  column.accessor('properties', {
    header: 'Properties',
    meta: { width: 225 },
    cell: ({ getValue }) => {
      const listed = Object.entries(getValue()).map(([key, value]) => `${key}: ${String(value)}`)
      return listed.length > 0 ? <Chips labels={listed} max={2} oneLine /> : <Absent />
    },
  }),
  column.accessor('updatedAt', {
    header: 'Updated',
    meta: { width: 125 },
    cell: ({ getValue }) => <Time value={getValue()} className="text-muted tabular-nums" />,
  }),
]
