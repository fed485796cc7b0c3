'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { DataTable } from '#components/table/data-table'
import { usePaging } from '#components/table/list-state'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { PageHeader } from '#components/ui/page-header'
import { utcTime } from '#components/ui/time'
import { accessQuery } from '#queries/review/access'
import { auditEventsQuery, auditExportUrl } from '#queries/audit/events'
import { auditColumns } from './audit-columns.tsx'
import { AuditToolbar } from './audit-toolbar.tsx'
import { AuditSeal } from './audit-seal.tsx'
import { type AuditFilterState, auditQuery, useAuditFilter, useOpenEvent } from './use-audit-filter.ts'

const EventPanel = lazyDialog(() => import('./event-panel.tsx').then((module) => module.EventPanel))

/** The project's audit log, newest first. */
export function AuditTable({ org, project }: { org: string; project: string }) {
  const { filter, setFilter, filtered } = useAuditFilter()
  const paging = usePaging(['event', 'events'])
  const [openId, setOpenId] = useOpenEvent()
  const [openedAt] = useState(() => Date.now())
  const query = auditQuery(filter, openedAt)
  const access = useQuery(accessQuery(org, project))
  const ability = access.data?.can['audit:read']
  const events = useQuery({
    ...auditEventsQuery(org, project, {
      limit: 50,
      ...query,
      ...(paging.cursor && { cursor: paging.cursor }),
    }),
    enabled: ability?.allowed ?? false,
    placeholderData: keepPreviousData,
  })
  const narrow = (change: Partial<AuditFilterState> | null) => {
    void setFilter(change)
    if (paging.cursor) paging.toFirst()
  }
  const failed = access.error ?? events.error
  const items = events.data?.items
  return (
    <>
      <PageHeader title="Audit log" description="What was changed in this project, by whom and from where. Newest first." />
      {ability?.allowed === false ? (
        <div className="rounded-lg border border-line bg-raised">
          <EmptyState title="You can’t read the audit log">{ability.reason}.</EmptyState>
        </div>
      ) : (
        <>
          {ability && (
            <AuditToolbar
              {...{ org, project, filter, filtered }}
              onFilter={narrow}
              seen={items?.map(({ actor }) => actor) ?? []}
              exports={{
                csv: auditExportUrl(org, project, { ...query, format: 'csv' }),
                ndjson: auditExportUrl(org, project, { ...query, format: 'ndjson' }),
              }}
            />
          )}
          <DataTable
            label="Audit events"
            columns={auditColumns}
            rows={items}
            rowId={({ id }) => id}
            rowName={({ action, createdAt }) => `${action} ${utcTime(createdAt)}`}
            onOpen={({ id }) => void setOpenId(id)}
            stale={events.isPlaceholderData}
            error={failed && { message: failed.message, retry: () => void (access.error ? access : events).refetch() }}
            pager={paging.pager(events.data)}
            empty={
              filtered ? (
                <EmptyState title="No events match" action={<Button onClick={() => narrow(null)}>Clear filters</Button>}>
                  Change or clear the filters to see more events.
                </EmptyState>
              ) : (
                <EmptyState title="No events yet">Every change to this project is recorded here.</EmptyState>
              )
            }
          />
          {ability && <AuditSeal {...{ org, project }} />}
          <EventPanel
            event={items?.find(({ id }) => id === openId)}
            open={openId !== null && items !== undefined}
            onClose={() => void setOpenId(null)}
            onFilter={(change) => {
              void setOpenId(null)
              narrow(change)
            }}
          />
        </>
      )}
    </>
  )
}
