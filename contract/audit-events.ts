import { z } from 'zod'
import { Id, PageQuery, Time } from './common.ts'
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
