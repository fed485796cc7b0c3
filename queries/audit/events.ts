import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { AuditExportQuery, AuditQuery } from '#contract/audit/events'
import { call, callPage, urlOf } from '../call.ts'
import { projectsKey } from '../projects/projects.ts'

/** Newest first. */
export const auditEventsQuery = (org: string, project: string, filter: Partial<z.input<typeof AuditQuery>> = {}) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'audit-events', filter],
    queryFn: ({ signal }) => callPage('GET /{o}/{p}/audit-events', { params: { o: org, p: project }, query: filter, signal }),
  })

/** How far the audit log is sealed. */
export const auditChainQuery = (org: string, project: string) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'audit-events', 'chain'],
    queryFn: ({ signal }) => call('GET /{o}/{p}/audit-events/chain', { params: { o: org, p: project }, signal }),
    // Waiting events are sealed within seconds.
    refetchInterval: ({ state }) => (state.data && state.data.unsealed > 0 ? 3000 : false),
  })

/** The download URL of the events that match a filter. */
export const auditExportUrl = (org: string, project: string, query: z.input<typeof AuditExportQuery>) =>
  urlOf('GET /{o}/{p}/audit-events/export', { params: { o: org, p: project }, query })
