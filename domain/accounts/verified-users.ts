import { type Database, type Trx, inTransaction } from '#db/client'
import { findUserByEmail } from '#db/queries/accounts/users'
import type { Origin } from '../context.ts'
import { DomainError } from '../errors.ts'
import { addUser } from './users.ts'
import { takeOver } from './takeover.ts'

/** The actor that creates a user or an organization at their first sign-in. */
export const firstSignInSource = { actor: { kind: 'system', name: 'first sign-in' }, origin: null } as const

/** `name` is null where the provider gives none. */
type Verified = { email: string; name: string | null }

/** The user of an email that a trusted party verified: created if new, taken over if nobody had proven the address. */
export async function userByVerifiedEmail(db: Database | Trx, { email, name }: Verified, origin: Origin) {
  const found = (await findUserByEmail(db, email)) ?? (await added(db, email, name ?? email.split('@')[0]!))
  const known = found.email_verified_at === null ? await takenOver(db, found.id, { email, name }, origin) : found
  return { id: known.id, email: known.email, name: known.name, avatarUrl: known.avatar_url }
}

async function takenOver(db: Database | Trx, userId: string, { email, name }: Verified, origin: Origin) {
  await inTransaction(db, (trx) => takeOver(trx, userId, { by: 'provider', name: name ?? undefined }, origin))
  return (await findUserByEmail(db, email))!
}

/** Of two first requests at once, the second finds the user that the first created. */
async function added(db: Database | Trx, email: string, name: string) {
  try {
    await inTransaction(db, (trx) => addUser(trx, firstSignInSource, { email, name, passwordHash: null, verifiedBy: 'provider' }))
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'email_taken')) throw error
  }
  return (await findUserByEmail(db, email))!
}
