import { createHmac, randomBytes } from 'node:crypto'
import type { Database } from '#db/client'
import { listSealedSecrets, resealSecret } from '#db/queries/webhooks/webhooks'
import { seal, sealingKeyId, unseal } from '../crypto/sealing.ts'

const PREFIX = 'whsec_'

/** A secret as stored: only this server's key decrypts it, and only for this webhook. */
export type SealedSecret = { sealed: Buffer; sealed_by: string }

/** In the format of Standard Webhooks: a prefix, and the key in base64. */
export const newWebhookSecret = (): string => PREFIX + randomBytes(32).toString('base64')

export function sealWebhookSecret(webhookId: string, secret: string): SealedSecret {
  const { keyId, sealed } = seal('webhook-secrets', Buffer.from(secret), webhookId)
  return { sealed, sealed_by: keyId }
}

/** Undefined when neither `BULKHEAD_SECRET` nor a previous secret encrypted it. */
export const openWebhookSecret = (webhookId: string, { sealed, sealed_by }: SealedSecret): string | undefined =>
  unseal('webhook-secrets', { keyId: sealed_by, sealed }, webhookId)?.toString()

/** One signature: `v1,` and the HMAC of the message's id, timestamp and body. */
export function signWebhook(secret: string, message: { id: string; timestamp: number; body: string }): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
  const { id, timestamp, body } = message
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}

/**
 * Re-encrypts every webhook secret encrypted under a previous secret. Returns how many, and how many no known secret decrypts.
 */
export async function rotateWebhookSecrets(db: Database): Promise<{ resealed: number; unknown: number }> {
  const current = sealingKeyId('webhook-secrets')
  let [resealed, unknown] = [0, 0]
  const resealing = async (orgId: string, id: string, column: 'sealed' | 'previous_sealed', old: SealedSecret) => {
    if (old.sealed_by === current) return
    const secret = openWebhookSecret(id, old)
    if (secret === undefined) return void unknown++
    await resealSecret(db, { orgId, id }, column, old.sealed, sealWebhookSecret(id, secret))
    resealed++
  }
  for (let after: string | undefined; ;) {
    const found = await listSealedSecrets(db, after, 500)
    after = found.at(-1)?.id
    if (after === undefined) return { resealed, unknown }
    for (const { org_id, id, sealed, sealed_by, previous_sealed, previous_sealed_by } of found) {
      await resealing(org_id, id, 'sealed', { sealed, sealed_by })
      if (previous_sealed && previous_sealed_by)
        await resealing(org_id, id, 'previous_sealed', { sealed: previous_sealed, sealed_by: previous_sealed_by })
    }
  }
}
