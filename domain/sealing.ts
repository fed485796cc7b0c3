import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { Database } from '#db/client'
import { type SealedRow, countValuesNotSealedBy, listValuesSealedBy, resealValue } from '#db/queries/secrets'
import { derivedKey, derivedKeyOf, previousSecrets } from './settings.ts'

const PURPOSE = 'secret-values'
const IV = 12
const TAG = 16

/** Which value it is: bound into the ciphertext, so that no value can be passed off as another's. */
export type SealedFor = { projectId: string; secret: string; envId: string }

const bound = ({ projectId, secret, envId }: SealedFor) => Buffer.from(JSON.stringify([projectId, secret, envId]))

/** Tells keys apart without telling anything about them. */
export const idOf = (key: Buffer) => createHash('sha256').update(key).digest('base64url').slice(0, 12)

/** `whose` is bound into the ciphertext. */
export function seal(value: Buffer, whose: Buffer, key: Buffer): Buffer {
  const iv = randomBytes(IV)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(whose)
  const sealed = Buffer.concat([cipher.update(value), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed])
}

function unseal(stored: Buffer, whose: Buffer, key: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, stored.subarray(0, IV)).setAAD(whose)
  decipher.setAuthTag(stored.subarray(IV, IV + TAG))
  return Buffer.concat([decipher.update(stored.subarray(IV + TAG)), decipher.final()])
}

/** Undefined for what was tampered with or belongs elsewhere. */
export function tryUnseal(stored: Buffer, whose: Buffer, key: Buffer): Buffer | undefined {
  try {
    return unseal(stored, whose, key)
  } catch {
    return undefined
  }
}

/** AES-256-GCM under a key derived from `BULKHEAD_SECRET`. */
export function sealSecret(value: string, what: SealedFor): { keyId: string; sealed: Buffer } {
  const key = derivedKey(PURPOSE)
  return { keyId: idOf(key), sealed: seal(Buffer.from(value), bound(what), key) }
}

/**
 * Seals every value anew that a previous secret's key has sealed (`BULKHEAD_PREVIOUS_SECRETS`). Safe to stop anywhere and to run beside
 * writers. Answers how many were sealed anew, and how many no known key opens: those stay as they are.
 */
export async function rotateSealing(db: Database): Promise<{ resealed: number; unknown: number }> {
  const current = derivedKey(PURPOSE)
  const previous = previousSecrets().map((secret) => derivedKeyOf(secret, PURPOSE))
  const known = new Map(previous.map((key) => [idOf(key), key]))
  known.delete(idOf(current))
  let resealed = 0
  for (let after: SealedRow | undefined; ;) {
    const values = await listValuesSealedBy(db, [...known.keys()], after, 500)
    after = values.at(-1)
    if (!after) break
    for (const value of values) {
      const whose = bound({ projectId: value.project_id, secret: value.secret, envId: value.env_id })
      const opened = tryUnseal(value.sealed, whose, known.get(value.key_id)!)
      if (!opened) continue
      await resealValue(
        db,
        { projectId: value.project_id, generation: value.generation },
        value,
        idOf(current),
        seal(opened, whose, current),
      )
      resealed++
    }
  }
  return { resealed, unknown: await countValuesNotSealedBy(db, idOf(current)) }
}
