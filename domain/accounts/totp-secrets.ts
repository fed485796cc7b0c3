import type { Database } from '#db/client'
import { type Sealed, listTotpNotSealedBy, resealTotp } from '#db/queries/accounts/totp'
import { seal, sealingKeyId, unseal } from '../crypto/sealing.ts'

/** Seals the secret that somebody's authenticator app shares with us. */
export function sealTotp(secret: Buffer, userId: string): Sealed {
  const { keyId, sealed } = seal('totp', secret, userId)
  return { key_id: keyId, sealed }
}

const tryUnseal = ({ key_id, sealed }: Sealed, userId: string) => unseal('totp', { keyId: key_id, sealed }, userId)

/** Throws where no known secret opens it: then one is missing from the settings. */
export function unsealTotp(stored: Sealed, userId: string): Buffer {
  const secret = tryUnseal(stored, userId)
  if (secret) return secret
  throw new Error(`No known secret opens what the key ${stored.key_id} has sealed; name it in BULKHEAD_PREVIOUS_SECRETS`)
}

/** Seals every secret anew that a previous one has sealed. Answers how many, and how many no known secret opens. */
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
