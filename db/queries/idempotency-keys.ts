import { sql } from 'kysely'
import type { Database, Trx } from '../client.ts'

export type IdempotencyKey = { actor_id: string; route: string; key: string }

/**
 * Takes the key for this transaction. A second request of the same key waits here until the first one is done; it then finds the
 * key taken (`false`). A first one that fails rolls its taking back.
 */
export async function takeIdempotencyKey(trx: Trx, key: IdempotencyKey, requestHash: Buffer): Promise<boolean> {
  const taken = await trx
    .insertInto('idempotency_keys')
    .values({ ...key, request_hash: requestHash })
    .onConflict((c) =>
      c
        .columns(['actor_id', 'route', 'key'])
        .doUpdateSet({ request_hash: requestHash, response: null, created_at: sql<string>`now()` })
        .where('idempotency_keys.created_at', '<', sql<string>`now() - interval '24 hours'`),
    )
    .returning('key')
    .executeTakeFirst()
  return taken !== undefined
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

/** Forgets so many of those that are older than a day; answers how many there were. */
export async function deleteOldIdempotencyKeys(db: Database, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`delete from idempotency_keys k using (
      select actor_id, route, key from idempotency_keys where created_at < now() - interval '24 hours' order by created_at limit ${limit}
    ) old where k.actor_id = old.actor_id and k.route = old.route and k.key = old.key`.execute(db)
  return Number(numAffectedRows)
}
