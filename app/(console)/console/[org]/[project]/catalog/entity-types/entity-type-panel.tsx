import { useQuery } from '@tanstack/react-query'
import { columnsOf } from '#components/table/columns'
import { DataTable } from '#components/table/data-table'
import { Badge } from '#components/ui/badge'
import { DescriptionList } from '#components/ui/description-list'
import { Time } from '#components/ui/time'
import type { EntityType, Metric } from '#contract/catalog/entity-types'
import { cellsQuery } from '#queries/catalog/cells'
import { useDeleteEntityType } from '#queries/catalog/entity-types'
import { relationshipTypesQuery } from '#queries/catalog/relationship-types'
import type { CatalogTabProps } from '../catalog-part.ts'
import { PartLink } from '../part-link.tsx'
import { PanelSection, PartPanel } from '../part-panel.tsx'
import { Absent, PropertyTable } from '../property-table.tsx'
import { useCatalogPlace } from '../use-catalog-place.ts'

const column = columnsOf<Metric>()
const metricColumns = [
  column.accessor('name', { header: 'Name', cell: ({ getValue }) => <code className="text-xs">{getValue()}</code> }),
  column.accessor('unit', { header: 'Unit', cell: ({ getValue }) => getValue() ?? <Absent /> }),
  column.accessor('source', { header: 'Source', cell: ({ getValue }) => sourceInWords(getValue()) }),
]

function sourceInWords(source: Metric['source']): string {
  if (source.type === 'pushed') return 'sent through the API'
  if (source.type === 'manual') return 'set by hand'
  const { relationshipType, states } = source.filter
  return `number of its ${relationshipType} relationships${states ? ` in ${states.join(', ')}` : ''}`
}

interface EntityTypePanelProps extends CatalogTabProps {
  type: EntityType | undefined
  open: boolean
  onClose: () => void
}

export function EntityTypePanel({ org, project, can, type, open, onClose }: EntityTypePanelProps) {
  const remove = useDeleteEntityType(org, project)
  return (
    <PartPanel
      {...{ org, project, can, open, onClose, remove }}
      what="entity type"
      part={type}
      removal="You can delete an entity type once no entities, cells or relationship types use it. To get it back, apply its document again."
    >
      {type && <Details {...{ org, project, type }} />}
    </PartPanel>
  )
}

function Details({ org, project, type }: { org: string; project: string; type: EntityType }) {
  const { toPart } = useCatalogPlace()
  const cells = (useQuery(cellsQuery(org, project)).data ?? []).filter(({ entityType }) => entityType === type.name)
  const related = (useQuery(relationshipTypesQuery(org, project)).data ?? []).filter(
    ({ from, to }) => from === type.name || to === type.name,
  )
  return (
    <>
      <DescriptionList
        items={[
          {
            label: 'States',
            value: (
              <span className="flex flex-wrap gap-1">
                {type.states.map((state) => (
                  <Badge key={state} tone={state === type.initialState ? 'strong' : 'neutral'}>
                    {state}
                    {state === type.initialState && <span className="font-normal text-muted">initial</span>}
                  </Badge>
                ))}
              </span>
            ),
          },
          {
            label: 'Limits',
            value:
              type.constraints.length === 0
                ? 'none'
                : type.constraints.map(({ metric, max }) => `${metric} at most ${max.toLocaleString('en')}`).join(', '),
          },
          { label: 'Cells', value: <Parts names={cells.map(({ name }) => name)} onOpen={(name) => toPart(name, 'cells')} /> },
          {
            label: 'Relationship types',
            value: <Parts names={related.map(({ name }) => name)} onOpen={(name) => toPart(name, 'relationship-types')} />,
          },
          ...(type.applier === undefined ? [] : [{ label: 'Applier', value: <code className="text-xs">{type.applier}</code> }]),
          { label: 'Synchronization', value: type.syncTracked ? 'tracked by an external system' : 'not tracked' },
          { label: 'Created', value: <Time value={type.createdAt} /> },
          { label: 'Updated', value: <Time value={type.updatedAt} /> },
        ]}
      />
      <PanelSection title="Properties">
        <PropertyTable properties={type.properties} />
      </PanelSection>
      <PanelSection title="Metrics">
        <DataTable
          label="Metrics"
          unbounded
          columns={metricColumns}
          rows={type.metrics}
          rowId={({ name }) => name}
          rowName={({ name }) => name}
          empty={<p className="px-4 py-3 text-muted">No metrics.</p>}
        />
      </PanelSection>
    </>
  )
}

/** The number of names listed; the others are only counted. */
const most = 20

/** Names that link to their panels. */
export function Parts({ names, onOpen }: { names: readonly string[]; onOpen: (name: string) => void }) {
  if (names.length === 0) return 'none'
  return (
    <span className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
      {names.slice(0, most).map((name) => (
        <PartLink key={name} panel name={name} onOpen={() => onOpen(name)} />
      ))}
      {names.length > most && <span className="text-xs text-faint">and {(names.length - most).toLocaleString('en')} more</span>}
    </span>
  )
}
