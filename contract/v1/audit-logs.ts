import { z } from 'zod'
import { Id, Time, inQuery } from '../common.ts'
import { v1Operation } from './operation.ts'

const Action = z.enum(['CREATE', 'UPDATE', 'DELETE'])

export const V1AuditLog = z.object({
  id: Id,
  projectID: Id,
  timestamp: Time,
  url: z.string(),
  components: z.record(z.string(), z.string()),
  identity: z.record(z.string(), z.string()),
  action: Action,
  responseCode: z.int(),
})
export type V1AuditLog = z.infer<typeof V1AuditLog>

export const V1AuditLogs = z.object({
  items: V1AuditLog.array(),
  endCursor: z.string().optional().describe('Absent on the last page.'),
})

/** Besides these, `components[KEY]=VALUE`, `component[KEY]=VALUE` and `identity[KEY]=VALUE` filter for events with exactly these values. */
export const V1AuditQuery = z.looseObject({
  first: inQuery(z.number().int().min(0).max(1_000_000_000).default(0)).describe(
    'How many, newest first, at most 1,000. Default, also for 0: 100.',
  ),
  after: z.string().max(500).optional().describe('The `endCursor` of the previous page.'),
  url: z.string().max(2000).optional().describe('Only requests to exactly this URL.'),
  action: z.string().max(2000).optional().describe('CREATE, UPDATE or DELETE. Any other value filters by URL.'),
})
export type V1AuditQuery = z.infer<typeof V1AuditQuery>

export const v1AuditLogOperations = {
  list: v1Operation({
    method: 'GET',
    path: '/v1/projects/{projectID}/audit_logs',
    tag: 'Audit logs (v1)',
    summary: 'List the changes in a project, newest first',
    credential: 'either',
    permission: 'audit:read',
    query: V1AuditQuery,
    invalid: { first: 'invalid first', after: 'decode cursor' },
    returns: V1AuditLogs,
  }),
}
