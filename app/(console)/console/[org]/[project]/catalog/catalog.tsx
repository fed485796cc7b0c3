'use client'

import { useQuery } from '@tanstack/react-query'
import { Concept } from '#components/concepts/concept'
import { Button } from '#components/ui/button'
import { ButtonLink } from '#components/ui/link'
import { PageHeader } from '#components/ui/page-header'
import { TabPanel, Tabs } from '#components/ui/tabs'
import { paths } from '#contract/paths'
import { accessQuery } from '#queries/review/access'
import { cellsQuery } from '#queries/catalog/cells'
import { entityTypesQuery } from '#queries/catalog/entity-types'
import { relationshipTypesQuery } from '#queries/catalog/relationship-types'
import { CellsTab } from './cells/cells-tab.tsx'
import { EntityTypesTab } from './entity-types/entity-types-tab.tsx'
import { AfterNuke } from '../after-nuke.tsx'
import { RelationshipTypesTab } from './relationship-types/relationship-types-tab.tsx'
import { RevisionsTab } from './revisions/revisions-tab.tsx'
import { SecretsTab } from './secrets/secrets-tab.tsx'
import { useCatalogPlace } from './use-catalog-place.ts'

/** The project's catalog part by part, and its revisions. */
export function Catalog({ org, project }: { org: string; project: string }) {
  const { tab, toTab } = useCatalogPlace()
  const access = useQuery(accessQuery(org, project))
  const types = useQuery(entityTypesQuery(org, project))
  const cells = useQuery(cellsQuery(org, project))
  const relationshipTypes = useQuery(relationshipTypesQuery(org, project))
  const can = access.data?.can
  return (
    <>
      <PageHeader
        title="Catalog"
        meta={<Concept of="entityType" />}
        description="The types of entities and relationships that this project can have, and the cells that group them. To change it, apply a document."
        actions={
          <ApplyLink href={paths.project(org, project).apply} reason={can ? can['apply:write'].reason : 'Still loading'} />
        }
      />
      <AfterNuke org={org} project={project}>
        <Tabs
          label="Parts of the catalog"
          value={tab}
          onChange={toTab}
          tabs={[
            { value: 'types', label: 'Entity types', ...counted(types.data) },
            { value: 'cells', label: 'Cells', ...counted(cells.data) },
            { value: 'relationship-types', label: 'Relationship types', ...counted(relationshipTypes.data) },
            { value: 'secrets', label: 'Secrets' },
            { value: 'revisions', label: 'Revisions' },
          ]}
        >
          <TabPanel value="types">
            <EntityTypesTab {...{ org, project, can }} />
          </TabPanel>
          <TabPanel value="cells">
            <CellsTab {...{ org, project, can }} />
          </TabPanel>
          <TabPanel value="relationship-types">
            <RelationshipTypesTab {...{ org, project, can }} />
          </TabPanel>
          <TabPanel value="secrets">
            <SecretsTab {...{ org, project, can }} />
          </TabPanel>
          <TabPanel value="revisions">
            <RevisionsTab {...{ org, project, can }} />
          </TabPanel>
        </Tabs>
      </AfterNuke>
    </>
  )
}

const counted = (items: readonly unknown[] | undefined) => (items ? { count: items.length } : {})

/** A link for callers who may apply; a disabled button with the reason for others. */
function ApplyLink({ href, reason }: { href: string; reason: string | null }) {
  if (reason !== null) {
    return (
      <Button variant="primary" disabledReason={reason}>
        Apply…
      </Button>
    )
  }
  return (
    <ButtonLink variant="primary" href={href}>
      Apply…
    </ButtonLink>
  )
}
