import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'

/** False where the nonce was spent before. Waits for a transaction that spends it and has not committed. */
export async function spendNonce(db: Database | Trx, nonce: string, seconds: number): Promise<boolean> {
  const inserted = await db
    .insertInto('spent_nonces')
    .values({ nonce, expires_at: sql<string>`now() + make_interval(secs => ${seconds})` })
    .onConflict((c) => c.column('nonce').doNothing())
    .returning('nonce')
    .executeTakeFirst()
  return inserted !== undefined
}

/** Deletes up to `limit` expired nonces; returns how many. */
export async function deleteOldNonces(db: Database, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`delete from spent_nonces n using (
      select nonce from spent_nonces where expires_at < now() order by expires_at limit ${limit}
    ) old where n.nonce = old.nonce`.execute(db)
  return Number(numAffectedRows)
}
