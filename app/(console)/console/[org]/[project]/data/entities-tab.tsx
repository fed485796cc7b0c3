'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { VirtualTable } from '#components/table/virtual-table'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { ButtonLink } from '#components/ui/link'
import { paths } from '#contract/paths'
import { entitiesQuery } from '#queries/data/entities'
import type { InCatalog } from './catalog.ts'
import { EntitiesToolbar } from './entities-toolbar.tsx'
import { columnsOfType, entityColumns } from './entity-columns.tsx'
import { countInWords } from './count-in-words.ts'
import { useDataView } from './use-data-view.ts'

const CreateEntityDialog = lazyDialog(() => import('./create-entity-dialog.tsx').then((module) => module.CreateEntityDialog))

/** The entities of an environment. `total` is their unfiltered number, as far as the caller may know it. */
export function EntitiesTab({ total, ...at }: InCatalog & { total: number | null }) {
  const { org, project, env, catalog, write } = at
  const { view, filtered, clear, entityHref, openEntity } = useDataView()
  const [creating, setCreating] = useState(false)
  const { type: entityType, state, cell, q } = view
  const label = view.label?.includes(':') ? view.label : null
  const filter = {
    ...(entityType && { entityType }),
    ...(state && { state }),
    ...(cell && { cell }),
    ...(label && { label }),
    ...(q.trim() && { q: q.trim() }),
  }
  const listed = useInfiniteQuery({ ...entitiesQuery({ org, project, env }, filter), placeholderData: keepPreviousData })
  const { hasNextPage, isFetchingNextPage, isPlaceholderData } = listed
  const rows = listed.data?.pages.flatMap(({ items }) => items)
  const type = catalog.types.find(({ name }) => name === entityType)
  const known = filtered ? null : total
  const createButton = (
    <Button
      variant="primary"
      icon={<Plus className="size-3.5" />}
      disabledReason={write.reason ?? (catalog.types.length === 0 ? 'Add an entity type to the catalog first' : null)}
      onClick={() => setCreating(true)}
    >
      Create entity
    </Button>
  )
  return (
    <>
      <EntitiesToolbar {...at} actions={createButton} />
      <VirtualTable
        // A new list starts at its top.
        key={JSON.stringify([env, filter])}
        label="Entities"
        columns={type ? columnsOfType(type) : entityColumns}
        rows={rows}
        total={known}
        rowId={({ id }) => id}
        rowHref={({ id }) => entityHref(id)}
        onOpen={({ id }) => openEntity(id)}
        hasMore={hasNextPage}
        onMore={hasNextPage && !isFetchingNextPage && !isPlaceholderData ? () => void listed.fetchNextPage() : undefined}
        summary={
          rows && countInWords(['entity', 'entities'], { read: rows.length, hasMore: hasNextPage, total: known, filtered })
        }
        stale={isPlaceholderData}
        error={listed.error && { message: listed.error.message, retry: () => void listed.refetch() }}
        empty={
          filtered ? (
            <EmptyState title="No entities match" action={<Button onClick={clear}>Clear filters</Button>}>
              Nothing you can see in {env} matches these filters.
            </EmptyState>
          ) : catalog.types.length === 0 ? (
            <EmptyState
              title="No entity types yet"
              action={
                <ButtonLink variant="primary" href={paths.project(org, project).catalog}>
                  Open the catalog
                </ButtonLink>
              }
            >
              An entity is one thing that you keep track of, such as a site or a server. Its type defines its states and
              properties. Apply a catalog document to add entity types.
            </EmptyState>
          ) : (
            <EmptyState title={`No entities in ${env}`} action={createButton}>
              There is nothing you can see in this environment yet.
            </EmptyState>
          )
        }
      />
      {creating && <CreateEntityDialog {...at} onClose={() => setCreating(false)} />}
    </>
  )
}
