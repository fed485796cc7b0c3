import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'

/** Returns when the user authenticated: now, unless given. The user's last sign-in time outlives the session. */
export async function insertSession(
  db: Database | Trx,
  session: {
    id: string
    user_id: string
    address: string | null
    user_agent: string | null
    hours: number
    authenticated_at?: string
  },
): Promise<string> {
  const { hours, ...row } = session
  const { authenticated_at } = await db
    .insertInto('sessions')
    .values({ ...row, expires_at: sql<string>`now() + make_interval(hours => ${hours})` })
    .returning('authenticated_at')
    .executeTakeFirstOrThrow()
  await db.updateTable('users').set({ last_signed_in_at: authenticated_at }).where('id', '=', session.user_id).execute()
  return authenticated_at
}

export async function deleteSession(db: Database | Trx, id: string): Promise<void> {
  await db.deleteFrom('sessions').where('id', '=', id).execute()
}

export function renewSession(db: Database | Trx, id: string) {
  return db
    .updateTable('sessions')
    .set({ authenticated_at: sql<string>`now()` })
    .where('id', '=', id)
    .returning('authenticated_at')
    .executeTakeFirst()
}

/** The user's live sessions, newest sign-in first. */
export function listSessions(
  db: Database | Trx,
  userId: string,
  { before, limit }: { before: string | undefined; limit: number },
) {
  return db
    .selectFrom('sessions')
    .select(['id', 'address', 'user_agent', 'created_at', 'last_seen_at', 'expires_at'])
    .where('user_id', '=', userId)
    .where('expires_at', '>', sql<string>`now()`)
    .$if(before !== undefined, (q) => q.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

const ended = ['id', 'address', 'user_agent', 'created_at', 'last_seen_at', 'expires_at'] as const

/** Undefined when the user has no such live session. */
export function deleteSessionOf(trx: Trx, userId: string, id: string) {
  return trx
    .deleteFrom('sessions')
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .where('expires_at', '>', sql<string>`now()`)
    .returning(ended)
    .executeTakeFirst()
}

/** Ends every session of the user but this one; returns those that were still live. */
export function deleteOtherSessions(trx: Trx, userId: string, id: string) {
  return trx
    .deleteFrom('sessions')
    .where('user_id', '=', userId)
    .where('id', '!=', id)
    .where('expires_at', '>', sql<string>`now()`)
    .returning('id')
    .execute()
}

export async function isLiveSession(db: Database | Trx, id: string): Promise<boolean> {
  const found = await db
    .selectFrom('sessions')
    .select('id')
    .where('id', '=', id)
    .where('expires_at', '>', sql<string>`now()`)
    .executeTakeFirst()
  return found !== undefined
}

/** Ends every session of the user; returns those that were still live. */
export function deleteSessionsOf(trx: Trx, userId: string) {
  return trx
    .deleteFrom('sessions')
    .where('user_id', '=', userId)
    .where('expires_at', '>', sql<string>`now()`)
    .returning('id')
    .execute()
}
