import { type Database, inTransaction } from '#db/client'
import { deleteSession, insertSession, renewSession } from '#db/queries/sessions'
import { audit } from './audit.ts'
import type { ActorContext } from './context.ts'
import { DomainError } from './errors.ts'
import { newId } from './ids.ts'
import { findUserByPassword, isPasswordOf } from './passwords.ts'
import { sessionActor } from './sessions.ts'

/** Thirty days; the row is what counts, whatever the cookie says. */
export const SESSION_HOURS = 30 * 24

export type SignIn = { email: string; password: string; address: string | null; userAgent: string | null }

/** A new session for this email and password; undefined when they do not fit, whichever of them it is. */
export async function signIn(db: Database, { email, password, address, userAgent }: SignIn) {
  const user = await findUserByPassword(db, email.trim().toLowerCase(), password)
  if (!user) return undefined
  const sessionId = newId()
  await insertSession(db, {
    id: sessionId,
    user_id: user.id,
    address,
    user_agent: userAgent?.slice(0, 300) ?? null,
    hours: SESSION_HOURS,
  })
  return { sessionId, user: { id: user.id, email: user.email, name: user.name } }
}

export const signOut = (db: Database, sessionId: string) => deleteSession(db, sessionId)

/** Proves the password of the session again, so that what destroys may follow for ten minutes. */
export async function reauthenticate(
  context: ActorContext,
  { password }: { password: string },
): Promise<{ authenticatedAt: string }> {
  const actor = sessionActor(context)
  if (!(await isPasswordOf(context.db, actor.id, password))) {
    throw new DomainError('wrong_password', 'That is not your password', [{ path: 'password', message: 'is not your password' }])
  }
  return inTransaction(context.db, async (trx) => {
    const renewed = await renewSession(trx, actor.credentialId)
    if (!renewed) throw new DomainError('unauthenticated', 'This session has ended; sign in again')
    await audit(trx, context, 'session.reauthenticated', { kind: 'user', id: actor.id, name: actor.email })
    return { authenticatedAt: renewed.authenticated_at }
  })
}
