'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { entitiesQuery } from '#queries/data/entities'
import type { InCatalog } from './catalog.ts'
import { CreateButton, DataList } from './data-list.tsx'
import { EntitiesToolbar } from './entities-toolbar.tsx'
import { columnsOfType, entityColumns } from './entity-columns.tsx'
import { useDataView } from './use-data-view.ts'

const CreateEntityDialog = lazyDialog(() => import('./create-entity-dialog.tsx').then((module) => module.CreateEntityDialog))

/** The entities of an environment. `total` is their unfiltered number, as far as the caller may know it. */
export function EntitiesTab({ total, ...at }: InCatalog & { total: number | null }) {
  const { org, project, env, catalog, write } = at
  const { view, entityHref, openEntity } = useDataView()
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
  const type = catalog.types.find(({ name }) => name === entityType)
  const isUntyped = catalog.types.length === 0
  const create = (
    <CreateButton
      what="entity"
      reason={write.reason ?? (isUntyped ? 'Add an entity type to the catalog first' : null)}
      onClick={() => setCreating(true)}
    />
  )
  return (
    <>
      <EntitiesToolbar {...at} actions={create} />
      <DataList
        {...{ org, project, env, listed, filter, total, create }}
        label="Entities"
        what={['entity', 'entities']}
        columns={type ? columnsOfType(type) : entityColumns}
        rowHref={entityHref}
        onOpen={openEntity}
        explained={
          isUntyped
            ? 'An entity is one thing that you keep track of, such as a site or a server. Its type defines its states and properties. Apply a catalog document to add entity types.'
            : null
        }
        nothing="There is nothing you can see in this environment yet."
      />
      {creating && <CreateEntityDialog {...at} onClose={() => setCreating(false)} />}
    </>
  )
}
