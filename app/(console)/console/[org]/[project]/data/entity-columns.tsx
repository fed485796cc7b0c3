import { type Columns, columnsOf } from '#components/table/columns'
import { Chips } from '#components/ui/chip'
import { Time } from '#components/ui/time'
import type { Entity } from '#contract/data/entities'
import type { EntityType } from '#contract/catalog/entity-types'
import { StateBadge } from './state-badge.tsx'

const column = columnsOf<Entity>()

const name = column.accessor('name', { header: 'Name', meta: { width: 200 } })
const type = column.accessor('entityType', {
  header: 'Type',
  meta: { width: 110 },
  cell: ({ getValue }) => <span className="text-muted">{getValue()}</span>,
})
const state = column.accessor('state', {
  header: 'State',
  meta: { width: 120 },
  cell: ({ getValue }) => <StateBadge state={getValue()} />,
})
const cells = column.accessor('cells', {
  header: 'Cells',
  meta: { width: 218 },
  cell: ({ getValue }) => (getValue().length > 0 ? <Chips labels={getValue()} max={2} mono oneLine /> : <Absent />),
})
const labels = column.accessor('labels', {
  header: 'Labels',
  meta: { width: 217 },
  cell: ({ getValue }) => {
    const listed = Object.entries(getValue())
      .map(([key, value]) => `${key}: ${value}`)
      .toSorted()
    return listed.length > 0 ? <Chips labels={listed} max={1} oneLine /> : <Absent />
  },
})
const updated = column.accessor('updatedAt', {
  header: 'Updated',
  meta: { width: 125 },
  cell: ({ getValue }) => <Time value={getValue()} className="text-muted tabular-nums" />,
})

/** Columns for several types: what they have in common. */
export const entityColumns: Columns<Entity> = [name, type, state, cells, labels, updated]

/** More would make a row unreadable; the panel shows all of them. */
const most = 4

/** Columns for one type: its properties replace what is the same in every row. */
export function columnsOfType({ properties }: EntityType): Columns<Entity> {
  const shown = properties.slice(0, most).map((property) =>
    column.display({
      id: `property ${property.name}`,
      header: property.title ?? property.name,
      meta: {
        width: property.type === 'string' ? 140 : 110,
        ...(property.type !== 'string' && property.type !== 'boolean' && { align: 'right' }),
      },
      cell: ({ row }) => <PropertyText value={row.original.properties[property.name]} />,
    }),
  )
  return [name, state, ...shown, cells, ...(shown.length > 2 ? [] : [labels]), updated]
}

/** A value as it is; a dash when it is not set. */
export function PropertyText({ value }: { value: Entity['properties'][string] | undefined }) {
  if (value === undefined) return <Absent />
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  // No digit grouping: a number may be a port or a year.
  return String(value)
}

/** Shown where there is no value. */
export const Absent = () => <span className="text-faint">–</span>
