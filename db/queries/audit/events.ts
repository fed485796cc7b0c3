import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { plannedWithValues } from '../../prepared.ts'
import type { ActorKind } from '../../schema.ts'
import { nullableJson } from '../json.ts'
import { withinBytes } from '../page-bytes.ts'
import { before as earlier } from '../v1/paging.ts'
import { queueing, queueingAll } from '../webhooks/deliveries.ts'

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

/** Several events of one organization, in one statement. */
export async function insertAuditEvents(trx: Trx, orgId: string, events: NewAuditEvent[]): Promise<void> {
  if (events.length === 0) return
  await trx
    .with('queued', queueingAll(orgId, events))
    .insertInto('audit_events')
    .values(events.map((event) => ({ ...event, before: nullableJson(event.before), after: nullableJson(event.after) })))
    .execute()
}

export type Day = { from: string; to: string }

/**
 * How many of the first `most` events of each day are of each kind of actor, and whether there are more; a day without events has
 * no row. Each day is read from the index by time and no further, so that the cost does not depend on how busy a project is.
 */
export async function countEventsByDay(db: Database | Trx, projectId: string, days: Day[], most: number) {
  const { rows } = await sql<{ day: number; actor_kind: ActorKind; n: number; more: boolean }>`${plannedWithValues}
    select d.day::int as day, e.actor_kind, count(*) filter (where e.place <= ${most}) as n, bool_or(e.place > ${most}) as more
    from unnest(${days.map(({ from }) => from)}::timestamptz[], ${days.map(({ to }) => to)}::timestamptz[])
      with ordinality d (starts, ends, day)
    cross join lateral (
      select a.actor_kind, row_number() over (order by a.created_at, a.id) as place from audit_events a
      where a.project_id = ${projectId} and a.created_at >= d.starts and a.created_at < d.ends
      order by a.created_at, a.id limit ${most + 1}
    ) e group by d.day, e.actor_kind`.execute(db)
  return rows
}

export type AuditFilter = {
  action: string | undefined
  actor: string | undefined
  /** An id, or one of the forms of a name, in lower case. */
  target: { id: string; names: string[] } | undefined
  from: string | undefined
  to: string | undefined
  requestId: string | undefined
}
export type AuditPage = AuditFilter & { before: { createdAt: string; key: string } | undefined; limit: number }

/** Whose events: all of an organization, or those of a project. Never both, because then the planner may take the longer log. */
export type AuditOf = { orgId: string } | { projectId: string }

/** The organization of a project that may no longer exist: no project moves to another one. */
export function findOrganizationOfEvents(db: Database | Trx, projectId: string) {
  return db
    .selectFrom('audit_events')
    .select('org_id')
    .where('project_id', '=', projectId)
    .orderBy('created_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}

/** Newest first. Sorted as their indexes are, and as no other index is, so that a page never depends on the length of a log. */
export function listAuditEvents(
  db: Database | Trx,
  of: AuditOf,
  { action, actor, target, from, to, requestId, before, limit }: AuditPage,
) {
  const query = db
    .selectFrom('audit_events')
    .modifyFront(plannedWithValues)
    .select([
      'id',
      'project_id',
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
    .where((eb) => ('orgId' in of ? eb('org_id', '=', of.orgId) : eb('project_id', '=', of.projectId)))
    .$if(action !== undefined, (q) => q.where('action', '=', action!))
    .$if(actor !== undefined, (q) => q.where('actor_id', '=', actor!))
    .$if(target !== undefined, (q) =>
      q.where((eb) => eb.or([eb('target_id', '=', target!.id), eb(sql`lower(target_name)`, 'in', target!.names)])),
    )
    .$if(from !== undefined, (q) => q.where('created_at', '>=', from!))
    .$if(to !== undefined, (q) => q.where('created_at', '<', to!))
    .$if(requestId !== undefined, (q) => q.where('request_id', '=', requestId!))
    .$if(before !== undefined, (q) => q.where(earlier('audit_events', before!)))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
  return withinBytes(db, query, ['before', 'after'], sql`q.created_at desc, q.id desc`)
}
