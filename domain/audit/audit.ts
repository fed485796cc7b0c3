import type { Trx } from '#db/client'
import { type NewAuditEvent, insertAuditEvent, insertAuditEvents } from '#db/queries/audit/events'
import { batchesOf } from '../batches.ts'
import type { OrgContext } from '../context.ts'
import { newId } from '../ids.ts'
import { notifyOwners } from '../notices/notices.ts'
import { type AuditAction, type AuditSource, type AuditTarget, actorName } from '../events.ts'

/** The part of an event's `after` that says why, when the caller did. */
export const because = (reason: string | null | undefined) => (reason ? { reason } : {})

type Change = { before?: unknown; after?: unknown }

const eventOf = (
  { actor, origin, org, project }: AuditSource,
  action: AuditAction,
  target: AuditTarget,
  change: Change,
): NewAuditEvent => ({
  id: newId(),
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

/**
 * Writes one event in the transaction of the action it records, so that neither exists without the other. Returns the event's id.
 * Never pass a secret.
 */
export async function audit(
  trx: Trx,
  source: AuditSource,
  action: AuditAction,
  target: AuditTarget,
  change: Change = {},
): Promise<string> {
  const event = eventOf(source, action, target, change)
  await insertAuditEvent(trx, event)
  const { actor, org, project } = source
  await notifyOwners(trx, { id: event.id, actor, org, project, action, target, change })
  return event.id
}

/** How many events one statement writes. */
const BATCH = 500

/** One event of the same action and target in each of several projects, in few statements: a person may leave thousands. */
export async function auditInProjects(
  trx: Trx,
  context: OrgContext,
  action: AuditAction,
  target: AuditTarget,
  changes: (Change & { project: NonNullable<AuditSource['project']> })[],
): Promise<void> {
  const { actor, org } = context
  const events = changes.map(({ project, ...change }) => ({
    project,
    change,
    row: eventOf({ ...context, project }, action, target, change),
  }))
  for (const some of batchesOf(events, BATCH))
    // oxlint-disable-next-line no-await-in-loop -- one connection
    await insertAuditEvents(
      trx,
      org.id,
      some.map(({ row }) => row),
    )
  for (const { row, project, change } of events)
    // oxlint-disable-next-line no-await-in-loop -- notices of owners alone ask the database
    await notifyOwners(trx, { id: row.id, actor, org, project, action, target, change })
}
