'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { useQuery } from '@tanstack/react-query'
import { columnsOf } from '#components/table/columns'
import { DataTable } from '#components/table/data-table'
import { Chips } from '#components/ui/chip'
import { EmptyState } from '#components/ui/empty-state'
import type { RelationshipType } from '#contract/catalog/relationship-types'
import { relationshipTypesQuery } from '#queries/catalog/relationship-types'
import type { CatalogTabProps } from '../catalog-part.ts'
import { PartLink } from '../part-link.tsx'
import { Absent } from '../property-table.tsx'
import { useCatalogPlace } from '../use-catalog-place.ts'

const RelationshipTypePanel = lazyDialog(() =>
  import('./relationship-type-panel.tsx').then((module) => module.RelationshipTypePanel),
)

const column = columnsOf<RelationshipType>()

const Names = ({ names }: { names: readonly string[] }) =>
  names.length === 0 ? <Absent /> : <Chips labels={names} mono oneLine max={2} />

const columns = [
  column.accessor('name', { header: 'Name', cell: ({ getValue }) => <OpenType name={getValue()} /> }),
  column.display({
    id: 'ends',
    header: 'From → to',
    cell: ({ row: { original } }) => (
      <code className="text-xs">
        {original.from} <span className="text-faint">→</span> {original.to}
      </code>
    ),
  }),
  column.accessor('cardinality', { header: 'Cardinality' }),
  column.accessor('states', { header: 'States', cell: ({ getValue }) => <Names names={getValue()} /> }),
  column.accessor('properties', {
    header: 'Properties',
    cell: ({ getValue }) => <Names names={getValue().map(({ name }) => name)} />,
  }),
  column.accessor('constraints', {
    header: 'Constraints',
    cell: ({ getValue }) => <Names names={getValue().map(({ property }) => `sum of ${property}`)} />,
  }),
]

function OpenType({ name }: { name: string }) {
  const { toPart } = useCatalogPlace()
  return <PartLink name={name} onOpen={() => toPart(name)} />
}

export function RelationshipTypesTab({ org, project, can }: CatalogTabProps) {
  const { tab, open, toPart } = useCatalogPlace()
  const types = useQuery(relationshipTypesQuery(org, project))
  return (
    <>
      <DataTable
        label="Relationship types"
        columns={columns}
        rows={types.data}
        rowId={({ name }) => name}
        rowName={({ name }) => name}
        onOpen={({ name }) => toPart(name)}
        error={types.error && { message: types.error.message, retry: () => void types.refetch() }}
        empty={
          <EmptyState title="No relationship types">
            A relationship type defines which types of entities can be connected, and how many of each.
          </EmptyState>
        }
      />
      <RelationshipTypePanel
        {...{ org, project, can }}
        type={types.data?.find(({ name }) => name === open)}
        open={tab === 'relationship-types' && open !== null && types.data !== undefined}
        onClose={() => toPart(null)}
      />
    </>
  )
}
