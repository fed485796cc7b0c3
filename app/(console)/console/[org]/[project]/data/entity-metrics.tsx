import { DescriptionList } from '#components/ui/description-list'
import type { Entity } from '#contract/entities'
import type { EntityType } from '#contract/entity-types'
import { Absent } from './entity-columns.tsx'
import { Part } from './part.tsx'

const figure = (n: number) => n.toLocaleString('en', { maximumFractionDigits: 2 })

/** What it was pushed and what its relationships count up to, beside the ceilings of its type. */
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
                <span className="flex items-center gap-3 tabular-nums">
                  <span>
                    {figure(value)}
                    {max !== undefined && <span className="text-muted"> of {figure(max)}</span>}
                    {unit && <span className="text-muted"> {unit}</span>}
                  </span>
                  {max !== undefined && <Meter share={value / max} />}
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

/** Beside its figures, which say the same. */
function Meter({ share }: { share: number }) {
  return (
    <span aria-hidden className="h-1.5 w-24 shrink overflow-hidden rounded-sm bg-line">
      <span className="block h-full bg-accent" style={{ width: `${Math.min(Math.max(share, 0), 1) * 100}%` }} />
    </span>
  )
}
