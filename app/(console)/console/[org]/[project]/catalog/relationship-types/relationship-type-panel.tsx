import { Badge } from '#components/ui/badge'
import { DescriptionList } from '#components/ui/description-list'
import { Time } from '#components/ui/time'
import type { RelationshipType } from '#contract/catalog/relationship-types'
import { useDeleteRelationshipType } from '#queries/catalog/relationship-types'
import type { CatalogTabProps } from '../catalog-part.ts'
import { PartLink } from '../part-link.tsx'
import { PanelSection, PartPanel } from '../part-panel.tsx'
import { PropertyTable } from '../property-table.tsx'
import { useCatalogPlace } from '../use-catalog-place.ts'

interface RelationshipTypePanelProps extends CatalogTabProps {
  type: RelationshipType | undefined
  open: boolean
  onClose: () => void
}

const cardinalities: Record<RelationshipType['cardinality'], string> = {
  'one-to-one': 'each entity has at most one, as source or target',
  'one-to-many': 'each entity is the target of at most one',
  'many-to-one': 'each entity is the source of at most one',
  'many-to-many': 'no limit',
}

export function RelationshipTypePanel({ org, project, can, type, open, onClose }: RelationshipTypePanelProps) {
  const remove = useDeleteRelationshipType(org, project)
  const { toPart } = useCatalogPlace()
  const end = (name: string) => <PartLink panel name={name} onOpen={() => toPart(name, 'types')} />
  return (
    <PartPanel
      {...{ org, project, can, open, onClose, remove }}
      what="relationship type"
      part={type}
      removal="You can delete a relationship type once it has no relationships and no metric counts them. To get it back, apply its document again."
    >
      {type && (
        <>
          <DescriptionList
            items={[
              { label: 'From', value: end(type.from) },
              { label: 'To', value: end(type.to) },
              {
                label: 'Cardinality',
                value: (
                  <>
                    {type.cardinality}: <span className="text-muted">{cardinalities[type.cardinality]}</span>
                  </>
                ),
              },
              {
                label: 'States',
                value: (
                  <span className="flex flex-wrap gap-1">
                    {type.states.map((state, place) => (
                      <Badge key={state} tone={place === 0 ? 'strong' : 'neutral'}>
                        {state}
                        {place === 0 && <span className="font-normal text-muted">initial</span>}
                      </Badge>
                    ))}
                  </span>
                ),
              },
              {
                label: 'Constraints',
                value:
                  type.constraints.length === 0
                    ? 'none'
                    : type.constraints.map(({ property, leq }) => (
                        <div key={`${property} ${leq}`}>
                          the sum of <code className="text-xs">{property}</code> at most <code className="text-xs">{leq}</code>
                        </div>
                      )),
              },
              { label: 'Created', value: <Time value={type.createdAt} /> },
              { label: 'Updated', value: <Time value={type.updatedAt} /> },
            ]}
          />
          <PanelSection title="Properties">
            <PropertyTable properties={type.properties} />
          </PanelSection>
        </>
      )}
    </PartPanel>
  )
}
