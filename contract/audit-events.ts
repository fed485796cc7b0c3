import { z } from 'zod'
import { Id, Moment, PageQuery, Time } from './common.ts'
import { operation } from './operation.ts'

/** What is audited in a project: `resource.past-participle`. */
export const projectAuditActions = [
  'project.created',
  'project.updated',
  'project.deleted',
  'project.restored',
  'project.protected',
  'project.unprotected',
  'project.nuked',
  'project.undone',
  'member.invited',
  'member.added',
  'member.updated',
  'member.scoped',
  'member.removed',
  'member.viewed',
  'member.viewing-ended',
  'token.created',
  'token.updated',
  'token.rotated',
  'token.revoked',
  'environment.created',
  'environment.renamed',
  'environment.deleted',
  'entity-type.created',
  'entity-type.updated',
  'entity-type.deleted',
  'cell.created',
  'cell.updated',
  'cell.deleted',
  'cell.member-added',
  'cell.member-removed',
  'entity.created',
  'entity.updated',
  'entity.deleted',
  'catalog.applied',
  'project.imported',
  'entity.metrics-pushed',
  'relationship-type.created',
  'relationship-type.updated',
  'relationship-type.deleted',
  'relationship.created',
  'relationship.updated',
  'relationship.deleted',
  'secret.created',
  'secret.updated',
  'secret.deleted',
  'secret.value-set',
  'secret.value-deleted',
  'agent.registered',
  'agent.updated',
  'agent.deleted',
  'agents.deleted',
  'core-instance.created',
  'core-instance.updated',
  'core-instance.deleted',
  'core-instances.deleted',
  'repo-link.created',
  'repo-link.deleted',
] as const
export type ProjectAuditAction = (typeof projectAuditActions)[number]

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

/** Which events: what is left out does not narrow. */
const filter = {
  action: z.string().max(100).optional(),
  actor: Id.optional().describe('Events by this user or token.'),
  target: z.string().max(200).optional().describe('Events about this: its id, or its name, case aside.'),
  from: Moment.optional().describe('Events at this time or later.'),
  to: Moment.optional().describe('Events before this time.'),
  requestId: z.string().max(100).optional().describe('Events of one request.'),
}

export const AuditQuery = PageQuery.extend(filter)
export type AuditQuery = z.infer<typeof AuditQuery>
export type AuditFilter = Omit<AuditQuery, 'limit' | 'cursor'>

export const AuditExportQuery = z.strictObject({
  ...filter,
  format: z
    .enum(['ndjson', 'csv'])
    .default('ndjson')
    .describe('CSV with a header; a cell that a spreadsheet would run begins with an apostrophe.'),
})
export type AuditExportQuery = z.infer<typeof AuditExportQuery>

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
  export: operation({
    method: 'GET',
    path: '/{o}/{p}/audit-events/export',
    tag: 'Audit',
    summary: 'Export audit events, newest first',
    permission: 'audit:read',
    description: 'All that fit the filter, as NDJSON or, with `format=csv`, as CSV.',
    query: AuditExportQuery,
    returns: AuditEvent,
    stream: true,
  }),
}
