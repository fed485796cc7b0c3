import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'

/** Expects `email` folded as the contract's `Email` does it. */
export function findUserByEmail(db: Database | Trx, email: string) {
  return db
    .selectFrom('users')
    .select(['id', 'email', 'name', 'avatar_url', 'password_hash', 'email_verified_at'])
    .where('email', '=', email)
    .executeTakeFirst()
}

export function findUser(db: Database | Trx, id: string) {
  return db.selectFrom('users').select(['id', 'email', 'name', 'avatar_url']).where('id', '=', id).executeTakeFirst()
}

export function findPasswordHash(db: Database | Trx, userId: string) {
  return db.selectFrom('users').select(['password_hash', 'email_verified_at']).where('id', '=', userId).executeTakeFirst()
}

const people = (db: Database | Trx, userId: string) =>
  db.selectFrom('users').select(['id', 'email', 'name', 'password_hash', 'email_verified_at']).where('id', '=', userId)

export const findPerson = (db: Database | Trx, userId: string) => people(db, userId).executeTakeFirst()

export type PersonRow = NonNullable<Awaited<ReturnType<typeof findPerson>>>

/** Locks the user: one transaction at a time decides what opens this account. */
export const lockPerson = (trx: Trx, userId: string) => people(trx, userId).forNoKeyUpdate().executeTakeFirst()

export async function hasUsers(db: Database | Trx): Promise<boolean> {
  return (await db.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** Only one transaction at a time can create the first user. */
export async function lockSetUp(trx: Trx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('bulkhead.set-up'))`.execute(trx)
}

/** How an address was verified. */
export type VerifiedBy = 'set-up' | 'command-line' | 'provider' | 'mail'

type NewUser = { id: string; email: string; name: string; password_hash: string | null; email_verified_by: VerifiedBy | null }

/** Undefined when the email is taken. */
export function insertUser(db: Database | Trx, user: NewUser) {
  return db
    .insertInto('users')
    .values({ ...user, email_verified_at: user.email_verified_by === null ? null : sql<string>`now()` })
    .onConflict((c) => c.column('email').doNothing())
    .returning(['id', 'email', 'name'])
    .executeTakeFirst()
}

export async function setPasswordHash(trx: Trx, userId: string, hash: string): Promise<void> {
  await trx
    .updateTable('users')
    .set({ password_hash: hash, updated_at: sql<string>`now()` })
    .where('id', '=', userId)
    .execute()
}

type TakenOver = { name: string; password_hash: string | null; email_verified_by: VerifiedBy }

export async function markVerified(trx: Trx, userId: string, takenOver: TakenOver): Promise<string> {
  const { email_verified_at } = await trx
    .updateTable('users')
    .set({ ...takenOver, email_verified_at: sql<string>`now()`, updated_at: sql<string>`now()` })
    .where('id', '=', userId)
    .where('email_verified_at', 'is', null)
    .returning('email_verified_at')
    .executeTakeFirstOrThrow()
  return email_verified_at!
}

/** Users whose address is unverified, ordered by id. */
export function listUnverified(db: Database, { after, limit }: { after: string | undefined; limit: number }) {
  return db
    .selectFrom('users')
    .select(['id', 'email'])
    .where('email_verified_at', 'is', null)
    .$if(after !== undefined, (q) => q.where('id', '>', after!))
    .orderBy('id')
    .limit(limit)
    .execute()
}

/**
 * The current hash, locked until the transaction ends. The sign-in that follows updates the same row, so a shared lock would
 * deadlock two of them.
 */
export async function lockPasswordHash(trx: Trx, userId: string): Promise<string | null> {
  const row = await trx.selectFrom('users').select('password_hash').where('id', '=', userId).forNoKeyUpdate().executeTakeFirst()
  return row?.password_hash ?? null
}
