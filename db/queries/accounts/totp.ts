import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'

export type Sealed = { key_id: string; sealed: Buffer }

/** Locked until the transaction ends, so that of two proofs with the same code one comes first. */
export function lockTotp(trx: Trx, userId: string) {
  return trx
    .selectFrom('totp_factors')
    .select(['key_id', 'sealed', 'last_step', 'confirmed_at', sql<boolean>`created_at < now() - interval '10 minutes'`.as('old')])
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirst()
}

/** Undefined until it is confirmed. */
export function findTotp(db: Database | Trx, userId: string) {
  return db
    .selectFrom('totp_factors')
    .select('confirmed_at')
    .where('user_id', '=', userId)
    .where('confirmed_at', 'is not', null)
    .executeTakeFirst()
}

/** Replaces an unconfirmed secret; returns false where one is confirmed. */
export async function insertTotp(trx: Trx, userId: string, secret: Sealed): Promise<boolean> {
  const inserted = await trx
    .insertInto('totp_factors')
    .values({ user_id: userId, ...secret })
    .onConflict((c) =>
      c
        .column('user_id')
        .doUpdateSet({ ...secret, last_step: null, created_at: sql<string>`now()` })
        .where('totp_factors.confirmed_at', 'is', null),
    )
    .returning('user_id')
    .executeTakeFirst()
  return inserted !== undefined
}

export async function confirmTotp(trx: Trx, userId: string): Promise<void> {
  await trx
    .updateTable('totp_factors')
    .set({ confirmed_at: sql<string>`now()` })
    .where('user_id', '=', userId)
    .execute()
}

export async function setTotpStep(trx: Trx, userId: string, step: number): Promise<void> {
  await trx.updateTable('totp_factors').set({ last_step: step }).where('user_id', '=', userId).execute()
}

/** Returns whether there was a confirmed one. */
export async function deleteTotp(trx: Trx, userId: string): Promise<boolean> {
  const gone = await trx.deleteFrom('totp_factors').where('user_id', '=', userId).returning('confirmed_at').executeTakeFirst()
  return Boolean(gone?.confirmed_at)
}

/** Secrets encrypted under another key than this one, ordered by user, for rotating the key. */
export function listTotpNotSealedBy(db: Database, keyId: string, after: string | undefined, limit: number) {
  return db
    .selectFrom('totp_factors')
    .select(['user_id', 'key_id', 'sealed'])
    .where('key_id', '<>', keyId)
    .$if(after !== undefined, (q) => q.where('user_id', '>', after!))
    .orderBy('user_id')
    .limit(limit)
    .execute()
}

/** Does nothing if the secret was replaced meanwhile. */
export async function resealTotp(db: Database, userId: string, old: Buffer, secret: Sealed): Promise<void> {
  await db.updateTable('totp_factors').set(secret).where('user_id', '=', userId).where('sealed', '=', old).execute()
}
