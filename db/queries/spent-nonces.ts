import { sql } from 'kysely'
import type { Database, Trx } from '../client.ts'

/** Answers false where it was spent before: also by somebody who has not committed yet, who is waited for. */
export async function spendNonce(db: Database | Trx, nonce: string, seconds: number): Promise<boolean> {
  const spent = await db
    .insertInto('spent_nonces')
    .values({ nonce, expires_at: sql<string>`now() + make_interval(secs => ${seconds})` })
    .onConflict((c) => c.column('nonce').doNothing())
    .returning('nonce')
    .executeTakeFirst()
  return spent !== undefined
}

export async function deleteOldNonces(db: Database): Promise<void> {
  await db
    .deleteFrom('spent_nonces')
    .where('expires_at', '<', sql<string>`now()`)
    .execute()
}
