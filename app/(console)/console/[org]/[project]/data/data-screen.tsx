'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { useQuery } from '@tanstack/react-query'
import { Notice } from '#components/ui/notice'
import { PageHeader } from '#components/ui/page-header'
import { Select } from '#components/ui/select'
import { SkeletonRows } from '#components/ui/skeleton'
import { TabPanel, Tabs } from '#components/ui/tabs'
import { accessQuery } from '#queries/review/access'
import { cellsQuery } from '#queries/catalog/cells'
import { entityTypesQuery } from '#queries/catalog/entity-types'
import { environmentsQuery } from '#queries/projects/environments'
import { relationshipTypesQuery } from '#queries/catalog/relationship-types'
import { statsQuery } from '#queries/projects/stats'
import { AfterNuke } from '../after-nuke.tsx'
import { EntitiesTab } from './entities-tab.tsx'
import type { Catalog } from './catalog.ts'
import { RelationshipsTab } from './relationships-tab.tsx'
import { useDataView } from './use-data-view.ts'

const RelationshipPanel = lazyDialog(() => import('./relationship-panel.tsx').then((module) => module.RelationshipPanel))

const EntityPanel = lazyDialog(() => import('./entity-panel.tsx').then((module) => module.EntityPanel))

/** The data of a project: an environment, its entities and their relationships. */
export function DataScreen({ org, project }: { org: string; project: string }) {
  const { view, show, openEntity, openRelationship } = useDataView()
  const environments = useQuery(environmentsQuery(org, project))
  const access = useQuery(accessQuery(org, project))
  const types = useQuery(entityTypesQuery(org, project))
  const relationshipTypes = useQuery(relationshipTypesQuery(org, project))
  const cells = useQuery(cellsQuery(org, project))
  const stats = useQuery(statsQuery(org, project))
  const failed = environments.error ?? access.error ?? types.error ?? relationshipTypes.error ?? cells.error
  const first = environments.data?.find(({ isDefault }) => isDefault) ?? environments.data?.[0]
  const env = view.env ?? first?.name
  const catalog: Catalog | undefined = types.data &&
    relationshipTypes.data &&
    cells.data && { types: types.data, relationshipTypes: relationshipTypes.data, cells: cells.data }
  const entities = stats.data && (stats.data.environments.find(({ name }) => name === env)?.entities ?? 0)
  return (
    <>
      <PageHeader
        title="Data"
        description="The entities of one environment, and the relationships between them."
        actions={
          env !== undefined && (
            <Select
              label="Environment"
              prefix="Environment"
              options={[...new Set([...(environments.data ?? []).map(({ name }) => name), env])].map((value) => ({
                value,
                label: value,
              }))}
              value={env}
              onChange={(next) => show({ env: next, tab: view.tab })}
              className="w-auto! max-w-72 min-w-48 border-line!"
            />
          )
        }
      />
      {failed && <Notice tone="warning">{failed.message}</Notice>}
      {!failed && !(env && access.data && catalog) && <SkeletonRows label="Loading data" rows={10} />}
      {!failed && env && access.data && catalog && (
        <AfterNuke org={org} project={project}>
          <Tabs
            label="Kinds of data"
            tabs={[
              { value: 'entities', label: 'Entities', count: entities },
              { value: 'relationships', label: 'Relationships' },
            ]}
            value={view.tab}
            onChange={(tab) => show({ env: view.env, tab })}
          >
            <TabPanel value="entities">
              <EntitiesTab {...{ org, project, env, catalog }} total={entities ?? null} write={access.data.can['data:write']} />
            </TabPanel>
            <TabPanel value="relationships">
              <RelationshipsTab {...{ org, project, env, catalog }} write={access.data.can['data:write']} />
            </TabPanel>
          </Tabs>
          {view.entity !== null && (
            <EntityPanel
              {...{ org, project, env, catalog }}
              id={view.entity}
              write={access.data.can['data:write']}
              onClose={() => openEntity(null)}
            />
          )}
          {view.relationship !== null && (
            <RelationshipPanel
              {...{ org, project, env, catalog }}
              id={view.relationship}
              write={access.data.can['data:write']}
              onClose={() => openRelationship(null)}
            />
          )}
        </AfterNuke>
      )}
    </>
  )
}
