'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Actor } from '#components/actor'
import { inWords, outcomesOf } from '#components/catalog/outcomes'
import { columnsOf } from '#components/table/columns'
import { OpenRow } from '#components/table/open-row'
import { DataTable } from '#components/table/data-table'
import { usePaging } from '#components/table/list-state'
import { EmptyState } from '#components/ui/empty-state'
import { Time, utcTime } from '#components/ui/time'
import type { CatalogRevision } from '#contract/apply/catalog-revisions'
import { catalogRevisionsQuery } from '#queries/apply/catalog-revisions'
import type { CatalogTabProps } from '../catalog-part.ts'
import { useCatalogPlace } from '../use-catalog-place.ts'

const RevisionPanel = lazyDialog(() => import('./revision-panel.tsx').then((module) => module.RevisionPanel))

const column = columnsOf<CatalogRevision>()

const columns = [
  column.accessor('createdAt', { header: 'When', cell: ({ row }) => <OpenRevision revision={row.original} /> }),
  column.accessor('actor', {
    header: 'Who',
    meta: { className: 'max-w-72' },
    cell: ({ getValue }) => <Actor actor={getValue()} />,
  }),
  column.accessor('diff', {
    header: 'Changes',
    cell: ({ getValue }) => <span className="tabular-nums">{inWords(outcomesOf(getValue()))}</span>,
  }),
]

function OpenRevision({ revision: { id, createdAt } }: { revision: CatalogRevision }) {
  const { toPart } = useCatalogPlace()
  return (
    <OpenRow onOpen={() => toPart(id)}>
      <Time value={createdAt} className="tabular-nums" />
    </OpenRow>
  )
}

/** All revisions of the catalog, newest first. */
export function RevisionsTab({ org, project, can }: CatalogTabProps) {
  const { tab, open, toPart } = useCatalogPlace()
  const paging = usePaging(['revision', 'revisions'])
  const revisions = useQuery({ ...catalogRevisionsQuery(org, project, paging.cursor), placeholderData: keepPreviousData })
  const { error, data } = revisions
  return (
    <>
      <DataTable
        label="Revisions"
        columns={columns}
        rows={data?.items}
        rowId={({ id }) => id}
        rowName={({ createdAt }) => utcTime(createdAt)}
        onOpen={({ id }) => toPart(id)}
        stale={revisions.isPlaceholderData}
        error={error && { message: error.message, retry: () => void revisions.refetch() }}
        pager={paging.pager(data)}
        empty={
          <EmptyState title="No revisions yet">
            Each apply that changes the catalog saves a revision here. You can view it, compare it and apply it again.
          </EmptyState>
        }
      />
      {tab === 'revisions' && (
        <RevisionPanel {...{ org, project, can }} id={open} others={data?.items ?? []} onClose={() => toPart(null)} />
      )}
    </>
  )
}
