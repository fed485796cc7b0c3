import { type Database, type Trx, inTransaction } from '#db/client'
import { type VerifiedBy, insertUser } from '#db/queries/accounts/users'
import { audit } from '../audit/audit.ts'
import { DomainError } from '../errors.ts'
import { newId } from '../ids.ts'
import { assertStrong } from './password-rules.ts'
import { hashPassword } from './passwords.ts'
import type { AuditSource } from '../events.ts'

/** The actor of the command line, which needs no permission because it reaches the database itself. */
export const cli: AuditSource = { actor: { kind: 'system', name: 'cli' }, origin: null }

export type Person = { id: string; email: string }

export async function createUser(
  db: Database | Trx,
  { email, name, password }: { email: string; name: string; password?: string | undefined },
): Promise<Person> {
  if (password !== undefined) assertStrong(password, { email, name }, 'password')
  const passwordHash = password === undefined ? null : await hashPassword(password)
  return inTransaction(db, (trx) => addUser(trx, cli, { email, name, passwordHash, verifiedBy: 'command-line' }))
}

type NewUser = { email: string; name: string; passwordHash: string | null; verifiedBy: VerifiedBy | null }

/**
 * Runs in the transaction of a caller that has checked permissions. A null `verifiedBy` means that nobody has proven the address.
 */
export async function addUser(
  trx: Trx,
  source: AuditSource,
  { email, name, passwordHash, verifiedBy }: NewUser,
): Promise<Person> {
  const user = await insertUser(trx, { id: newId(), email, name, password_hash: passwordHash, email_verified_by: verifiedBy })
  if (!user) throw new DomainError('email_taken', `There is already a user with the email ${email}. Use another email`)
  await audit(trx, source, 'user.created', { kind: 'user', id: user.id, name: user.email }, { after: { email, name } })
  return user
}
