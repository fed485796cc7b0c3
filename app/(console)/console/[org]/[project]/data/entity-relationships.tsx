'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { Button } from '#components/ui/button'
import { Notice } from '#components/ui/notice'
import { SkeletonRows } from '#components/ui/skeleton'
import type { Entity } from '#contract/data/entities'
import type { Relationship } from '#contract/data/relationships'
import { relationshipsQuery } from '#queries/data/relationships'
import type { InCatalog } from './catalog.ts'
import { OpenLink } from './open-link.tsx'
import { Part } from './part.tsx'
import { StateBadge } from './state-badge.tsx'
import { useDataView } from './use-data-view.ts'

const pageSize = 10

/** The entity's relationships whose other end the caller may see. */
export function EntityRelationships({ entity, onRelate, ...at }: InCatalog & { entity: Entity; onRelate: () => void }) {
  const { catalog, write } = at
  const joins = catalog.relationshipTypes.some(({ from, to }) => from === entity.entityType || to === entity.entityType)
  return (
    <Part
      title="Relationships"
      action={
        <Button
          size="sm"
          icon={<Plus className="size-3.5" />}
          disabledReason={write.reason ?? (joins ? null : `No relationship type connects ${entity.entityType} entities`)}
          onClick={onRelate}
        >
          Create relationship
        </Button>
      }
    >
      <div className="grid gap-5 sm:grid-cols-2">
        <Side {...at} entity={entity} end="from" title="Outgoing" />
        <Side {...at} entity={entity} end="to" title="Incoming" />
      </div>
    </Part>
  )
}

interface SideProps extends InCatalog {
  entity: Entity
  /** The entity's end of these relationships. */
  end: 'from' | 'to'
  title: string
}

function Side({ org, project, env, entity, end, title }: SideProps) {
  const listed = useInfiniteQuery(relationshipsQuery({ org, project, env }, { [end]: entity.id }, pageSize))
  const rows = listed.data?.pages.flatMap(({ items }) => items)
  return (
    <div className="min-w-0">
      <h4 className="mb-1 text-xs font-medium text-muted">{title}</h4>
      {listed.isPending && <SkeletonRows label="Loading relationships" rows={3} />}
      {listed.error && <Notice tone="warning">{listed.error.message}</Notice>}
      {rows?.length === 0 && <p className="text-muted">None.</p>}
      {rows && rows.length > 0 && (
        <ul aria-label={title} className="divide-y divide-line">
          {rows.map((row) => (
            <Row key={row.id} relationship={row} other={end === 'from' ? row.to : row.from} />
          ))}
        </ul>
      )}
      {listed.hasNextPage && (
        <Button
          size="sm"
          variant="ghost"
          className="mt-1"
          pending={listed.isFetchingNextPage}
          onClick={() => void listed.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </div>
  )
}

function Row({
  relationship: { id, relationshipType, state },
  other,
}: {
  relationship: Relationship
  other: Relationship['to']
}) {
  const { entityHref, openEntity, relationshipHref, openRelationship } = useDataView()
  return (
    <li className="flex min-h-9 items-center gap-2 py-1">
      <div className="min-w-0 flex-1">
        <OpenLink look="quiet" href={entityHref(other.id)} onOpen={() => openEntity(other.id)} className="block truncate">
          {other.name}
        </OpenLink>
        <OpenLink
          look="quiet"
          href={relationshipHref(id)}
          onOpen={() => openRelationship(id)}
          aria-label={`${relationshipType}, with ${other.name}`}
          className="inline-flex min-h-6 min-w-6 items-center text-xs font-normal! text-muted!"
        >
          {relationshipType}
        </OpenLink>
      </div>
      <StateBadge state={state} />
    </li>
  )
}
