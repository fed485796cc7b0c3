import type { Database } from '#db/client'
import { rotateSecretValues } from '../catalog/secret-values.ts'
import { rotateTotpSecrets } from '../accounts/totp-secrets.ts'
import { rotateWebhookSecrets } from '../webhooks/secrets.ts'

/**
 * Re-encrypts everything encrypted under a previous secret (`BULKHEAD_PREVIOUS_SECRETS`). Safe to stop anywhere and to run beside
 * writers. Returns how many were re-encrypted, and how many no known key decrypts; those stay unchanged.
 */
export async function rotateSealing(db: Database): Promise<{ resealed: number; unknown: number }> {
  const all = [await rotateSecretValues(db), await rotateTotpSecrets(db), await rotateWebhookSecrets(db)]
  return {
    resealed: all.reduce((sum, { resealed }) => sum + resealed, 0),
    unknown: all.reduce((sum, { unknown }) => sum + unknown, 0),
  }
}
