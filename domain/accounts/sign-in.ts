import { preparedPassword } from '#contract/text'
import { foldAddress } from '#contract/email'
import type { Reauthenticate } from '#contract/accounts/factors'
import type { ChangePassword, Me } from '#contract/accounts/me'
import { type Database, type Trx, inTransaction } from '#db/client'
import { addJob } from '#db/queries/jobs'
import { deleteOtherSessions, deleteSession, insertSession, renewSession } from '#db/queries/accounts/sessions'
import { lockPasswordHash, setPasswordHash } from '#db/queries/accounts/users'
import { audit } from '../audit/audit.ts'
import type { ActorContext, UserActor } from '../context.ts'
import { DomainError, SecondFactorRequired } from '../errors.ts'
import { methodsOf } from './factor-methods.ts'
import { assertFreshSignIn } from '../access/fresh-sign-in.ts'
import { newId } from '../ids.ts'
import { deviceText, knownDevice } from './known-devices.ts'
import { assertStrong } from './password-rules.ts'
import { pendingText } from './pending-sign-in.ts'
import { findUserByPassword, hashPassword, isPasswordOf } from './passwords.ts'
import { withSecondFactor } from './second-factor.ts'
import { sessionActor, sessionOver } from '../access/signed-in.ts'
import { accountOf, countAttempt, forgiveAttempts } from '../limits/throttle.ts'

/** Thirty days, in hours. The session's row decides, not the cookie's expiry. */
export const SESSION_HOURS = 30 * 24

/** `device` is what the browser kept from an earlier sign-in. */
export type SignIn = {
  email: string
  password: string
  address: string | null
  userAgent: string | null
  device?: string | undefined
}

export type SignedIn = { sessionId: string; deviceText: string; me: Me }

const wrongCredentials = () => new DomainError('wrong_credentials', 'Incorrect email or password')

/** Opens a session for this email and password. A wrong email and a wrong password give the same error in the same time. */
export async function signIn(db: Database | Trx, { email, password, address, userAgent, ...rest }: SignIn): Promise<SignedIn> {
  const device = await knownDevice(db, email, rest.device)
  const attempt = { account: accountOf(email), device, address }
  await countAttempt(db, attempt)
  const user = await findUserByPassword(db, foldAddress(email), password)
  if (!user) throw wrongCredentials()
  const opened = await inTransaction(db, async (trx) => {
    // The password changed after it was checked. That ended all sessions, and this one would have survived.
    if ((await lockPasswordHash(trx, user.id)) !== user.password_hash) throw wrongCredentials()
    await forgiveAttempts(trx, attempt)
    const methods = await methodsOf(trx, user.id)
    return methods.length > 0 ? { methods } : openSession(trx, user, { address, userAgent })
  })
  if ('methods' in opened) throw new SecondFactorRequired(opened.methods, pendingText(user, user.password_hash!))
  return { ...opened, deviceText: await deviceText(db, email, device) }
}

type SignedInUser = { id: string; email: string; name: string; avatar_url: string | null }

/** Opens a session for a person who authenticated by any method, at the given time or now. */
export async function openSession(
  trx: Trx,
  user: SignedInUser,
  { address, userAgent, authenticatedAt: since }: Pick<SignIn, 'address' | 'userAgent'> & { authenticatedAt?: Date },
): Promise<Omit<SignedIn, 'deviceText'>> {
  const session = {
    id: newId(),
    user_id: user.id,
    address,
    user_agent: userAgent?.slice(0, 300) ?? null,
    hours: SESSION_HOURS,
    ...(since && { authenticated_at: since.toISOString() }),
  }
  const authenticatedAt = await insertSession(trx, session)
  const me = { id: user.id, email: user.email, name: user.name, avatarUrl: user.avatar_url, authenticatedAt }
  return { sessionId: session.id, me }
}

export const signOut = (db: Database, sessionId: string) => deleteSession(db, sessionId)

/** The session's user, if the password is theirs. Each session has its own count of tries. */
async function provenAgain(context: ActorContext, password: string): Promise<UserActor> {
  const actor = sessionActor(context)
  const attempt = { account: accountOf(actor.email), device: actor.credentialId, address: context.origin.address }
  await countAttempt(context.db, attempt)
  if (!(await isPasswordOf(context.db, actor.id, password))) {
    throw new DomainError('wrong_password', 'Incorrect password', [{ path: 'password', message: 'is incorrect' }])
  }
  await forgiveAttempts(context.db, attempt)
  return actor
}

/**
 * Confirms who holds the session, which allows destructive and granting actions for ten minutes. Takes a passkey (both factors),
 * or the password plus a code where the person has a second factor.
 */
export async function reauthenticate(
  context: ActorContext,
  { password, ...given }: Reauthenticate,
): Promise<{ authenticatedAt: string }> {
  const actor = sessionActor(context)
  const { address } = context.origin
  const ceremony = { purpose: 'prove-again', by: actor.credentialId } as const
  const prover = { user: actor, device: actor.credentialId, address, ceremony }
  if (password !== undefined) await provenAgain(context, password)
  const hasProof = Object.values(given).some((proof) => proof !== undefined)
  const methods = await methodsOf(context.db, actor.id)
  if (methods.length > 0 && !hasProof) throw new SecondFactorRequired(methods)
  const renew = (trx: Trx) => renewed(trx, context, actor)
  return hasProof ? withSecondFactor(context.db, given, prover, renew) : inTransaction(context.db, renew)
}

async function renewed(trx: Trx, context: ActorContext, actor: UserActor): Promise<{ authenticatedAt: string }> {
  const session = await renewSession(trx, actor.credentialId)
  if (!session) throw sessionOver()
  await audit(trx, context, 'session.reauthenticated', { kind: 'user', id: actor.id, name: actor.email })
  return { authenticatedAt: session.authenticated_at }
}

/** Ends this person's other sessions; the current one stays. */
export async function changePassword(
  context: ActorContext,
  { password, newPassword }: ChangePassword,
): Promise<{ changed: true; revokedSessions: number }> {
  // Changing the password also renews the session, which the password alone must not do for a person with a second factor.
  if ((await methodsOf(context.db, sessionActor(context).id)).length > 0) assertFreshSignIn(context)
  const actor = await provenAgain(context, password)
  if (newPassword === preparedPassword(password)) {
    throw new DomainError('weak_password', 'The new password is the same as the current one. Choose another one', [
      { path: 'newPassword', message: 'is the same as the current one' },
    ])
  }
  assertStrong(newPassword, actor, 'newPassword')
  const hash = await hashPassword(newPassword)
  return inTransaction(context.db, async (trx) => {
    await setPasswordHash(trx, actor.id, hash)
    const revokedSessions = (await deleteOtherSessions(trx, actor.id, actor.credentialId)).length
    if (!(await renewSession(trx, actor.credentialId))) throw sessionOver()
    await audit(
      trx,
      context,
      'password.changed',
      { kind: 'user', id: actor.id, name: actor.email },
      { after: { revokedSessions } },
    )
    await addJob(trx, 'mail-password-changed', { email: actor.email, changedAt: new Date().toISOString() }, actor.email)
    return { changed: true, revokedSessions }
  })
}
