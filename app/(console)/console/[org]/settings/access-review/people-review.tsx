'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { CheckCheck } from 'lucide-react'
import { useState } from 'react'
import { DataTable } from '#components/table/data-table'
import { ExportMenu } from '#components/table/export-menu'
import { usePaging } from '#components/table/list-state'
import { SelectionBar, Toolbar, ToolbarFilter } from '#components/table/toolbar'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { Notice } from '#components/ui/notice'
import { PageHeader } from '#components/ui/page-header'
import { useToast } from '#components/ui/toast'
import type { ReviewedPerson } from '#contract/review/people-review'
import { reviewStates } from '#contract/words'
import { organizationAccessQuery } from '#queries/organizations/organizations'
import { peopleReviewQuery, peopleReviewUrl, riskCountsQuery, useMarkReviewed } from '#queries/review/people-review'
import { states } from './marks.ts'
import { peopleReviewColumns } from './people-review-columns.tsx'
import { ReviewViews } from './review-views.tsx'
import { RiskChips } from './risk-chips.tsx'
import { type PeopleFilterState, usePeopleFilter } from './use-people-filter.ts'

const stateOptions = reviewStates.map((value) => ({ value, label: states[value] }))
const usualDays = ['30', '90', '180', '365'].map((value) => ({ value, label: `${value} days` }))
const counted = (n: number) => (n === 1 ? '1 person' : `${n.toLocaleString('en')} people`)

/** The people of the organization by the risk of their access, and when somebody last reviewed each. */
export function PeopleReview({ org }: { org: string }) {
  const { filter, setFilter, query, isFiltered } = usePeopleFilter()
  const paging = usePaging(['person', 'people'])
  const toast = useToast()
  // With their rows, since the selection may span several pages.
  const [chosen, setChosen] = useState<ReadonlyMap<string, ReviewedPerson>>(new Map())
  const access = useQuery(organizationAccessQuery(org))
  const may = access.data?.can['people:manage']
  const enabled = may?.allowed ?? false
  const listed = useQuery({
    ...peopleReviewQuery(org, { ...query, limit: 50, ...(paging.cursor && { cursor: paging.cursor }) }),
    enabled,
    placeholderData: keepPreviousData,
  })
  const counts = useQuery({ ...riskCountsQuery(org, filter.days), enabled, placeholderData: keepPreviousData })
  const mark = useMarkReviewed(org)
  const rows = listed.data?.items
  const narrow = (change: Partial<PeopleFilterState> | null) => {
    void setFilter(change)
    paging.toFirst()
  }
  const review = (people: readonly ReviewedPerson[]) =>
    mark.mutate(people, {
      onSuccess: ({ done }) => {
        if (done > 0) toast(`${counted(done)} marked as reviewed`)
        setChosen(new Map())
      },
    })
  const header = (
    <>
      <PageHeader
        title="Access review"
        description="People by the risk of their access. Look over what each can do, then mark them as reviewed; a later change shows."
      />
      <ReviewViews org={org} />
    </>
  )
  const error = access.error ?? listed.error
  if (may && !may.allowed) {
    return (
      <>
        {header}
        <Notice title="Only people who manage access can review it">{may.reason}</Notice>
      </>
    )
  }
  return (
    <>
      {header}
      <RiskChips counts={counts.data} value={filter.mark} onChange={(value) => narrow({ mark: value })} />
      {chosen.size > 0 ? (
        <SelectionBar count={chosen.size} what={['person', 'people']} onClear={() => setChosen(new Map())}>
          <Button
            size="sm"
            icon={<CheckCheck className="size-3.5" />}
            pending={mark.isPending}
            onClick={() => review([...chosen.values()])}
          >
            Mark as reviewed
          </Button>
        </SelectionBar>
      ) : (
        <Toolbar
          label="Filter people"
          search={{ value: filter.q, onChange: (q) => narrow({ q }), placeholder: 'Find by name or email' }}
          onClear={isFiltered ? () => narrow({ q: '', mark: null, state: null }) : undefined}
          actions={
            <ExportMenu
              csv={peopleReviewUrl(org, { ...query, format: 'csv' })}
              ndjson={peopleReviewUrl(org, { ...query, format: 'ndjson' })}
            />
          }
        >
          <ToolbarFilter label="Review" options={stateOptions} value={filter.state} onChange={(state) => narrow({ state })} />
          <ToolbarFilter
            label="Not seen for"
            anyLabel="90 days"
            options={usualDays.filter(({ value }) => value !== '90')}
            value={filter.days === 90 ? null : String(filter.days)}
            onChange={(days) => narrow({ days: days === null ? 90 : Number(days) })}
          />
        </Toolbar>
      )}
      {mark.data && mark.data.problems.length > 0 && (
        <div className="mb-3">
          <Notice tone="warning" title={`${counted(mark.data.problems.length)} not marked`}>
            {mark.data.problems[0]}
          </Notice>
        </div>
      )}
      <DataTable
        label="People"
        columns={peopleReviewColumns(org)}
        rows={rows}
        rowId={({ userId }) => userId}
        rowName={({ name }) => name}
        selected={[...chosen.keys()]}
        onSelect={(ids) =>
          setChosen(
            new Map(
              ids
                .flatMap((id) => rows?.find(({ userId }) => userId === id) ?? chosen.get(id) ?? [])
                .map((person) => [person.userId, person]),
            ),
          )
        }
        rowActions={(person) => [{ label: 'Mark as reviewed', icon: <CheckCheck />, onSelect: () => review([person]) }]}
        stale={listed.isPlaceholderData}
        error={error && { message: error.message, retry: () => void (access.error ? access : listed).refetch() }}
        pager={paging.pager(listed.data)}
        empty={
          <EmptyState
            title="No person matches"
            action={<Button onClick={() => narrow({ q: '', mark: null, state: null })}>Show all</Button>}
          >
            Nobody in the organization matches these filters.
          </EmptyState>
        }
      />
    </>
  )
}
