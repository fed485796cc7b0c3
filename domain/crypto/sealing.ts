import { decrypt, encrypt } from './cipher.ts'
import { derivedKey, derivedKeyOf, keyIdOf, previousSecrets } from '#config/settings'

/** Each kind of sealed text has a key of its own. */
export type Purpose = 'secret-values' | 'totp' | 'webhook-secrets' | 'canary'

/** A sealed text, and which key opens it. */
export type Sealed = { keyId: string; sealed: Buffer }

/** Seals under a key derived from `BULKHEAD_SECRET`. `whose` must be said again to open it, so that nothing is passed off as another's. */
export function seal(purpose: Purpose, plain: Buffer, whose: string): Sealed {
  const key = derivedKey(purpose)
  return { keyId: keyIdOf(key), sealed: encrypt(plain, Buffer.from(whose), key) }
}

/** Undefined for what was tampered with, belongs elsewhere, or was sealed by no secret of `BULKHEAD_SECRET` and `BULKHEAD_PREVIOUS_SECRETS`. */
export function unseal(purpose: Purpose, { keyId, sealed }: Sealed, whose: string): Buffer | undefined {
  const keys = [derivedKey(purpose), ...previousKeys(purpose)]
  const key = keys.find((one) => keyIdOf(one) === keyId)
  try {
    return key && decrypt(sealed, Buffer.from(whose), key)
  } catch {
    return undefined
  }
}

const previousKeys = (purpose: Purpose) => previousSecrets().map((secret) => derivedKeyOf(secret, purpose))

/** The id of the key that seals now. */
export const sealingKeyId = (purpose: Purpose): string => keyIdOf(derivedKey(purpose))

/** The ids of the keys that sealed before. */
export const previousKeyIds = (purpose: Purpose): string[] =>
  previousKeys(purpose)
    .map(keyIdOf)
    .filter((id) => id !== sealingKeyId(purpose))
