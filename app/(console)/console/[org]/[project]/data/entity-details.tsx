import { Chips } from '#components/ui/chip'
import { DescriptionList } from '#components/ui/description-list'
import { Mono } from '#components/ui/mono'
import { Time } from '#components/ui/time'
import type { Entity } from '#contract/data/entities'
import type { EntityType } from '#contract/catalog/entity-types'
import type { InCatalog } from './catalog.ts'
import { EntityCells } from './entity-cells.tsx'
import { PropertyText } from './entity-columns.tsx'
import { EntityMetrics } from './entity-metrics.tsx'
import { EntityRelationships } from './entity-relationships.tsx'
import { Part } from './part.tsx'
import { StateBadge } from './state-badge.tsx'

interface EntityDetailsProps extends InCatalog {
  entity: Entity
  type: EntityType | undefined
  onRelate: () => void
}

export function EntityDetails({ entity, type, onRelate, ...at }: EntityDetailsProps) {
  const declared = type?.properties ?? []
  const labels = Object.entries(entity.labels).map(([key, value]) => `${key}: ${value}`)
  return (
    <div className="space-y-6">
      <DescriptionList
        items={[
          { label: 'State', value: <StateBadge state={entity.state} /> },
          { label: 'Id', value: <Mono copy="id">{entity.id}</Mono> },
          { label: 'Labels', value: labels.length > 0 ? <Chips labels={labels} max={labels.length} /> : 'None' },
          { label: 'Created', value: <Time value={entity.createdAt} /> },
          { label: 'Updated', value: <Time value={entity.updatedAt} /> },
        ]}
      />
      <div className="grid items-start gap-6 sm:grid-cols-2">
        <Part title="Properties">
          {declared.length === 0 ? (
            <p className="text-muted">The type {entity.entityType} has no properties.</p>
          ) : (
            <DescriptionList
              items={declared.map(({ name, title }) => ({
                label: title ?? name,
                value: <PropertyText value={entity.properties[name]} />,
              }))}
            />
          )}
        </Part>
        {type && type.metrics.length > 0 && <EntityMetrics entity={entity} type={type} />}
      </div>
      <EntityCells {...at} entity={entity} />
      <EntityRelationships {...at} entity={entity} onRelate={onRelate} />
    </div>
  )
}
