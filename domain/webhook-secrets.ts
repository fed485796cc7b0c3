import { createHmac, randomBytes } from 'node:crypto'
import type { Database } from '#db/client'
import { listSealedSecrets, resealSecret } from '#db/queries/webhooks'
import { idOf, seal, tryUnseal } from './sealing.ts'
import { derivedKey, derivedKeyOf, previousSecrets } from './settings.ts'

const PURPOSE = 'webhook-secrets'
const PREFIX = 'whsec_'

/** A secret as it is stored: only this server's key opens it, and only as the secret of this webhook. */
export type SealedSecret = { sealed: Buffer; sealed_by: string }

/** As Standard Webhooks writes it: a prefix, and the key in base64. */
export const newWebhookSecret = (): string => PREFIX + randomBytes(32).toString('base64')

export function sealWebhookSecret(webhookId: string, secret: string): SealedSecret {
  const key = derivedKey(PURPOSE)
  return { sealed: seal(Buffer.from(secret), Buffer.from(webhookId), key), sealed_by: idOf(key) }
}

/** Undefined when neither `BULKHEAD_SECRET` nor one of the previous secrets has sealed it. */
export function openWebhookSecret(webhookId: string, { sealed, sealed_by }: SealedSecret): string | undefined {
  const keys = [derivedKey(PURPOSE), ...previousSecrets().map((secret) => derivedKeyOf(secret, PURPOSE))]
  const key = keys.find((one) => idOf(one) === sealed_by)
  return key && tryUnseal(sealed, Buffer.from(webhookId), key)?.toString()
}

/** One signature: `v1,` and the HMAC of what identifies the message, when it was sent, and its body. */
export function signWebhook(secret: string, message: { id: string; timestamp: number; body: string }): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
  const { id, timestamp, body } = message
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}

/** Seals every webhook's secrets anew that a previous secret has sealed, as `rotateSealing` does with the values of secrets. */
export async function rotateWebhookSealing(db: Database): Promise<{ resealed: number; unknown: number }> {
  const current = idOf(derivedKey(PURPOSE))
  let [resealed, unknown] = [0, 0]
  const resealing = async (id: string, column: 'sealed' | 'previous_sealed', old: SealedSecret) => {
    if (old.sealed_by === current) return
    const secret = openWebhookSecret(id, old)
    if (secret === undefined) return void unknown++
    await resealSecret(db, id, column, old.sealed, sealWebhookSecret(id, secret))
    resealed++
  }
  for (let after: string | undefined; ;) {
    const found = await listSealedSecrets(db, after, 500)
    after = found.at(-1)?.id
    if (after === undefined) return { resealed, unknown }
    for (const { id, sealed, sealed_by, previous_sealed, previous_sealed_by } of found) {
      await resealing(id, 'sealed', { sealed, sealed_by })
      if (previous_sealed && previous_sealed_by)
        await resealing(id, 'previous_sealed', { sealed: previous_sealed, sealed_by: previous_sealed_by })
    }
  }
}
