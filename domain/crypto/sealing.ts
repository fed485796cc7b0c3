import { decrypt, encrypt } from './cipher.ts'
import { derivedKey, derivedKeyOf, keyIdOf, previousSecrets } from '#config/settings'

/** Each purpose has its own key. */
export type Purpose = 'secret-values' | 'totp' | 'webhook-secrets' | 'canary'

/** A ciphertext, and the key that decrypts it. */
export type Sealed = { keyId: string; sealed: Buffer }

/**
 * Encrypts under a key derived from `BULKHEAD_SECRET`. Decrypting needs the same `whose`, so that a text cannot pass as
 * another's.
 */
export function seal(purpose: Purpose, plain: Buffer, whose: string): Sealed {
  const key = derivedKey(purpose)
  return { keyId: keyIdOf(key), sealed: encrypt(plain, Buffer.from(whose), key) }
}

/**
 * Undefined for a text that was tampered with, belongs elsewhere, or was encrypted under none of `BULKHEAD_SECRET` and
 * `BULKHEAD_PREVIOUS_SECRETS`.
 */
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

/** The id of the present key. */
export const sealingKeyId = (purpose: Purpose): string => keyIdOf(derivedKey(purpose))

/** The ids of the previous keys. */
export const previousKeyIds = (purpose: Purpose): string[] =>
  previousKeys(purpose)
    .map(keyIdOf)
    .filter((id) => id !== sealingKeyId(purpose))
