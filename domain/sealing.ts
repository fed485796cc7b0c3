import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { Database } from '#db/client'
import { type SealedRow, countValuesNotSealedBy, listValuesSealedBy, resealValue } from '#db/queries/secrets'
import { listTotpNotSealedBy, resealTotp } from '#db/queries/totp'
import { derivedKey, derivedKeyOf, previousSecrets } from './settings.ts'

/** Each kind of sealed text has a key of its own. */
type Purpose = 'secret-values' | 'totp'
const IV = 12
const TAG = 16

/** Which value it is: bound into the ciphertext, so that no value can be passed off as another's. */
export type SealedFor = { projectId: string; secret: string; envId: string }

/** Or whose secret of an authenticator app. */
type Owner = { userId: string }

const bound = (what: SealedFor | Owner) =>
  Buffer.from(JSON.stringify('userId' in what ? [what.userId] : [what.projectId, what.secret, what.envId]))

/** Tells keys apart without telling anything about them. */
const idOf = (key: Buffer) => createHash('sha256').update(key).digest('base64url').slice(0, 12)

function seal(value: Buffer, what: SealedFor | Owner, key: Buffer): Buffer {
  const iv = randomBytes(IV)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(bound(what))
  const sealed = Buffer.concat([cipher.update(value), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed])
}

function unseal(stored: Buffer, what: SealedFor | Owner, key: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, stored.subarray(0, IV)).setAAD(bound(what))
  decipher.setAuthTag(stored.subarray(IV, IV + TAG))
  return Buffer.concat([decipher.update(stored.subarray(IV + TAG)), decipher.final()])
}

/** Undefined for what was tampered with or belongs elsewhere. */
function tryUnseal(stored: Buffer, what: SealedFor | Owner, key: Buffer): Buffer | undefined {
  try {
    return unseal(stored, what, key)
  } catch {
    return undefined
  }
}

/** AES-256-GCM under a key derived from `BULKHEAD_SECRET`. */
export function sealSecret(value: string, what: SealedFor): { keyId: string; sealed: Buffer } {
  const key = derivedKey('secret-values')
  return { keyId: idOf(key), sealed: seal(Buffer.from(value), what, key) }
}

/** The same for the secret that somebody's authenticator app shares with us. */
export function sealTotp(secret: Buffer, owner: Owner): { key_id: string; sealed: Buffer } {
  const key = derivedKey('totp')
  return { key_id: idOf(key), sealed: seal(secret, owner, key) }
}

/** Also one that a previous secret's key has sealed. Throws where none opens it: then a secret is missing from the settings. */
export function unsealTotp(stored: { key_id: string; sealed: Buffer }, owner: Owner): Buffer {
  const key = [derivedKey('totp'), ...previousKeys('totp').values()].find((one) => idOf(one) === stored.key_id)
  if (!key)
    throw new Error(`No known secret opens what the key ${stored.key_id} has sealed; name it in BULKHEAD_PREVIOUS_SECRETS`)
  return unseal(stored.sealed, owner, key)
}

/** The keys of the secrets that were in force before, by their ids. */
function previousKeys(purpose: Purpose): Map<string, Buffer> {
  const keys = previousSecrets().map((secret) => derivedKeyOf(secret, purpose))
  const known = new Map(keys.map((key) => [idOf(key), key]))
  known.delete(idOf(derivedKey(purpose)))
  return known
}

type Rotated = { resealed: number; unknown: number }

/**
 * Seals everything anew that a previous secret's key has sealed (`BULKHEAD_PREVIOUS_SECRETS`). Safe to stop anywhere and to run beside
 * writers. Answers how many were sealed anew, and how many no known key opens: those stay as they are.
 */
export async function rotateSealing(db: Database): Promise<Rotated> {
  const [values, totp] = [await rotateValues(db), await rotateTotp(db)]
  return { resealed: values.resealed + totp.resealed, unknown: values.unknown + totp.unknown }
}

async function rotateValues(db: Database): Promise<Rotated> {
  const current = derivedKey('secret-values')
  const known = previousKeys('secret-values')
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
        idOf(current),
        seal(opened, what, current),
      )
      resealed++
    }
  }
  return { resealed, unknown: await countValuesNotSealedBy(db, idOf(current)) }
}

async function rotateTotp(db: Database): Promise<Rotated> {
  const current = idOf(derivedKey('totp'))
  const known = previousKeys('totp')
  const counts = { resealed: 0, unknown: 0 }
  for (let after: string | undefined; ;) {
    const factors = await listTotpNotSealedBy(db, current, after, 500)
    after = factors.at(-1)?.user_id
    if (after === undefined) return counts
    for (const { user_id: userId, key_id: keyId, sealed } of factors) {
      const key = known.get(keyId)
      const opened = key && tryUnseal(sealed, { userId }, key)
      if (opened) await resealTotp(db, userId, sealed, sealTotp(opened, { userId }))
      counts[opened ? 'resealed' : 'unknown']++
    }
  }
}
