'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { DataTable } from '#components/table/data-table'
import { fromSort, toSort, usePaging } from '#components/table/list-state'
import { SelectionBar } from '#components/table/toolbar'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { Notice } from '#components/ui/notice'
import type { ReviewEntry } from '#contract/review/access-review'
import type { Ability } from '#contract/common'
import { paths } from '#contract/paths'
import { accessReviewQuery, accessReviewUrl } from '#queries/review/access-review'
import { reviewColumns, type ReviewRow } from './review-columns.tsx'
import { FlagLegend } from './flag-legend.tsx'
import { ReviewToolbar } from './review-toolbar.tsx'
import { type ReviewFilterState, asSort, reviewQuery, useReviewFilter } from './use-review-filter.ts'

const ReviewDialog = lazyDialog(() => import('./review-dialog.tsx').then((module) => module.ReviewDialog))

export interface AccessReviewProps {
  org: string
  /** Without a project, the review covers the whole organization. */
  project?: string
  /** Whether the viewer may review; undefined while that is loading. */
  may: Ability | undefined
  /** Why that could not be loaded. */
  failed: { message: string } | null
}

/** The page where one entry can be viewed and changed. */
function hrefOf(org: string, { kind, project, userId }: ReviewEntry): string {
  if (kind === 'personal-token' || !project) return paths.organization(org).person(userId!)
  const to = paths.project(org, project.slug)
  return kind === 'membership' ? to.member(userId!) : to.tokens
}

/** All people and tokens with access, their flags, and actions on them. */
export function AccessReview({ org, project, may, failed }: AccessReviewProps) {
  const { filter, setFilter, filtered } = useReviewFilter()
  const paging = usePaging(['entry', 'entries'])
  // With their rows, since the selection may span several pages.
  const [chosen, setChosen] = useState<ReadonlyMap<string, ReviewRow>>(new Map())
  const [dialog, setDialog] = useState<'change' | 'remove' | null>(null)
  const query = reviewQuery(filter)
  const listed = useQuery({
    ...accessReviewQuery(org, project, { ...query, limit: 100, ...(paging.cursor && { cursor: paging.cursor }) }),
    enabled: may?.allowed ?? false,
    placeholderData: keepPreviousData,
  })
  const narrow = (change: Partial<ReviewFilterState> | null) => {
    void setFilter(change)
    if (paging.cursor) paging.toFirst()
  }
  const rows = listed.data?.items.map((entry) => ({
    ...entry,
    href: hrefOf(org, entry),
    projectHref: entry.project && paths.project(org, entry.project.slug).overview,
  }))
  const keep = (ids: string[]) =>
    setChosen(
      new Map(ids.flatMap((id) => rows?.find((row) => row.id === id) ?? chosen.get(id) ?? []).map((row) => [row.id, row])),
    )
  const error = failed ?? listed.error

  if (may && !may.allowed) return <Notice title="Only people who manage access can review it">{may.reason}</Notice>
  return (
    <>
      {chosen.size > 0 ? (
        <SelectionBar count={chosen.size} what={['entry', 'entries']} onClear={() => setChosen(new Map())}>
          <Button size="sm" onClick={() => setDialog('change')}>
            Change access…
          </Button>
          <Button size="sm" variant="danger" onClick={() => setDialog('remove')}>
            Remove…
          </Button>
        </SelectionBar>
      ) : (
        <ReviewToolbar
          {...{ org, project, filter, filtered }}
          onFilter={narrow}
          exports={{
            csv: accessReviewUrl(org, project, { ...query, format: 'csv' }),
            ndjson: accessReviewUrl(org, project, { ...query, format: 'ndjson' }),
          }}
        />
      )}
      <DataTable
        label="Access"
        columns={project === undefined ? reviewColumns.organization : reviewColumns.project}
        rows={rows}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        selected={[...chosen.keys()]}
        onSelect={keep}
        sort={toSort(filter.sort)}
        onSort={(sort) => narrow({ sort: asSort(fromSort(sort)) })}
        stale={listed.isPlaceholderData}
        error={error && { message: error.message, retry: () => void listed.refetch() }}
        pager={paging.pager(listed.data)}
        empty={
          <EmptyState title="No access matches" action={<Button onClick={() => narrow(null)}>Clear filters</Button>}>
            No person, membership or token matches these filters.
          </EmptyState>
        }
      />
      <FlagLegend days={filter.days} within={filter.within} />
      {dialog && (
        <ReviewDialog
          {...{ org, kind: dialog }}
          entries={[...chosen.values()]}
          onClose={(changed) => {
            setDialog(null)
            if (changed) setChosen(new Map())
          }}
        />
      )}
    </>
  )
}
