import type { AuditEvent, OrganizationAuditEvent } from '#contract/audit/events'
import type { Csv } from '../stream.ts'

/** The columns of an exported audit log. */
export const auditCsv: Csv<AuditEvent> = {
  name: 'audit',
  columns: {
    time: ({ createdAt }) => createdAt,
    action: ({ action }) => action,
    actorKind: ({ actor }) => actor.kind,
    actorId: ({ actor }) => actor.id,
    actor: ({ actor }) => actor.name,
    targetKind: ({ target }) => target.kind,
    targetId: ({ target }) => target.id,
    target: ({ target }) => target.name,
    before: ({ before }) => before,
    after: ({ after }) => after,
    address: ({ address }) => address,
    requestId: ({ requestId }) => requestId,
    id: ({ id }) => id,
    seq: ({ seq }) => seq,
    hash: ({ hash }) => hash,
  },
}

/** The same for an organization, with the project of each event. */
export const organizationAuditCsv: Csv<OrganizationAuditEvent> = {
  name: auditCsv.name,
  columns: {
    ...auditCsv.columns,
    projectId: ({ project }) => project?.id,
    project: ({ project }) => project?.slug,
  },
}
