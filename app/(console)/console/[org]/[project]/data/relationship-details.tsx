import { Chips } from '#components/ui/chip'
import { DescriptionList } from '#components/ui/description-list'
import { Mono } from '#components/ui/mono'
import { Time } from '#components/ui/time'
import type { Relationship } from '#contract/data/relationships'
import type { RelationshipType } from '#contract/catalog/relationship-types'
import { PropertyText } from './entity-columns.tsx'
import { OpenLink } from './open-link.tsx'
import { Part } from './part.tsx'
import { StateBadge } from './state-badge.tsx'
import { useDataView } from './use-data-view.ts'

export function RelationshipDetails({ relationship, type }: { relationship: Relationship; type: RelationshipType | undefined }) {
  const labels = Object.entries(relationship.labels).map(([key, value]) => `${key}: ${value}`)
  return (
    <div className="space-y-6">
      <DescriptionList
        items={[
          { label: 'From', value: <End end={relationship.from} /> },
          { label: 'To', value: <End end={relationship.to} /> },
          { label: 'State', value: <StateBadge state={relationship.state} /> },
          { label: 'Id', value: <Mono copy="id">{relationship.id}</Mono> },
          { label: 'Labels', value: labels.length > 0 ? <Chips labels={labels} max={labels.length} /> : 'None' },
          { label: 'Created', value: <Time value={relationship.createdAt} /> },
          { label: 'Updated', value: <Time value={relationship.updatedAt} /> },
        ]}
      />
      {type && type.properties.length > 0 && (
        <Part title="Properties">
          <DescriptionList
            items={type.properties.map(({ name, title }) => ({
              label: title ?? name,
              value: <PropertyText value={relationship.properties[name]} />,
            }))}
          />
        </Part>
      )}
    </div>
  )
}

function End({ end: { id, name, entityType } }: { end: Relationship['from'] }) {
  const { entityHref, openEntity } = useDataView()
  return (
    <span className="inline-flex items-baseline gap-2">
      <OpenLink href={entityHref(id)} onOpen={() => openEntity(id)}>
        {name}
      </OpenLink>
      <span className="text-xs text-faint">{entityType}</span>
    </span>
  )
}
