import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'
import type { PresentedCredential, RegisteredCredential } from '#contract/accounts/webauthn'

/** The options that a browser receives, as far as an authenticator needs them. */
type Asked = { challenge: string; rp?: { id?: string | undefined }; rpId?: string | undefined }

/** What can be wrong with an answer. */
export type Wrong = { origin?: string; challenge?: string; rpId?: string; unverified?: boolean; badSignature?: boolean }

const PRESENT = 1
const VERIFIED = 4
const ATTESTED = 64

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest()

/** CBOR of the few types that WebAuthn needs. */
function cbor(value: number | string | Buffer | Map<number | string, unknown>): Buffer {
  const head = (major: number, n: number) =>
    n < 24 ? Buffer.from([major | n]) : n < 256 ? Buffer.from([major | 24, n]) : Buffer.from([major | 25, n >> 8, n & 255])
  if (typeof value === 'number') return value < 0 ? head(0x20, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(0x60, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(0x40, value.length), value])
  const pairs = [...value].flatMap(([key, one]) => [cbor(key), cbor(one as never)])
  return Buffer.concat([head(0xa0, value.size), ...pairs])
}

/** A passkey in software: ES256, no attestation, a counter that rises with every use. */
export function softAuthenticator(origin: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const id = randomBytes(16)
  const key = new Map<number, number | Buffer>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, Buffer.from(x, 'base64url')],
    [-3, Buffer.from(y, 'base64url')],
  ])
  const state = { counter: 0 }

  const clientData = (type: string, asked: Asked, wrong: Wrong) =>
    Buffer.from(
      JSON.stringify({ type, challenge: wrong.challenge ?? asked.challenge, origin: wrong.origin ?? origin, crossOrigin: false }),
    )

  function authenticatorData(asked: Asked, flags: number, wrong: Wrong, more = Buffer.alloc(0)): Buffer {
    const rest = Buffer.alloc(5)
    rest[0] = flags | PRESENT | (wrong.unverified ? 0 : VERIFIED)
    rest.writeUInt32BE(++state.counter, 1)
    return Buffer.concat([sha256(wrong.rpId ?? asked.rp?.id ?? asked.rpId ?? ''), rest, more])
  }

  const named = { id: id.toString('base64url'), rawId: id.toString('base64url'), type: 'public-key' as const }
  return {
    ...named,
    origin,
    state,
    /** Like `navigator.credentials.create`. */
    create(asked: Asked, wrong: Wrong = {}): RegisteredCredential {
      const length = Buffer.from([0, id.length])
      const data = authenticatorData(asked, ATTESTED, wrong, Buffer.concat([Buffer.alloc(16), length, id, cbor(key)]))
      const attestation = new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', data],
      ])
      const response = {
        clientDataJSON: clientData('webauthn.create', asked, wrong).toString('base64url'),
        attestationObject: cbor(attestation).toString('base64url'),
        transports: ['internal'],
      }
      return { ...named, clientExtensionResults: {}, response }
    },
    /** Like `navigator.credentials.get`. */
    get(asked: Asked, wrong: Wrong = {}): PresentedCredential {
      const client = clientData('webauthn.get', asked, wrong)
      const data = authenticatorData(asked, 0, wrong)
      const signed = wrong.badSignature ? randomBytes(32) : Buffer.concat([data, sha256(client)])
      const response = {
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: createSign('sha256').update(signed).sign(privateKey).toString('base64url'),
      }
      return { ...named, clientExtensionResults: {}, response }
    },
  }
}

export type SoftAuthenticator = ReturnType<typeof softAuthenticator>
