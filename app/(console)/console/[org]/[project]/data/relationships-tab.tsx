'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Toolbar, ToolbarFilter } from '#components/table/toolbar'
import { Chip } from '#components/ui/chip'
import { entityQuery } from '#queries/data/entities'
import { relationshipsQuery } from '#queries/data/relationships'
import type { InCatalog } from './catalog.ts'
import { CreateButton, DataList } from './data-list.tsx'
import { relationshipColumns } from './relationship-columns.tsx'
import { useDataView } from './use-data-view.ts'

const CreateRelationshipDialog = lazyDialog(() =>
  import('./create-relationship-dialog.tsx').then((module) => module.CreateRelationshipDialog),
)

/** The relationships of an environment whose ends the caller may both see. */
export function RelationshipsTab(at: InCatalog) {
  const { org, project, env, catalog, write } = at
  const { view, filtered, clear, setView, relationshipHref, openRelationship } = useDataView()
  const [creating, setCreating] = useState(false)
  const { type: relationshipType, state, of: entity } = view
  const filter = { ...(relationshipType && { relationshipType }), ...(state && { state }), ...(entity && { entity }) }
  const listed = useInfiniteQuery({ ...relationshipsQuery({ org, project, env }, filter), placeholderData: keepPreviousData })
  const types = catalog.relationshipTypes.filter(({ name }) => relationshipType === null || name === relationshipType)
  const isUntyped = catalog.relationshipTypes.length === 0
  const create = (
    <CreateButton
      what="relationship"
      reason={write.reason ?? (isUntyped ? 'Add a relationship type to the catalog first' : null)}
      onClick={() => setCreating(true)}
    />
  )
  return (
    <>
      <Toolbar label="Filter relationships" onClear={filtered ? clear : undefined} actions={create}>
        <ToolbarFilter
          label="Type"
          options={catalog.relationshipTypes.map(({ name }) => ({ value: name, label: name }))}
          value={view.type}
          onChange={(type) => setView({ type, state: null })}
        />
        <ToolbarFilter
          label="State"
          options={[...new Set(types.flatMap(({ states }) => states))].map((value) => ({ value, label: value }))}
          value={view.state}
          onChange={(next) => setView({ state: next })}
        />
        {entity && <EndFilter {...{ org, project, env }} id={entity} onRemove={() => setView({ of: null })} />}
      </Toolbar>
      <DataList
        {...{ org, project, env, listed, filter, create }}
        label="Relationships"
        what={['relationship', 'relationships']}
        columns={relationshipColumns}
        total={null}
        rowHref={relationshipHref}
        onOpen={openRelationship}
        explained={
          isUntyped
            ? 'A relationship connects two entities. Its type defines which ones. Apply a catalog document to add relationship types.'
            : null
        }
        nothing="You see a relationship when you can see both of its entities."
      />
      {creating && <CreateRelationshipDialog {...at} from={null} onClose={() => setCreating(false)} />}
    </>
  )
}

/** The one entity that the list is filtered by. */
function EndFilter({ id, onRemove, ...at }: { org: string; project: string; env: string; id: string; onRemove: () => void }) {
  const entity = useQuery(entityQuery(at, id))
  return <Chip label={`of ${entity.data?.item.name ?? (entity.error ? 'an unknown entity' : '…')}`} onRemove={onRemove} />
}
