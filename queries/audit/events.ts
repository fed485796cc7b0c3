import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type {
  AuditEvent,
  OrganizationAuditEvent,
  OrganizationAuditExportQuery,
  OrganizationAuditQuery,
} from '#contract/audit/events'
import { type Page, call, callPage, urlOf } from '../call.ts'
import { projectsKey } from '../projects/projects.ts'

type Filter = Partial<z.input<typeof OrganizationAuditQuery>>
type Listed = Page<(AuditEvent & Partial<Pick<OrganizationAuditEvent, 'project'>>)[]>

/** The log of a project or, without one, of the whole organization. Newest first. */
export const auditEventsQuery = (org: string, project: string | undefined, filter: Filter = {}) =>
  queryOptions({
    queryKey: [...projectsKey(org), project ?? null, 'audit-events', filter],
    queryFn: ({ signal }): Promise<Listed> =>
      project === undefined
        ? callPage('GET /orgs/{orgId}/audit-events', { params: { orgId: org }, query: filter, signal })
        : callPage('GET /{o}/{p}/audit-events', { params: { o: org, p: project }, query: filter, signal }),
  })

/** The changes of each of the last 30 days by kind of actor. */
export const activityQuery = (org: string, project: string) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'audit-events', 'activity'],
    queryFn: ({ signal }) => call('GET /{o}/{p}/audit-events/activity', { params: { o: org, p: project }, signal }),
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
export const auditExportUrl = (org: string, project: string | undefined, query: z.input<typeof OrganizationAuditExportQuery>) =>
  project === undefined
    ? urlOf('GET /orgs/{orgId}/audit-events/export', { params: { orgId: org }, query })
    : urlOf('GET /{o}/{p}/audit-events/export', { params: { o: org, p: project }, query })
