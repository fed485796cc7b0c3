import type { Database } from '#db/client'
import { type SealedRow, countValuesNotSealedBy, listValuesSealedBy, resealValue } from '#db/queries/catalog/secrets'
import { type Sealed, previousKeyIds, seal, sealingKeyId, unseal } from '../crypto/sealing.ts'

/** Which secret and environment a value belongs to. */
type SealedFor = { projectId: string; secret: string; envId: string }

const whose = ({ projectId, secret, envId }: SealedFor) => JSON.stringify([projectId, secret, envId])

export const sealSecret = (value: string, what: SealedFor): Sealed => seal('secret-values', Buffer.from(value), whose(what))

/** Re-encrypts every value encrypted under a previous secret. Returns how many, and how many no known secret decrypts. */
export async function rotateSecretValues(db: Database): Promise<{ resealed: number; unknown: number }> {
  const previous = previousKeyIds('secret-values')
  let resealed = 0
  for (let after: SealedRow | undefined; ;) {
    const values = await listValuesSealedBy(db, previous, after, 500)
    after = values.at(-1)
    if (!after) break
    for (const value of values) {
      const what = whose({ projectId: value.project_id, secret: value.secret, envId: value.env_id })
      const opened = unseal('secret-values', { keyId: value.key_id, sealed: value.sealed }, what)
      if (!opened) continue
      const { keyId, sealed } = seal('secret-values', opened, what)
      await resealValue(db, { projectId: value.project_id, generation: value.generation }, value, keyId, sealed)
      resealed++
    }
  }
  return { resealed, unknown: await countValuesNotSealedBy(db, sealingKeyId('secret-values')) }
}
