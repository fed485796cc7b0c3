import { type Database, type Trx, inTransaction } from '#db/client'
import { findUserByEmail } from '#db/queries/accounts/users'
import type { Origin } from '../context.ts'
import { DomainError } from '../errors.ts'
import { addUser } from './users.ts'
import { takeOver } from './takeover.ts'

/** Who makes a user or an organization that was seen for the first time. */
export const firstSight = { actor: { kind: 'system', name: 'first sight' }, origin: null } as const

/** `name` is null where the provider says none. */
type Verified = { email: string; name: string | null }

/** The user of an email that somebody trusted has verified: made when nobody has it yet, taken over where nobody has proven it before. */
export async function userByVerifiedEmail(db: Database | Trx, { email, name }: Verified, origin: Origin) {
  const found = (await findUserByEmail(db, email)) ?? (await added(db, email, name ?? email.split('@')[0]!))
  const known = found.email_verified_at === null ? await takenOver(db, found.id, { email, name }, origin) : found
  return { id: known.id, email: known.email, name: known.name, avatarUrl: known.avatar_url }
}

async function takenOver(db: Database | Trx, userId: string, { email, name }: Verified, origin: Origin) {
  await inTransaction(db, (trx) => takeOver(trx, userId, { by: 'provider', name: name ?? undefined }, origin))
  return (await findUserByEmail(db, email))!
}

/** Two requests may see somebody first at once; the one that comes second finds them. */
async function added(db: Database | Trx, email: string, name: string) {
  try {
    await inTransaction(db, (trx) => addUser(trx, firstSight, { email, name, passwordHash: null, verifiedBy: 'provider' }))
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'email_taken')) throw error
  }
  return (await findUserByEmail(db, email))!
}
