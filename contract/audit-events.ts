import { z } from 'zod'
import { Id, PageQuery, Time } from './common.ts'
import { operation } from './operation.ts'

export const AuditEvent = z.object({
  id: Id,
  actor: z.object({ kind: z.enum(['user', 'project_token', 'system']), id: Id.nullable(), name: z.string() }),
  action: z.string(),
  target: z.object({ kind: z.string(), id: z.string(), name: z.string().nullable() }),
  before: z.json().nullable(),
  after: z.json().nullable(),
  requestId: z.string().nullable(),
  address: z.string().nullable(),
  createdAt: Time,
})
export type AuditEvent = z.infer<typeof AuditEvent>

export const AuditQuery = PageQuery.extend({
  action: z.string().max(100).optional(),
  actor: Id.optional().describe('Events by this user or token.'),
})
export type AuditQuery = z.infer<typeof AuditQuery>

export const auditOperations = {
  list: operation({
    method: 'GET',
    path: '/{o}/{p}/audit-events',
    tag: 'Audit',
    summary: 'List audit events, newest first',
    permission: 'audit:read',
    query: AuditQuery,
    returns: AuditEvent.array(),
  }),
}
