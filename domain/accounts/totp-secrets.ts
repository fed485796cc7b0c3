import type { Database } from '#db/client'
import { type Sealed, listTotpNotSealedBy, resealTotp } from '#db/queries/accounts/totp'
import { seal, sealingKeyId, unseal } from '../crypto/sealing.ts'

/** Encrypts the secret that a person's authenticator app shares with this server. */
export function sealTotp(secret: Buffer, userId: string): Sealed {
  const { keyId, sealed } = seal('totp', secret, userId)
  return { key_id: keyId, sealed }
}

const tryUnseal = ({ key_id, sealed }: Sealed, userId: string) => unseal('totp', { keyId: key_id, sealed }, userId)

/** Throws where no known secret decrypts it: the settings then lack one. */
export function unsealTotp(stored: Sealed, userId: string): Buffer {
  const secret = tryUnseal(stored, userId)
  if (secret) return secret
  throw new Error(
    `No known secret decrypts what the key ${stored.key_id} encrypted. Add the old secret to BULKHEAD_PREVIOUS_SECRETS`,
  )
}

/** Re-encrypts every secret encrypted under a previous key. Returns how many, and how many no known key decrypts. */
export async function rotateTotpSecrets(db: Database): Promise<{ resealed: number; unknown: number }> {
  const counts = { resealed: 0, unknown: 0 }
  for (let after: string | undefined; ;) {
    const factors = await listTotpNotSealedBy(db, sealingKeyId('totp'), after, 500)
    after = factors.at(-1)?.user_id
    if (after === undefined) return counts
    for (const { user_id: userId, ...stored } of factors) {
      const opened = tryUnseal(stored, userId)
      if (opened) await resealTotp(db, userId, stored.sealed, sealTotp(opened, userId))
      counts[opened ? 'resealed' : 'unknown']++
    }
  }
}
