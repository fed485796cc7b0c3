import type { Me } from '#contract/me'
import { type Database, type Trx, inTransaction } from '#db/client'
import { deleteSession, insertSession, renewSession } from '#db/queries/sessions'
import { audit } from './audit.ts'
import type { ActorContext } from './context.ts'
import { DomainError } from './errors.ts'
import { newId } from './ids.ts'
import { deviceText, knownDevice } from './known-devices.ts'
import { findUserByPassword, isPasswordOf } from './passwords.ts'
import { sessionActor } from './sessions.ts'
import { accountOf, countAttempt, forgiveAttempts } from './throttle.ts'

/** Thirty days; the row is what counts, whatever the cookie says. */
export const SESSION_HOURS = 30 * 24

/** `device` is what the browser kept of an earlier sign-in. */
export type SignIn = {
  email: string
  password: string
  address: string | null
  userAgent: string | null
  device?: string | undefined
}

export type SignedIn = { sessionId: string; deviceText: string; me: Me }

/** A new session for this email and password. Says and costs the same whichever of them is wrong. */
export async function signIn(db: Database | Trx, { email, password, address, userAgent, ...kept }: SignIn): Promise<SignedIn> {
  const device = knownDevice(email, kept.device)
  const attempt = { account: accountOf(email), device, address }
  await countAttempt(db, attempt)
  const user = await findUserByPassword(db, email.trim().toLowerCase(), password)
  if (!user) throw new DomainError('wrong_credentials', 'That email and password do not fit together')
  const id = newId()
  return inTransaction(db, async (trx) => {
    await forgiveAttempts(trx, attempt)
    const session = { id, user_id: user.id, address, user_agent: userAgent?.slice(0, 300) ?? null, hours: SESSION_HOURS }
    const authenticatedAt = await insertSession(trx, session)
    const me = { id: user.id, email: user.email, name: user.name, avatarUrl: user.avatar_url, authenticatedAt }
    return { sessionId: id, deviceText: deviceText(email, device), me }
  })
}

export const signOut = (db: Database, sessionId: string) => deleteSession(db, sessionId)

/** Proves the password of the session again, so that what destroys may follow for ten minutes. Each session has tries of its own. */
export async function reauthenticate(
  context: ActorContext,
  { password }: { password: string },
): Promise<{ authenticatedAt: string }> {
  const actor = sessionActor(context)
  const attempt = { account: accountOf(actor.email), device: actor.credentialId, address: context.origin.address }
  await countAttempt(context.db, attempt)
  if (!(await isPasswordOf(context.db, actor.id, password))) {
    throw new DomainError('wrong_password', 'That is not your password', [{ path: 'password', message: 'is not your password' }])
  }
  return inTransaction(context.db, async (trx) => {
    await forgiveAttempts(trx, attempt)
    const renewed = await renewSession(trx, actor.credentialId)
    if (!renewed) throw new DomainError('unauthenticated', 'This session has ended; sign in again')
    await audit(trx, context, 'session.reauthenticated', { kind: 'user', id: actor.id, name: actor.email })
    return { authenticatedAt: renewed.authenticated_at }
  })
}
