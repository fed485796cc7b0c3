import type { Database, Trx } from '#db/client'
import { findUserByEmail } from '#db/queries/accounts/users'
import { newId } from '../ids.ts'
import { signedPayload, signedText } from '../crypto/signed-text.ts'
import { accountOf } from '../limits/throttle.ts'

/** Since when the account is whose it is: a device of whoever had it before is not known. */
const sinceOf = async (db: Database | Trx, email: string) => (await findUserByEmail(db, email.trim()))?.email_verified_at ?? ''

/** Kept by a device on which this account was signed in to; says so, and nothing else, to this server. */
export const deviceText = async (db: Database | Trx, email: string, device: string = newId()) =>
  signedText('device', { account: accountOf(email), device, since: await sinceOf(db, email) })

/** The device that a text names, if it has signed in to this very account before. */
export async function knownDevice(db: Database | Trx, email: string, text: string | undefined): Promise<string | undefined> {
  const payload = text === undefined ? undefined : signedPayload('device', text)
  if (payload?.['account'] !== accountOf(email)) return undefined
  return (payload['since'] ?? '') === (await sinceOf(db, email)) ? payload['device'] : undefined
}
