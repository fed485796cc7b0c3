import { DescriptionList } from '#components/ui/description-list'
import { Meter } from '#components/ui/meter'
import type { Entity } from '#contract/data/entities'
import type { EntityType } from '#contract/catalog/entity-types'
import { Absent } from './entity-columns.tsx'
import { Part } from './part.tsx'

const figure = (n: number) => n.toLocaleString('en', { maximumFractionDigits: 2 })

/** The entity's pushed and counted metrics, against the limits of its type. */
export function EntityMetrics({ entity, type }: { entity: Entity; type: EntityType }) {
  return (
    <Part title="Metrics">
      <DescriptionList
        items={type.metrics.map(({ name, unit, source }) => {
          const value = entity.metrics[name]
          const max = type.constraints.find(({ metric }) => metric === name)?.max
          return {
            label: name,
            value:
              value === undefined ? (
                <Absent />
              ) : (
                <span className="flex flex-wrap items-baseline gap-x-3 tabular-nums">
                  {max === undefined ? (
                    <span>
                      {figure(value)} {unit && <span className="text-muted">{unit}</span>}
                    </span>
                  ) : (
                    <Meter compact label={unit ?? ''} value={value} max={max} />
                  )}
                  {source.type === 'derived' && (
                    <span className="text-xs text-faint">counted from {source.filter.relationshipType}</span>
                  )}
                </span>
              ),
          }
        })}
      />
    </Part>
  )
}
