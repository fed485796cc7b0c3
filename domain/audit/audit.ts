import type { Trx } from '#db/client'
import { insertAuditEvent } from '#db/queries/audit/events'
import { newId } from '../ids.ts'
import { notifyOwners } from '../notices/notices.ts'
import { type AuditAction, type AuditSource, type AuditTarget, actorName } from '../events.ts'

/** The part of an event's `after` that says why, when the caller did. */
export const because = (reason: string | null | undefined) => (reason ? { reason } : {})

/**
 * Writes one event in the transaction of the action it records, so that neither exists without the other. Returns the event's id.
 * Never pass a secret.
 */
export async function audit(
  trx: Trx,
  { actor, origin, org, project }: AuditSource,
  action: AuditAction,
  target: AuditTarget,
  change: { before?: unknown; after?: unknown } = {},
): Promise<string> {
  const id = newId()
  await insertAuditEvent(trx, {
    id,
    org_id: org?.id ?? null,
    project_id: project?.id ?? null,
    actor_kind: actor.kind,
    actor_id: actor.kind === 'system' ? null : actor.id,
    actor_name: actorName(actor),
    action,
    target_kind: target.kind,
    target_id: target.id,
    target_name: target.name ?? null,
    before: change.before ?? null,
    after: change.after ?? null,
    request_id: origin?.requestId ?? null,
    address: origin?.address ?? null,
    url: origin?.url ?? null,
    response_code: origin?.responseCode ?? null,
  })
  await notifyOwners(trx, { id, actor, org, project, action, target, change })
  return id
}
