import type { AuditEvent, AuditQuery } from '#contract/audit-events'
import * as rows from '#db/queries/audit-events'
import type { ProjectContext } from './context.ts'
import { type Page, idCursor, toPage } from './paging.ts'
import { assertCan } from './permissions.ts'

export async function listAuditEvents(
  context: ProjectContext,
  { action, actor, limit, cursor }: AuditQuery,
): Promise<Page<AuditEvent>> {
  assertCan(context, 'audit:read')
  const found = await rows.listAuditEvents(context.db, context.project.id, { action, actor, before: idCursor(cursor), limit })
  return toPage(
    found,
    limit,
    (row) => [row.id],
    (row) => ({
      id: row.id,
      actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
      action: row.action,
      target: { kind: row.target_kind, id: row.target_id, name: row.target_name },
      before: row.before as AuditEvent['before'],
      after: row.after as AuditEvent['after'],
      requestId: row.request_id,
      address: row.address,
      createdAt: row.created_at,
    }),
  )
}
