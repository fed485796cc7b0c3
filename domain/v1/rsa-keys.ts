import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { TryLater } from '../errors.ts'

const generate = promisify(generateKeyPair)

/** Keys waiting to be made. Each takes a tenth of a second of one processor. */
const MOST_WAITING = 10

let waiting = 0
let last: Promise<unknown> = Promise.resolve()

/**
 * A new key for a core instance, in the form that its clients decode: PEM in base64, with the algorithm in the label of the public
 * half too. One is made at a time, so that a burst of them leaves the other processors alone.
 */
export async function newRsaKey(): Promise<{ privateRSAKey: string; publicRSAKey: string }> {
  if (waiting >= MOST_WAITING) throw new TryLater('overloaded', 'Too many core instances are being created', 5)
  waiting++
  const made = last.then(() => generate('rsa', { modulusLength: 2048 })).finally(() => waiting--)
  last = made.catch(() => {})
  const { privateKey, publicKey } = await made
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString().replaceAll(' PUBLIC KEY', ' RSA PUBLIC KEY')
  return {
    privateRSAKey: Buffer.from(privateKey.export({ type: 'pkcs1', format: 'pem' })).toString('base64'),
    publicRSAKey: Buffer.from(pem).toString('base64'),
  }
}
