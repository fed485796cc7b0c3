import type { SecondFactor } from '#contract/accounts/factors'
import type { PresentedCredential } from '#contract/accounts/webauthn'
import { type Database, type Trx, inTransaction } from '#db/client'
import { lockLinks } from '#db/queries/accounts/identities'
import { findPasskeyOwner, listPasskeys } from '#db/queries/accounts/passkeys'
import { spendNonce } from '#db/queries/accounts/spent-nonces'
import { findUser, lockPasswordHash } from '#db/queries/accounts/users'
import { DomainError } from '../errors.ts'
import { deviceText, knownDevice } from './known-devices.ts'
import { provenByPasskey } from './passkeys.ts'
import { PENDING_SECONDS, type PendingSignIn, markOf, pendingSignIn } from './pending-sign-in.ts'
import { withSecondFactor } from './second-factor.ts'
import { type SignedIn, openSession } from './sign-in.ts'
import { countAttempt, forgiveAttempts } from '../limits/throttle.ts'
import { type Ceremony, authenticationOptions, spendChallenge } from './webauthn.ts'

type Db = Database | Trx

/** Where a browser signs in from. `deviceOf` returns what it kept from an earlier sign-in to an account. */
type Browser = { address: string | null; userAgent: string | null; deviceOf: (email: string) => string | undefined }

const over = () => new DomainError('sign_in_expired', 'This sign-in has expired. Start again with your password')

/** The person who gave the right password. Throws when that was too long ago. */
async function findPending(db: Db, text: string | undefined) {
  const pending = pendingSignIn(text)
  const user = pending && (await findUser(db, pending.userId))
  if (!pending || !user) throw over()
  return { pending, user }
}

const secondStep = ({ id }: PendingSignIn): Ceremony => ({ purpose: 'second-step', by: id })

/** The options for the second step: a browser must answer with one of this person's passkeys. */
export async function startSecondStep(db: Db, text: string | undefined) {
  const { pending, user } = await findPending(db, text)
  return authenticationOptions(secondStep(pending), await listPasskeys(db, user.id))
}

/**
 * The second step of a sign-in, which works once: opens a session for a person who gave the right password and now proves a
 * second factor.
 */
export async function finishSignIn(
  db: Db,
  { pending: text, proof, ...browser }: Browser & { pending: string | undefined; proof: SecondFactor },
): Promise<SignedIn> {
  const { pending, user } = await findPending(db, text)
  const device = await knownDevice(db, user.email, browser.deviceOf(user.email))
  const prover = { user, device, address: browser.address, ceremony: secondStep(pending) }
  const opened = await withSecondFactor(db, proof, prover, async (trx) => {
    const hash = await lockPasswordHash(trx, user.id)
    if (hash === null || markOf(hash) !== pending.passwordMark) throw over()
    if (!(await spendNonce(trx, `pending ${pending.id}`, PENDING_SECONDS))) throw over()
    return openSession(trx, user, browser)
  })
  return { ...opened, deviceText: await deviceText(db, user.email, device) }
}

/** `attempt` is known only to the browser that asks. */
export const startPasskeySignIn = (attempt: string) => authenticationOptions({ purpose: 'sign-in', by: attempt })

/** A passkey identifies the person and proves that they were present and verified: both factors at once. */
export async function signInWithPasskey(
  db: Db,
  { attempt, credential, ...browser }: Browser & { attempt: string | undefined; credential: PresentedCredential },
): Promise<SignedIn> {
  const { address } = browser
  await countAttempt(db, { address })
  const ceremony: Ceremony = { purpose: 'sign-in', by: attempt ?? '' }
  const challenge = await spendChallenge(db, credential.response.clientDataJSON, ceremony)
  return inTransaction(db, async (trx) => {
    // Locks the user before the passkey, like everything that locks both.
    const ownerId = await findPasskeyOwner(trx, credential.id)
    if (ownerId !== undefined) await lockLinks(trx, ownerId)
    const user = await provenByPasskey(trx, credential, challenge)
    await forgiveAttempts(trx, { address })
    const device = await knownDevice(trx, user.email, browser.deviceOf(user.email))
    return { ...(await openSession(trx, user, browser)), deviceText: await deviceText(trx, user.email, device) }
  })
}
