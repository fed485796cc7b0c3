import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import type { ActorKind } from '../../schema.ts'
import { nullableJson } from '../json.ts'
import { withinBytes } from '../page-bytes.ts'
import { queueing } from '../webhooks/deliveries.ts'

export type NewAuditEvent = {
  id: string
  org_id: string | null
  project_id: string | null
  actor_kind: ActorKind
  actor_id: string | null
  actor_name: string
  action: string
  target_kind: string
  target_id: string
  target_name: string | null
  before: unknown
  after: unknown
  request_id: string | null
  address: string | null
  url: string | null
  response_code: number | null
}

/** Inserts the event with its webhook deliveries, in one statement. */
export async function insertAuditEvent(trx: Trx, event: NewAuditEvent): Promise<void> {
  await trx
    .with('queued', queueing(event))
    .insertInto('audit_events')
    .values({ ...event, before: nullableJson(event.before), after: nullableJson(event.after) })
    .execute()
}

export type AuditFilter = {
  action: string | undefined
  actor: string | undefined
  /** An id, or a name in any case. */
  target: string | undefined
  from: string | undefined
  to: string | undefined
  requestId: string | undefined
}
export type AuditPage = AuditFilter & { before: string | undefined; limit: number }

/** Newest first. */
export function listAuditEvents(
  db: Database | Trx,
  projectId: string,
  { action, actor, target, from, to, requestId, before, limit }: AuditPage,
) {
  const query = db
    .selectFrom('audit_events')
    .select([
      'id',
      'actor_kind',
      'actor_id',
      'actor_name',
      'action',
      'target_kind',
      'target_id',
      'target_name',
      'before',
      'after',
      'request_id',
      'address',
      'created_at',
      'seq',
      'hash',
    ])
    .where('project_id', '=', projectId)
    .$if(action !== undefined, (q) => q.where('action', '=', action!))
    .$if(actor !== undefined, (q) => q.where('actor_id', '=', actor!))
    .$if(target !== undefined, (q) =>
      q.where((eb) => eb.or([eb('target_id', '=', target!), eb(sql`lower(target_name)`, '=', target!.toLowerCase())])),
    )
    .$if(from !== undefined, (q) => q.where('created_at', '>=', from!))
    .$if(to !== undefined, (q) => q.where('created_at', '<', to!))
    .$if(requestId !== undefined, (q) => q.where('request_id', '=', requestId!))
    .$if(before !== undefined, (q) => q.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(limit + 1)
  return withinBytes(db, query, ['before', 'after'], sql`q.id desc`)
}
