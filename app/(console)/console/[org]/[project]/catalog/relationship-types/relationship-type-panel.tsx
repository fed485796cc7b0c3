import { Badge } from '#components/ui/badge'
import { DescriptionList } from '#components/ui/description-list'
import { Time } from '#components/ui/time'
import type { RelationshipType } from '#contract/catalog/relationship-types'
import { useDeleteRelationshipType } from '#queries/catalog/relationship-types'
import type { CatalogTabProps } from '../catalog-part.ts'
import { PanelSection, PartLink, PartPanel } from '../part-panel.tsx'
import { PropertyTable } from '../property-table.tsx'
import { useCatalogPlace } from '../use-catalog-place.ts'

interface RelationshipTypePanelProps extends CatalogTabProps {
  type: RelationshipType | undefined
  open: boolean
  onClose: () => void
}

const cardinalities: Record<RelationshipType['cardinality'], string> = {
  'one-to-one': 'each entity at most once, at either end',
  'one-to-many': 'to each entity leads at most one',
  'many-to-one': 'from each entity leads at most one',
  'many-to-many': 'any number at either end',
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
      removal="It must have no relationships, and no metric may count them. It cannot be brought back, but by applying it again."
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
              { label: 'Changed', value: <Time value={type.updatedAt} /> },
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
