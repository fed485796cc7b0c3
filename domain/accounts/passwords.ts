import { hash, verify } from '@node-rs/argon2'
import { preparedPassword } from '#contract/text'
import { findPasswordHash, findUserByEmail } from '#db/queries/accounts/users'
import type { Database, Trx } from '#db/client'

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const hashPassword = (password: string) => hash(preparedPassword(password), cost)

/** A hash that no password matches, so that refusing an unknown user takes as long as refusing a known one. */
let nobody: Promise<string> | undefined
const nobodysHash = () => (nobody ??= hashPassword('nobody has this password'))

/** Also compares the text as typed, since older hashes are of what was typed then. */
async function matches(stored: string | null | undefined, password: string): Promise<boolean> {
  // Computed before any check, so that the first unknown user does not take longer.
  const nobodys = await nobodysHash()
  const prepared = preparedPassword(password)
  const right = await verify(stored ?? nobodys, prepared)
  const wasRight = prepared !== password && (await verify(stored ?? nobodys, password))
  return (right || wasRight) && Boolean(stored)
}

/** The user with this email and password, or undefined, in the same time. */
export async function findUserByPassword(db: Database | Trx, email: string, password: string) {
  const user = await findUserByEmail(db, email)
  return (await matches(user?.password_hash, password)) ? user : undefined
}

export async function isPasswordOf(db: Database | Trx, userId: string, password: string): Promise<boolean> {
  const user = await findPasswordHash(db, userId)
  return matches(user?.password_hash, password)
}
