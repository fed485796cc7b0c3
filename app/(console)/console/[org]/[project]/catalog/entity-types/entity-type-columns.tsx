import { columnsOf } from '#components/table/columns'
import { Chips } from '#components/ui/chip'
import type { EntityType } from '#contract/catalog/entity-types'
import { PartLink } from '../part-link.tsx'
import { Absent } from '../property-table.tsx'
import { useCatalogPlace } from '../use-catalog-place.ts'

const column = columnsOf<EntityType>()

const Names = ({ names }: { names: readonly string[] }) =>
  names.length === 0 ? <Absent /> : <Chips labels={names} mono oneLine max={2} />

export const entityTypeColumns = [
  column.accessor('name', { header: 'Name', cell: ({ getValue }) => <OpenType name={getValue()} /> }),
  column.accessor('displayName', {
    header: 'Display name',
    meta: { className: 'max-w-48' },
    cell: ({ getValue }) => <span className="block truncate">{getValue()}</span>,
  }),
  column.accessor('states', {
    header: 'States',
    cell: ({ row: { original } }) => <Names names={original.states.toSorted((a, b) => rank(a, original) - rank(b, original))} />,
  }),
  column.accessor('properties', {
    header: 'Properties',
    cell: ({ getValue }) => <Names names={getValue().map(({ name }) => name)} />,
  }),
  column.accessor('metrics', {
    header: 'Metrics',
    cell: ({ getValue }) => <Names names={getValue().map(({ name }) => name)} />,
  }),
  column.accessor('constraints', {
    header: 'Limits',
    cell: ({ getValue }) => <Names names={getValue().map(({ metric, max }) => `${metric} ≤ ${max.toLocaleString('en')}`)} />,
  }),
]

/** The initial state comes first. */
const rank = (state: string, { initialState }: EntityType) => (state === initialState ? 0 : 1)

function OpenType({ name }: { name: string }) {
  const { toPart } = useCatalogPlace()
  return <PartLink name={name} onOpen={() => toPart(name)} />
}
