'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { DataTable } from '#components/table/data-table'
import { usePaging } from '#components/table/list-state'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { utcTime } from '#components/ui/time'
import type { Ability } from '#contract/common'
import { auditEventsQuery, auditExportUrl } from '#queries/audit/events'
import { columnsFor } from './audit-columns.tsx'
import { AuditSeal } from './audit-seal.tsx'
import { AuditToolbar } from './audit-toolbar.tsx'
import { type AuditFilterState, auditQuery, useAuditFilter, useOpenEvent } from './use-audit-filter.ts'

const EventPanel = lazyDialog(() => import('./event-panel.tsx').then((module) => module.EventPanel))

export interface AuditLogProps {
  org: string
  /** Without a project, the log is that of the whole organization. */
  project?: string
  /** Whether the viewer may read the log; undefined while that is loading. */
  may: Ability | undefined
  /** Why that could not be loaded, and how to try again. */
  failed: { message: string; retry: () => void } | null
}

/** An audit log, newest first, with its filters, its export and each event in full. */
export function AuditLog({ org, project, may, failed }: AuditLogProps) {
  const { filter, setFilter, filtered } = useAuditFilter()
  const paging = usePaging(['event', 'events'])
  const [openId, setOpenId] = useOpenEvent()
  const [openedAt] = useState(() => Date.now())
  // The log of a project has no such filter, whatever its URL says.
  const query = auditQuery(project === undefined ? filter : { ...filter, project: null }, openedAt)
  const events = useQuery({
    ...auditEventsQuery(org, project, { limit: 50, ...query, ...(paging.cursor && { cursor: paging.cursor }) }),
    enabled: may?.allowed ?? false,
    placeholderData: keepPreviousData,
  })
  const narrow = (change: Partial<AuditFilterState> | null) => {
    void setFilter(change)
    if (paging.cursor) paging.toFirst()
  }
  const items = events.data?.items
  const error = failed ?? (events.error && { message: events.error.message, retry: () => void events.refetch() })
  if (may?.allowed === false) {
    return (
      <div className="rounded-lg border border-line bg-raised">
        <EmptyState title="You can’t read the audit log">{may.reason}.</EmptyState>
      </div>
    )
  }
  return (
    <>
      {!may && <div className="mb-3 h-8" />}
      {may && (
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
        columns={columnsFor(org, project)}
        rows={items}
        rowId={({ id }) => id}
        rowName={({ action, createdAt }) => `${action} ${utcTime(createdAt)}`}
        onOpen={({ id }) => void setOpenId(id)}
        stale={events.isPlaceholderData}
        error={error}
        pager={paging.pager(events.data)}
        empty={
          filtered ? (
            <EmptyState title="No events match" action={<Button onClick={() => narrow(null)}>Clear filters</Button>}>
              Change or clear the filters to see more events.
            </EmptyState>
          ) : (
            <EmptyState title="No events">Every change is recorded here.</EmptyState>
          )
        }
      />
      {may && project !== undefined && <AuditSeal {...{ org, project }} />}
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
  )
}
