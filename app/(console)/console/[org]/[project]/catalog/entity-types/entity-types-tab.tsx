'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { useQuery } from '@tanstack/react-query'
import { DataTable } from '#components/table/data-table'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { ButtonLink } from '#components/ui/link'
import { paths } from '#contract/paths'
import { entityTypesQuery } from '#queries/catalog/entity-types'
import type { CatalogTabProps } from '../catalog-part.ts'
import { useCatalogPlace } from '../use-catalog-place.ts'
import { entityTypeColumns } from './entity-type-columns.tsx'

const EntityTypePanel = lazyDialog(() => import('./entity-type-panel.tsx').then((module) => module.EntityTypePanel))

export function EntityTypesTab({ org, project, can }: CatalogTabProps) {
  const { tab, open, toPart } = useCatalogPlace()
  const types = useQuery(entityTypesQuery(org, project))
  const apply = paths.project(org, project).apply
  const reason = can ? can['apply:write'].reason : 'Still loading'
  return (
    <>
      <DataTable
        label="Entity types"
        columns={entityTypeColumns}
        rows={types.data}
        rowId={({ name }) => name}
        rowName={({ name }) => name}
        onOpen={({ name }) => toPart(name)}
        error={types.error && { message: types.error.message, retry: () => void types.refetch() }}
        empty={
          <EmptyState
            title="No catalog yet"
            action={
              reason === null ? (
                <>
                  <ButtonLink href={`${apply}?edit=sample`}>View a sample</ButtonLink>
                  <ButtonLink variant="primary" href={apply}>
                    Apply a document
                  </ButtonLink>
                </>
              ) : (
                <Button disabledReason={reason}>Apply a document</Button>
              )
            }
          >
            A catalog defines what this project can contain: entity types with their states and properties, cells that group
            entities, and relationship types that connect them. Write it as YAML or JSON, then apply it.
          </EmptyState>
        }
      />
      <EntityTypePanel
        {...{ org, project, can }}
        type={types.data?.find(({ name }) => name === open)}
        open={tab === 'types' && open !== null && types.data !== undefined}
        onClose={() => toPart(null)}
      />
    </>
  )
}
