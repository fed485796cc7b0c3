import { hash, verify } from '@node-rs/argon2'
import { findPasswordHash, findUserByEmail } from '#db/queries/accounts/users'
import type { Database, Trx } from '#db/client'

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const hashPassword = (password: string) => hash(password, cost)

/** The hash of nobody's password, so that an unknown user takes as long to refuse as a known one. */
let nobody: Promise<string> | undefined
const nobodysHash = () => (nobody ??= hashPassword('nobody has this password'))

async function matches(stored: string | null | undefined, password: string): Promise<boolean> {
  // Made for whoever is first, so that the first unknown one does not take longer either.
  const nobodys = await nobodysHash()
  const right = await verify(stored ?? nobodys, password)
  return right && Boolean(stored)
}

/** The user of this email and password, or undefined, in the same time. */
export async function findUserByPassword(db: Database | Trx, email: string, password: string) {
  const user = await findUserByEmail(db, email)
  return (await matches(user?.password_hash, password)) ? user : undefined
}

export async function isPasswordOf(db: Database | Trx, userId: string, password: string): Promise<boolean> {
  const user = await findPasswordHash(db, userId)
  return matches(user?.password_hash, password)
}
