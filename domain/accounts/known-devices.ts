import type { Database, Trx } from '#db/client'
import { findUserByEmail } from '#db/queries/accounts/users'
import { newId } from '../ids.ts'
import { signedPayload, signedText } from '../crypto/signed-text.ts'
import { accountOf } from '../limits/throttle.ts'

/** When the account's address was verified: devices from before that belong to someone else and are not known. */
const sinceOf = async (db: Database | Trx, email: string) => (await findUserByEmail(db, email.trim()))?.email_verified_at ?? ''

/** The signed text that a device keeps after signing in to this account. It proves only that, and only to this server. */
export const deviceText = async (db: Database | Trx, email: string, device: string = newId()) =>
  signedText('device', { account: accountOf(email), device, since: await sinceOf(db, email) })

/** The device that a text names, if it signed in to this account before. */
export async function knownDevice(db: Database | Trx, email: string, text: string | undefined): Promise<string | undefined> {
  const payload = text === undefined ? undefined : signedPayload('device', text)
  if (payload?.['account'] !== accountOf(email)) return undefined
  return (payload['since'] ?? '') === (await sinceOf(db, email)) ? payload['device'] : undefined
}
