import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'

/**
 * The counter of this key, created if needed and locked until the transaction ends. Failures older than `forgetHours` are
 * forgotten.
 */
export async function lockThrottle(trx: Trx, key: string, forgetHours: number): Promise<{ failures: number; waits: number }> {
  const { failures, waits, old } = await trx
    .insertInto('sign_in_throttles')
    .values({ key, forget_hours: forgetHours })
    .onConflict((c) => c.column('key').doUpdateSet({ key: (eb) => eb.ref('excluded.key') }))
    .returning([
      'failures',
      sql<number>`coalesce(extract(epoch from blocked_until - now()), 0)::float8`.as('waits'),
      sql<boolean>`last_failed_at < now() - make_interval(hours => ${forgetHours})`.as('old'),
    ])
    .executeTakeFirstOrThrow()
  return { failures: old ? 0 : failures, waits }
}

export async function setThrottle(
  trx: Trx,
  key: string,
  { failures, waits }: { failures: number; waits: number },
): Promise<void> {
  await trx
    .updateTable('sign_in_throttles')
    .set({
      failures,
      last_failed_at: sql<string>`now()`,
      blocked_until: waits === 0 ? null : sql<string>`now() + make_interval(secs => ${waits})`,
    })
    .where('key', '=', key)
    .execute()
}

export async function deleteThrottle(db: Database | Trx, key: string): Promise<void> {
  await db.deleteFrom('sign_in_throttles').where('key', '=', key).execute()
}

/** Takes back one failure and the pause that it started. */
export async function uncountThrottle(db: Database | Trx, key: string): Promise<void> {
  await db
    .updateTable('sign_in_throttles')
    .set({ failures: sql<number>`greatest(failures - 1, 0)`, blocked_until: null })
    .where('key', '=', key)
    .execute()
}

/** Deletes up to `limit` counters whose failures are too old to count; returns how many. */
export async function deleteOldThrottles(db: Database, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`delete from sign_in_throttles t using (
      select key from sign_in_throttles where last_failed_at < now() - make_interval(hours => forget_hours) limit ${limit}
    ) old where t.key = old.key`.execute(db)
  return Number(numAffectedRows)
}
