import { createHmac } from 'node:crypto'
import { type Database, type Trx, inTransaction } from '#db/client'
import { addJob } from '#db/queries/jobs'
import { deleteSessionsOf } from '#db/queries/accounts/sessions'
import { type PersonRow as Person, findPerson, findUserByEmail, lockPerson, setPasswordHash } from '#db/queries/accounts/users'
import { audit } from '../audit/audit.ts'
import type { Origin } from '../context.ts'
import { DomainError } from '../errors.ts'
import { assertStrong } from './password-rules.ts'
import { hashPassword } from './passwords.ts'
import { derivedKey } from '#config/settings'
import { signedPayload, signedText } from '../crypto/signed-text.ts'
import { takeOver } from './takeover.ts'
import { accountOf, countAttempt, forgiveAttempts, resetsOf } from '../limits/throttle.ts'

/** How long a reset link works. */
const RESET_MINUTES = 60

type Guest = { db: Database | Trx; origin: Origin }

type Stamped = Pick<Person, 'id' | 'password_hash' | 'email_verified_at'>

/** Changes with the password and with the account's verification, so that a link works once and never after such a change. */
const stampOf = ({ id, password_hash, email_verified_at }: Stamped) =>
  createHmac('sha256', derivedKey('password-stamp'))
    .update(`${id} ${password_hash ?? ''} ${email_verified_at ?? ''}`)
    .digest('base64url')

/** Answers alike for every address: the lookup happens after the answer. */
export async function requestPasswordReset({ db, origin }: Guest, { email }: { email: string }): Promise<{ requested: true }> {
  await countAttempt(db, { account: resetsOf(email), address: origin.address })
  await inTransaction(db, (trx) => addJob(trx, 'mail-password-reset', { email, askedAt: new Date().toISOString() }, email))
  return { requested: true }
}

export type ResetRequest = { email: string; askedAt: string }

/** The link's secret, derived and never stored; undefined when nobody has the address or the link has expired. */
export async function resetToMail(db: Database, { email, askedAt }: ResetRequest) {
  const user = await findUserByEmail(db, email)
  const until = new Date(Date.parse(askedAt) + RESET_MINUTES * 60_000)
  if (!user || until.getTime() <= Date.now()) return undefined
  const token = signedText('password-reset', { UserID: user.id, Until: until.toISOString(), Stamp: stampOf(user) })
  return { email: user.email, name: user.name, token, until: until.toISOString() }
}

const invalid = () => new DomainError('reset_link_invalid', 'This link is not valid. Copy the whole link from the email')
const used = () =>
  new DomainError('reset_link_used', 'This link was used already, or the password was changed since. Request a new link')

function assertGood(person: Person | undefined, { Until = '', Stamp }: Record<string, string>): asserts person is Person {
  if (!person) throw invalid()
  if (!(Date.parse(Until) > Date.now()))
    throw new DomainError('reset_link_expired', 'This link has expired after an hour. Request a new link')
  if (stampOf(person) !== Stamp) throw used()
}

async function opened(db: Database | Trx, token: string) {
  const payload = signedPayload('password-reset', token)
  if (!payload) throw invalid()
  const person = await findPerson(db, payload['UserID'] ?? '')
  assertGood(person, payload)
  return { person, payload }
}

export async function openPasswordReset({ db }: Guest, token: string): Promise<{ email: string }> {
  return { email: (await opened(db, token)).person.email }
}

/** The link was mailed, so it proves the address: an unverified account is taken over. Ends all sessions of this person. */
export async function resetPassword(
  { db, origin }: Guest,
  token: string,
  { password }: { password: string },
): Promise<{ email: string; revokedSessions: number }> {
  await countAttempt(db, { address: origin.address })
  const { person, payload } = await opened(db, token)
  assertStrong(password, person, 'password')
  const hash = await hashPassword(password)
  return inTransaction(db, async (trx) => {
    assertGood(await lockPerson(trx, person.id), payload)
    const dropped = await takeOver(trx, person.id, { by: 'mail', passwordHash: hash }, origin)
    const revokedSessions = dropped?.sessions ?? (await changePassword(trx, person.id, hash))
    await audit(
      trx,
      { actor: { kind: 'user', id: person.id, email: person.email }, origin },
      'password.reset',
      { kind: 'user', id: person.id, name: person.email },
      { after: { revokedSessions } },
    )
    // Otherwise the take-over mail has already said so.
    if (!dropped)
      await addJob(trx, 'mail-password-changed', { email: person.email, changedAt: new Date().toISOString() }, person.email)
    await forgiveAttempts(trx, { account: resetsOf(person.email), address: origin.address })
    // The wrong tries may be someone else's; they do not count against the new password.
    await forgiveAttempts(trx, { account: accountOf(person.email), address: null })
    return { email: person.email, revokedSessions }
  })
}

async function changePassword(trx: Trx, userId: string, hash: string): Promise<number> {
  await setPasswordHash(trx, userId, hash)
  return (await deleteSessionsOf(trx, userId)).length
}
