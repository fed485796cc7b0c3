'use client'

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
import { EntityTypePanel } from './entity-type-panel.tsx'

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
            title="This project has no catalog yet"
            action={
              reason === null ? (
                <>
                  <ButtonLink href={`${apply}?edit=sample`}>Look at a sample</ButtonLink>
                  <ButtonLink variant="primary" href={apply}>
                    Apply a document
                  </ButtonLink>
                </>
              ) : (
                <Button disabledReason={reason}>Apply a document</Button>
              )
            }
          >
            A catalog says which types of entity there can be, with their states and properties; how they are gathered in cells;
            and how they may be related. It is written as YAML or JSON and applied.
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
