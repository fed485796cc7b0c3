import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'

/** Replaces all of a person's codes; an empty list removes them. */
export async function replaceRecoveryCodes(trx: Trx, userId: string, hashes: Buffer[]): Promise<void> {
  await trx.deleteFrom('recovery_codes').where('user_id', '=', userId).execute()
  if (hashes.length === 0) return
  await trx
    .insertInto('recovery_codes')
    .values(hashes.map((code_hash) => ({ user_id: userId, code_hash })))
    .execute()
}

/** Of two concurrent uses of one code, the second waits here and then finds it used. */
export async function spendRecoveryCode(trx: Trx, userId: string, hash: Buffer): Promise<'spent' | 'used' | 'unknown'> {
  const updated = await trx
    .updateTable('recovery_codes')
    .set({ used_at: sql<string>`now()` })
    .where('user_id', '=', userId)
    .where('code_hash', '=', hash)
    .where('used_at', 'is', null)
    .returning('user_id')
    .executeTakeFirst()
  if (updated) return 'spent'
  const known = await trx
    .selectFrom('recovery_codes')
    .select('user_id')
    .where('user_id', '=', userId)
    .where('code_hash', '=', hash)
    .executeTakeFirst()
  return known ? 'used' : 'unknown'
}

export async function countRecoveryCodes(db: Database | Trx, userId: string): Promise<{ left: number; made: number }> {
  return db
    .selectFrom('recovery_codes')
    .select([sql<number>`count(*) filter (where used_at is null)`.as('left'), sql<number>`count(*)`.as('made')])
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow()
}
