import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const IV = 12
const TAG = 16

/** AES-256-GCM. Decrypting needs the same `bound` data, so that a ciphertext cannot be moved elsewhere. */
export function encrypt(plain: Buffer, bound: Buffer, key: Buffer): Buffer {
  const iv = randomBytes(IV)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(bound)
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed])
}

/** Throws if the text was tampered with, belongs elsewhere or is under another key. */
export function decrypt(stored: Buffer, bound: Buffer, key: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, stored.subarray(0, IV)).setAAD(bound)
  decipher.setAuthTag(stored.subarray(IV, IV + TAG))
  return Buffer.concat([decipher.update(stored.subarray(IV + TAG)), decipher.final()])
}
