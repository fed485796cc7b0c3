import { type ExpressionBuilder, type QueryCreator, sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { plannedWithValues } from '../../prepared.ts'
import type { DB, DeliveryState } from '../../schema.ts'
import { sendingIsOn } from '../restore-holds.ts'

type Event = { id: string; org_id: string | null; project_id: string | null; action: string }

/**
 * The part of writing an audit event that queues it: a row for each webhook that wants it, so that neither exists without the
 * other. Locks the webhooks' keys, so that it waits for one that is being deleted and leaves it out.
 */
export const queueing =
  ({ id, org_id, project_id, action }: Event) =>
  (db: QueryCreator<DB>) =>
    db.insertInto('webhook_deliveries').columns(['webhook_id', 'id', 'action']).expression(sql`
      select w.id, ${id}::uuid, ${action}::text from webhooks w
      where w.org_id = ${org_id}::uuid and w.enabled
        and (w.events is null or w.events && array[${action}::text, split_part(${action}::text, '.', 1) || '.*'])
        and (w.project_ids is null or ${project_id}::uuid = any(w.project_ids))
      for key share of w`)

/** The same for several events of one organization. */
export const queueingAll = (orgId: string | null, events: Event[]) => (db: QueryCreator<DB>) =>
  db.insertInto('webhook_deliveries').columns(['webhook_id', 'id', 'action']).expression(sql`
      select w.id, e.id, e.action from webhooks w
      join unnest(${events.map(({ id }) => id)}::uuid[], ${events.map((event) => event.project_id)}::uuid[],
        ${events.map(({ action }) => action)}::text[]) e (id, project_id, action)
        on (w.events is null or w.events && array[e.action, split_part(e.action, '.', 1) || '.*'])
        and (w.project_ids is null or e.project_id = any(w.project_ids))
      where w.org_id = ${orgId}::uuid and w.enabled
      for key share of w`)

/** One webhook of one organization. */
export type WebhookOf = { org_id: string; webhook_id: string }

/** Queues a delivery without an event: a ping. */
export async function insertDelivery(
  trx: Trx,
  { org_id, webhook_id }: WebhookOf,
  delivery: { id: string; action: string },
): Promise<void> {
  await trx
    .insertInto('webhook_deliveries')
    .columns(['webhook_id', 'id', 'action'])
    .expression(({ selectFrom, val }) =>
      selectFrom('webhooks as w')
        .select(['w.id', sql<string>`${delivery.id}::uuid`.as('delivery'), val(delivery.action).as('action')])
        .where('w.org_id', '=', org_id)
        .where('w.id', '=', webhook_id),
    )
    .execute()
}

const isOf =
  ({ org_id, webhook_id }: WebhookOf) =>
  ({ and, eb, exists, selectFrom, ref }: ExpressionBuilder<DB, 'webhook_deliveries'>) =>
    and([
      eb('webhook_id', '=', webhook_id),
      exists(
        selectFrom('webhooks as w')
          .select('w.id')
          .where('w.id', '=', ref('webhook_deliveries.webhook_id'))
          .where('w.org_id', '=', org_id),
      ),
    ])

const deliveries = (db: Database | Trx, of: WebhookOf) =>
  db
    .selectFrom('webhook_deliveries')
    .select(['id', 'action', 'state', 'tries', 'tried_at', 'duration_ms', 'status', 'reason', 'detail'])
    .select(
      sql<string>`greatest(next_try_at, (
        select w.paused_until from webhooks w where w.org_id = ${of.org_id}::uuid and w.id = ${of.webhook_id}::uuid
      ))`.as('next_try_at'),
    )
    .select(['response', 'created_at'])
    .where(isOf(of))

export type DeliveryRow = Awaited<ReturnType<typeof listDeliveries>>[number]
export type DeliveryPage = { state: DeliveryState | undefined; before: string | undefined; limit: number }

/** Newest first. */
export function listDeliveries(db: Database | Trx, of: WebhookOf, { state, before, limit }: DeliveryPage) {
  return deliveries(db, of)
    .modifyFront(plannedWithValues)
    .$if(state !== undefined, (q) => q.where('state', '=', state!))
    .$if(before !== undefined, (q) => q.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

export const findDelivery = (db: Database | Trx, of: WebhookOf, id: string) =>
  deliveries(db, of).where('id', '=', id).executeTakeFirst()

/** Makes it due now and starts its tries over. */
export async function requeueDelivery(trx: Trx, of: WebhookOf, id: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('webhook_deliveries')
    .set({ state: 'pending', tries: 0, next_try_at: sql<string>`now()` })
    .where(isOf(of))
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export type Claimed = WebhookOf & { id: string; tries: number }
export type Room = {
  perWebhook: number
  perOrganization: number
  total: number
  /** The number of running requests, by webhook. */
  busy: ReadonlyMap<string, number>
  leaseSeconds: number
}

/**
 * Takes due deliveries, the oldest of each webhook first, within the room of each webhook and organization; those with the fewest
 * running come first. A delivery is due again when its lease ends, so that nothing is lost when a process dies.
 */
export async function claimDeliveries(
  db: Database,
  { perWebhook, perOrganization, total, busy, leaseSeconds }: Room,
): Promise<Claimed[]> {
  const { rows } = await sql<Claimed>`
    with hooks as materialized (
      select w.id, w.org_id, w.enabled, coalesce(w.paused_until > now(), false) as paused, coalesce(busy.n, 0) as busy, sum(coalesce(busy.n, 0)) over (partition by w.org_id)::int as org_busy
      from webhooks w left join unnest(${[...busy.keys()]}::uuid[], ${[...busy.values()]}::int[]) as busy (id, n) on busy.id = w.id
    ), turns as (
      select h.org_id, d.webhook_id, d.id, d.next_try_at,
        h.org_busy + row_number() over (partition by h.org_id order by h.busy + d.place, d.next_try_at) as turn
      from hooks h
      cross join lateral (
        select webhook_id, id, next_try_at, row_number() over (order by next_try_at) as place from (
          select webhook_id, id, next_try_at from webhook_deliveries
          where webhook_id = h.id and state = 'pending' and next_try_at <= now()
          order by next_try_at limit greatest(0, ${perWebhook}::int - h.busy)
        ) oldest
      ) d
      where h.enabled and not h.paused and ${sendingIsOn}
    ), chosen as materialized (
      select * from turns where turn <= ${perOrganization}::int order by turn, next_try_at limit ${total}
    ), due as materialized (
      select c.org_id, d.webhook_id, d.id from chosen c
      join webhook_deliveries d on d.webhook_id = c.webhook_id and d.id = c.id
      where d.state = 'pending' and d.next_try_at <= now() for update of d skip locked
    )
    update webhook_deliveries d
    set tries = d.tries + 1, tried_at = clock_timestamp(), next_try_at = now() + make_interval(secs => ${leaseSeconds})
    from due where d.webhook_id = due.webhook_id and d.id = due.id
    returning due.org_id, d.webhook_id, d.id, d.tries`.execute(db)
  return rows
}

/** Returns deliveries that were taken and not tried. */
export async function releaseDelivery(db: Database, { id, ...of }: Claimed): Promise<void> {
  await db
    .updateTable('webhook_deliveries')
    .set({ tries: sql<number>`greatest(0, tries - 1)`, next_try_at: sql<string>`now()` })
    .where(isOf(of))
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .execute()
}

/** Everything to send, and where; undefined when the webhook is gone. Without an `event_action` there is no event. */
export function findDeliveryToSend(db: Database, { org_id, webhook_id, id }: Claimed) {
  return db
    .selectFrom('webhook_deliveries as d')
    .innerJoin('webhooks as w', 'w.id', 'd.webhook_id')
    .leftJoin('audit_events as e', (join) => join.onRef('e.id', '=', 'd.id').onRef('e.org_id', '=', 'w.org_id'))
    .select(['d.id', 'd.action', 'd.created_at', 'w.id as webhook_id', 'w.org_id', 'w.url'])
    .select(['w.sealed', 'w.sealed_by', 'w.previous_sealed', 'w.previous_sealed_by'])
    .select(sql<boolean>`coalesce(w.previous_until > now(), false)`.as('has_previous'))
    .select(['e.project_id', 'e.actor_kind', 'e.actor_id', 'e.actor_name', 'e.action as event_action', 'e.target_kind'])
    .select(['e.target_id', 'e.target_name', 'e.before', 'e.after', 'e.request_id', 'e.address'])
    .select('e.created_at as event_created_at')
    .where('w.org_id', '=', org_id)
    .where('d.webhook_id', '=', webhook_id)
    .where('d.id', '=', id)
    .executeTakeFirst()
}

export type DeliveryToSend = NonNullable<Awaited<ReturnType<typeof findDeliveryToSend>>>

export type Tried = {
  state: DeliveryState
  /** The backoff of a delivery that stays pending. */
  retrySeconds: number
  duration_ms: number
  status: number | null
  reason: string | null
  detail: string | null
  response: string | null
}

/** Records the outcome of a try, and since when the webhook has been failing, if it is. */
export async function recordTry(trx: Trx, { id, ...of }: Claimed, { retrySeconds, ...tried }: Tried): Promise<void> {
  await trx
    .updateTable('webhook_deliveries')
    .set({ ...tried, next_try_at: sql<string>`now() + make_interval(secs => ${retrySeconds})` })
    .where(isOf(of))
    .where('id', '=', id)
    .execute()
  const failing = tried.state !== 'delivered'
  await trx
    .updateTable('webhooks')
    .set({ failing_since: failing ? sql<string>`now()` : null })
    .where('org_id', '=', of.org_id)
    .where('id', '=', of.webhook_id)
    .where('failing_since', failing ? 'is' : 'is not', null)
    .execute()
}

/** Deletes deliveries of every webhook with a lower id, one batch a statement. */
export async function* deleteDeliveriesBelow(db: Database, id: string, batch: number): AsyncGenerator<number> {
  for (let n = batch; n === batch;) {
    const { numAffectedRows } = await sql`
      delete from webhook_deliveries d using (
        select old.webhook_id, old.id from webhooks w cross join lateral (
          select webhook_id, id from webhook_deliveries where webhook_id = w.id and id < ${id}::uuid order by id limit ${batch}
        ) old limit ${batch}
      ) old where d.webhook_id = old.webhook_id and d.id = old.id`.execute(db)
    n = Number(numAffectedRows ?? 0n)
    yield n
  }
}
