'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { Toolbar, ToolbarFilter } from '#components/table/toolbar'
import { VirtualTable } from '#components/table/virtual-table'
import { Button } from '#components/ui/button'
import { Chip } from '#components/ui/chip'
import { EmptyState } from '#components/ui/empty-state'
import { ButtonLink } from '#components/ui/link'
import { paths } from '#contract/paths'
import { entityQuery } from '#queries/data/entities'
import { relationshipsQuery } from '#queries/data/relationships'
import type { InCatalog } from './catalog.ts'
import { countInWords } from './count-in-words.ts'
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
  const { hasNextPage, isFetchingNextPage, isPlaceholderData } = listed
  const rows = listed.data?.pages.flatMap(({ items }) => items)
  const types = catalog.relationshipTypes.filter(({ name }) => relationshipType === null || name === relationshipType)
  const createButton = (
    <Button
      variant="primary"
      icon={<Plus className="size-3.5" />}
      disabledReason={
        write.reason ?? (catalog.relationshipTypes.length === 0 ? 'Add a relationship type to the catalog first' : null)
      }
      onClick={() => setCreating(true)}
    >
      Create relationship
    </Button>
  )
  return (
    <>
      <Toolbar label="Filter relationships" onClear={filtered ? clear : undefined} actions={createButton}>
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
      <VirtualTable
        key={JSON.stringify([env, filter])}
        label="Relationships"
        columns={relationshipColumns}
        rows={rows}
        total={null}
        rowId={({ id }) => id}
        rowHref={({ id }) => relationshipHref(id)}
        onOpen={({ id }) => openRelationship(id)}
        hasMore={hasNextPage}
        onMore={hasNextPage && !isFetchingNextPage && !isPlaceholderData ? () => void listed.fetchNextPage() : undefined}
        summary={
          rows &&
          countInWords(['relationship', 'relationships'], { read: rows.length, hasMore: hasNextPage, total: null, filtered })
        }
        stale={isPlaceholderData}
        error={listed.error && { message: listed.error.message, retry: () => void listed.refetch() }}
        empty={
          filtered ? (
            <EmptyState title="No relationships match" action={<Button onClick={clear}>Clear filters</Button>}>
              Nothing you can see in {env} matches these filters.
            </EmptyState>
          ) : catalog.relationshipTypes.length === 0 ? (
            <EmptyState
              title="No relationship types yet"
              action={
                <ButtonLink variant="primary" href={paths.project(org, project).catalog}>
                  Open the catalog
                </ButtonLink>
              }
            >
              A relationship connects two entities. Its type defines which ones. Apply a catalog document to add relationship
              types.
            </EmptyState>
          ) : (
            <EmptyState title={`No relationships in ${env}`} action={createButton}>
              You see a relationship when you can see both of its entities.
            </EmptyState>
          )
        }
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
