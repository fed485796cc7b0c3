import { auditOperations } from '#contract/audit/events'
import { exportAuditEvents } from '#domain/audit/events'
import { resource } from '#server/http/resource'
import { exporting } from '#server/http/stream'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: exporting(auditOperations.export, (project, query) => exportAuditEvents(project, query), {
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
  }),
})
