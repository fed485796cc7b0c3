import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'

const now = sql<string>`now()`

export type Subject = { issuer: string; subject: string }

/** The owner of an identity, also of an unlinked one. */
export async function findUserOf(trx: Trx, { issuer, subject }: Subject): Promise<string | undefined> {
  const found = await trx
    .selectFrom('user_identities')
    .select('user_id')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst()
  return found?.user_id
}

/** The identity with its user, locked until the transaction ends. */
export function lockIdentity(trx: Trx, { issuer, subject }: Subject) {
  return trx
    .selectFrom('user_identities as i')
    .innerJoin('users as u', 'u.id', 'i.user_id')
    .select(['i.id', 'i.user_id', 'i.unlinked_at', 'u.email', 'u.name', 'u.avatar_url', 'u.email_verified_at'])
    .where('i.issuer', '=', issuer)
    .where('i.subject', '=', subject)
    .forUpdate('i')
    .executeTakeFirst()
}

/** Locks the user: one transaction at a time decides what opens the account. Sign-ins wait too. */
export async function lockLinks(trx: Trx, userId: string): Promise<void> {
  await trx.selectFrom('users').select('id').where('id', '=', userId).forNoKeyUpdate().execute()
}

/** Whether the user has, or had, another subject of this issuer. */
export async function hasIdentityOf(trx: Trx, userId: string, issuer: string): Promise<boolean> {
  const found = await trx
    .selectFrom('user_identities')
    .select('id')
    .where('user_id', '=', userId)
    .where('issuer', '=', issuer)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** Undefined when the identity already belongs to someone. */
export function insertIdentity(trx: Trx, identity: Subject & { id: string; user_id: string; email: string | null }) {
  return trx
    .insertInto('user_identities')
    .values(identity)
    .onConflict((c) => c.columns(['issuer', 'subject']).doNothing())
    .returning('id')
    .executeTakeFirst()
}

export async function touchIdentity(trx: Trx, id: string, email: string | null): Promise<void> {
  await trx
    .updateTable('user_identities')
    .set({ last_used_at: now, ...(email === null ? {} : { email }) })
    .where('id', '=', id)
    .execute()
}

/** Links an unlinked identity to this user again. */
export async function relinkIdentity(trx: Trx, id: string, userId: string, email: string | null): Promise<void> {
  await trx
    .updateTable('user_identities')
    .set({ user_id: userId, email, created_at: now, last_used_at: now, unlinked_at: null })
    .where('id', '=', id)
    .execute()
}

/** Oldest first. */
export function listIdentities(db: Database | Trx, userId: string) {
  return db
    .selectFrom('user_identities')
    .select(['id', 'issuer', 'subject', 'email', 'created_at', 'last_used_at'])
    .where('user_id', '=', userId)
    .where('unlinked_at', 'is', null)
    .orderBy('id')
    .execute()
}

export async function unlinkIdentity(trx: Trx, userId: string, id: string): Promise<void> {
  await trx.updateTable('user_identities').set({ unlinked_at: now }).where('user_id', '=', userId).where('id', '=', id).execute()
}

/**
 * Deletes all of a user's identities but one, unlinked ones too, so that nothing identifies them. Returns how many were linked.
 */
export async function deleteIdentitiesOf(trx: Trx, userId: string, exceptId: string | null): Promise<number> {
  const gone = await trx
    .deleteFrom('user_identities')
    .where('user_id', '=', userId)
    .$if(exceptId !== null, (q) => q.where('id', '<>', exceptId!))
    .returning('unlinked_at')
    .execute()
  return gone.filter(({ unlinked_at }) => unlinked_at === null).length
}

/** False when this state was used before. */
export async function takeSignInState(db: Database | Trx, hash: Buffer): Promise<boolean> {
  const used = await db
    .insertInto('used_sign_in_states')
    .values({ state_hash: hash })
    .onConflict((c) => c.column('state_hash').doNothing())
    .returning('used_at')
    .executeTakeFirst()
  return used !== undefined
}

/** Deletes up to `limit` states whose cookie expired long ago; returns how many. */
export async function deleteOldSignInStates(db: Database, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`delete from used_sign_in_states s using (
      select state_hash from used_sign_in_states where used_at < now() - interval '1 day' limit ${limit}
    ) old where s.state_hash = old.state_hash`.execute(db)
  return Number(numAffectedRows)
}
