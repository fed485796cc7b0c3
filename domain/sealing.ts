import type { Database } from '#db/client'
import { type SealedRow, countValuesNotSealedBy, listValuesSealedBy, resealValue } from '#db/queries/secrets'
import { decrypt, encrypt } from './cipher.ts'
import { derivedKey, derivedKeyOf, keyIdOf, previousSecrets } from './settings.ts'

const PURPOSE = 'secret-values'

/** Which value it is: bound into the ciphertext, so that no value can be passed off as another's. */
export type SealedFor = { projectId: string; secret: string; envId: string }

const bound = ({ projectId, secret, envId }: SealedFor) => Buffer.from(JSON.stringify([projectId, secret, envId]))

/** Undefined for what was tampered with or belongs elsewhere. */
function tryUnseal(stored: Buffer, what: SealedFor, key: Buffer): Buffer | undefined {
  try {
    return decrypt(stored, bound(what), key)
  } catch {
    return undefined
  }
}

/** AES-256-GCM under a key derived from `BULKHEAD_SECRET`. */
export function sealSecret(value: string, what: SealedFor): { keyId: string; sealed: Buffer } {
  const key = derivedKey(PURPOSE)
  return { keyId: keyIdOf(key), sealed: encrypt(Buffer.from(value), bound(what), key) }
}

/**
 * Seals every value anew that a previous secret's key has sealed (`BULKHEAD_PREVIOUS_SECRETS`). Safe to stop anywhere and to run beside
 * writers. Answers how many were sealed anew, and how many no known key opens: those stay as they are.
 */
export async function rotateSealing(db: Database): Promise<{ resealed: number; unknown: number }> {
  const current = derivedKey(PURPOSE)
  const previous = previousSecrets().map((secret) => derivedKeyOf(secret, PURPOSE))
  const known = new Map(previous.map((key) => [keyIdOf(key), key]))
  known.delete(keyIdOf(current))
  let resealed = 0
  for (let after: SealedRow | undefined; ;) {
    const values = await listValuesSealedBy(db, [...known.keys()], after, 500)
    after = values.at(-1)
    if (!after) break
    for (const value of values) {
      const what = { projectId: value.project_id, secret: value.secret, envId: value.env_id }
      const opened = tryUnseal(value.sealed, what, known.get(value.key_id)!)
      if (!opened) continue
      await resealValue(
        db,
        { projectId: value.project_id, generation: value.generation },
        value,
        keyIdOf(current),
        encrypt(opened, bound(what), current),
      )
      resealed++
    }
  }
  return { resealed, unknown: await countValuesNotSealedBy(db, keyIdOf(current)) }
}
