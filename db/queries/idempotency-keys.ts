import { sql } from 'kysely'
import type { Database, Trx } from '../client.ts'

export type IdempotencyKey = { actor_id: string; route: string; key: string }

/**
 * Takes the key for this transaction. A second request with the same key waits here until the first one ends, then finds the key
 * taken (`false`). If the first one fails, its rollback frees the key.
 */
export async function takeIdempotencyKey(
  trx: Trx,
  key: IdempotencyKey,
  { keptFor, requestHash }: { keptFor: string; requestHash: Buffer },
): Promise<boolean> {
  const inserted = await trx
    .insertInto('idempotency_keys')
    .values({ ...key, kept_for: keptFor, request_hash: requestHash })
    .onConflict((c) =>
      c
        .columns(['actor_id', 'route', 'key'])
        .doUpdateSet({ request_hash: requestHash, kept_for: keptFor, response: null, created_at: sql<string>`now()` })
        .where('idempotency_keys.created_at', '<', sql<string>`now() - interval '24 hours'`),
    )
    .returning('key')
    .executeTakeFirst()
  return inserted !== undefined
}

export type KeptAnswers = { keys: number; bytes: number; actor_keys: number; actor_bytes: number; seconds_until_room: number }

/**
 * How much is stored for an organization, and how much of it for one actor. Read from an index only; uncommitted rows of others
 * do not count.
 */
export async function countKeptAnswers(trx: Trx, keptFor: string, actorId: string): Promise<KeptAnswers> {
  const { rows } = await sql<KeptAnswers>`select count(*)::int as keys, coalesce(sum(size), 0)::int8 as bytes,
      count(*) filter (where actor_id = ${actorId})::int as actor_keys,
      coalesce(sum(size) filter (where actor_id = ${actorId}), 0)::int8 as actor_bytes,
      greatest(1, ceil(extract(epoch from min(created_at) + interval '25 hours' - now())))::int as seconds_until_room
    from idempotency_keys where kept_for = ${keptFor}`.execute(trx)
  return rows[0]!
}

export function getIdempotentResponse(trx: Trx, { actor_id, route, key }: IdempotencyKey) {
  return trx
    .selectFrom('idempotency_keys')
    .select(['request_hash', 'response'])
    .where('actor_id', '=', actor_id)
    .where('route', '=', route)
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
}

export async function storeIdempotentResponse(
  trx: Trx,
  { actor_id, route, key }: IdempotencyKey,
  response: Buffer,
): Promise<void> {
  await trx
    .updateTable('idempotency_keys')
    .set({ response })
    .where('actor_id', '=', actor_id)
    .where('route', '=', route)
    .where('key', '=', key)
    .execute()
}

/** Deletes up to `limit` keys older than a day; returns how many. */
export async function deleteOldIdempotencyKeys(db: Database, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`delete from idempotency_keys k using (
      select actor_id, route, key from idempotency_keys where created_at < now() - interval '24 hours' order by created_at limit ${limit}
    ) old where k.actor_id = old.actor_id and k.route = old.route and k.key = old.key`.execute(db)
  return Number(numAffectedRows)
}
