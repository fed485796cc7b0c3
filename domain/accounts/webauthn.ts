import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import type { PresentedCredential, RegisteredCredential } from '#contract/accounts/webauthn'
import type { Database, Trx } from '#db/client'
import { spendNonce } from '#db/queries/accounts/spent-nonces'
import { DomainError } from '../errors.ts'
import { derivedKey } from '#config/settings'

/** How long an authenticator may take, in seconds. */
export const CHALLENGE_SECONDS = 5 * 60

/** What is being done, and by which session or attempt: a challenge given out for one is of no use for another. */
export type Ceremony = { purpose: 'register' | 'sign-in' | 'second-step' | 'prove-again'; by: string }

/**
 * Whom authenticators know us as. They know names only, so the loopback address goes by `localhost`; at any other bare address, and
 * at a name without https, browsers know no passkeys.
 */
export function relyingParty(address = process.env['BULKHEAD_URL'] ?? ''): { id: string; origin: string } | undefined {
  const url = new URL(address)
  if (['127.0.0.1', '[::1]'].includes(url.hostname)) url.hostname = 'localhost'
  const isName = isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0
  const isSafe = url.protocol === 'https:' || url.hostname === 'localhost'
  return isName && isSafe ? { id: url.hostname, origin: url.origin } : undefined
}

function ourselves() {
  const party = relyingParty()
  if (party) return party
  throw new DomainError('passkeys_unavailable', 'Passkeys need the console to have a name and https; this server has neither')
}

const NONCE = 16
const TIME = 6

const seal = (head: Buffer, { purpose, by }: Ceremony) =>
  createHmac('sha256', derivedKey('webauthn-challenge'))
    .update(head)
    .update(JSON.stringify([purpose, by]))
    .digest()

/** A nonce, when it ends, and our seal over both and the ceremony: nothing is kept of those that are never used. */
function newChallenge(ceremony: Ceremony): Uint8Array<ArrayBuffer> {
  const head = Buffer.alloc(NONCE + TIME)
  randomBytes(NONCE).copy(head)
  head.writeUIntBE(Date.now() + CHALLENGE_SECONDS * 1000, NONCE, TIME)
  return new Uint8Array(Buffer.concat([head, seal(head, ceremony)]))
}

function isOpen(challenge: string, ceremony: Ceremony, now = Date.now()): boolean {
  const bytes = Buffer.from(challenge, 'base64url')
  const head = bytes.subarray(0, NONCE + TIME)
  const right = seal(head, ceremony)
  const sealed = bytes.subarray(NONCE + TIME)
  return sealed.length === right.length && timingSafeEqual(sealed, right) && head.readUIntBE(NONCE, TIME) >= now
}

/** Takes the challenge that an answer is to, once, whatever the answer is worth. */
export async function spendChallenge(db: Database | Trx, clientDataJSON: string, ceremony: Ceremony): Promise<string> {
  const challenge = challengeOf(clientDataJSON)
  if (isOpen(challenge, ceremony) && (await spendNonce(db, challenge, CHALLENGE_SECONDS))) return challenge
  throw new DomainError('passkey_expired', 'This took too long, or was sent before; try the passkey again')
}

function challengeOf(clientDataJSON: string): string {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString()) as { challenge?: unknown }
    return typeof challenge === 'string' ? challenge : ''
  } catch {
    return ''
  }
}

type Known = { credential_id: string; transports: string[] }
const named = (known: Known[]) => known.map(({ credential_id: id, transports }) => ({ id, transports }))

/** Asks for a passkey that shows itself (discoverable) and verifies who holds it. `known` ones are not made again. */
export function registrationOptions(ceremony: Ceremony, user: { id: string; email: string; name: string }, known: Known[]) {
  return generateRegistrationOptions({
    rpName: 'Bulkhead',
    rpID: ourselves().id,
    userID: new Uint8Array(Buffer.from(user.id)),
    userName: user.email,
    userDisplayName: user.name,
    challenge: newChallenge(ceremony),
    timeout: CHALLENGE_SECONDS * 1000,
    supportedAlgorithmIDs: algorithms,
    excludeCredentials: named(known),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
}

/** Without `known` whichever passkey the browser has for us. */
export function authenticationOptions(ceremony: Ceremony, known?: Known[]) {
  return generateAuthenticationOptions({
    rpID: ourselves().id,
    challenge: newChallenge(ceremony),
    timeout: CHALLENGE_SECONDS * 1000,
    userVerification: 'required',
    ...(known && { allowCredentials: named(known) }),
  })
}

/** EdDSA, ES256, RS256: what authenticators speak. */
const algorithms = [-8, -7, -257]

const wrong = () => new DomainError('wrong_passkey', 'This passkey could not be verified')

export async function verifyRegistration(response: RegisteredCredential, challenge: string) {
  const { id, origin } = ourselves()
  const expected = { expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: id, requireUserVerification: true }
  const verified = await verifyRegistrationResponse({
    response: response as never,
    supportedAlgorithmIDs: algorithms,
    ...expected,
  }).catch(() => undefined)
  if (!verified?.verified) throw wrong()
  return verified.registrationInfo.credential
}

type Stored = Known & { public_key: Buffer; counter: number }

/** Answers the counter that comes next: one that does not rise tells of a copy, and is refused. */
export async function verifyAuthentication(response: PresentedCredential, challenge: string, stored: Stored | undefined) {
  if (!stored) throw wrong()
  const { id, origin } = ourselves()
  const credential = { id: stored.credential_id, publicKey: new Uint8Array(stored.public_key), counter: stored.counter }
  const expected = { expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: id, requireUserVerification: true }
  const given = { response: response as never, credential, ...expected }
  const verified = await verifyAuthenticationResponse(given).catch(() => undefined)
  if (!verified?.verified) throw wrong()
  return verified.authenticationInfo.newCounter
}
