import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import { type AuditQuery, auditOperations } from '#contract/audit-events'
import { callPage } from './call.ts'
import { projectsKey } from './projects.ts'

/** Newest first. */
export const auditEventsQuery = (org: string, project: string, filter: Partial<z.input<typeof AuditQuery>> = {}) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'audit-events', filter],
    queryFn: ({ signal }) => callPage(auditOperations.list, { params: { o: org, p: project }, query: filter, signal }),
  })
