import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import type { PresentedCredential, RegisteredCredential } from '#contract/accounts/webauthn'
import type { Database, Trx } from '#db/client'
import { spendNonce } from '#db/queries/accounts/spent-nonces'
import { DomainError } from '../errors.ts'
import { derivedKey, publicOrigin } from '#config/settings'

/** A third of all modules: a server loads it as it starts, and the command line does without. */
export const loadPasskeys = () => import('@simplewebauthn/server')

/** How long an authenticator may take, in seconds. */
export const CHALLENGE_SECONDS = 5 * 60

/** What a challenge is for, and for which session or attempt: it works for nothing else. */
export type Ceremony = { purpose: 'register' | 'sign-in' | 'second-step' | 'prove-again'; by: string }

/**
 * The relying party that authenticators know, which must be a name: the loopback address becomes `localhost`. Undefined at any
 * other bare address and at a name without https, where browsers support no passkeys.
 */
export function relyingParty(address = publicOrigin() ?? ''): { id: string; origin: string } | undefined {
  const url = new URL(address)
  if (['127.0.0.1', '[::1]'].includes(url.hostname)) url.hostname = 'localhost'
  const isName = isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0
  const isSafe = url.protocol === 'https:' || url.hostname === 'localhost'
  return isName && isSafe ? { id: url.hostname, origin: url.origin } : undefined
}

function ourselves() {
  const party = relyingParty()
  if (party) return party
  throw new DomainError(
    'passkeys_unavailable',
    'Passkeys need the console to be opened by a host name over https. Ask the operator of this server to set BULKHEAD_URL',
  )
}

const NONCE = 16
const TIME = 6

const seal = (head: Buffer, { purpose, by }: Ceremony) =>
  createHmac('sha256', derivedKey('webauthn-challenge'))
    .update(head)
    .update(JSON.stringify([purpose, by]))
    .digest()

/** A nonce, its expiry, and a MAC over both and the ceremony. Nothing is stored for challenges that are never used. */
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

/** Spends the challenge of an answer, once, whether or not the answer proves valid. */
export async function spendChallenge(db: Database | Trx, clientDataJSON: string, ceremony: Ceremony): Promise<string> {
  const challenge = challengeOf(clientDataJSON)
  if (isOpen(challenge, ceremony) && (await spendNonce(db, challenge, CHALLENGE_SECONDS))) return challenge
  throw new DomainError('passkey_expired', 'This passkey request has expired or was used already. Try the passkey again')
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

/** Asks for a discoverable passkey with user verification. Authenticators that hold a `known` one are excluded. */
export async function registrationOptions(ceremony: Ceremony, user: { id: string; email: string; name: string }, known: Known[]) {
  const { generateRegistrationOptions } = await loadPasskeys()
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

/** Without `known`, the browser offers any passkey it has for this server. */
export async function authenticationOptions(ceremony: Ceremony, known?: Known[]) {
  const { generateAuthenticationOptions } = await loadPasskeys()
  return generateAuthenticationOptions({
    rpID: ourselves().id,
    challenge: newChallenge(ceremony),
    timeout: CHALLENGE_SECONDS * 1000,
    userVerification: 'required',
    ...(known && { allowCredentials: named(known) }),
  })
}

/** EdDSA, ES256 and RS256, the algorithms of common authenticators. */
const algorithms = [-8, -7, -257]

const wrong = () => new DomainError('wrong_passkey', 'This passkey could not be verified. Try again, or use another passkey')

export async function verifyRegistration(response: RegisteredCredential, challenge: string) {
  const { id, origin } = ourselves()
  const expected = { expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: id, requireUserVerification: true }
  const { verifyRegistrationResponse } = await loadPasskeys()
  const verified = await verifyRegistrationResponse({
    response: response,
    supportedAlgorithmIDs: algorithms,
    ...expected,
  }).catch(() => undefined)
  if (!verified?.verified) throw wrong()
  return verified.registrationInfo.credential
}

type Stored = Known & { public_key: Buffer; counter: number }

/** Returns the new counter. A counter that does not rise indicates a copied passkey and is refused. */
export async function verifyAuthentication(response: PresentedCredential, challenge: string, stored: Stored | undefined) {
  if (!stored) throw wrong()
  const { id, origin } = ourselves()
  const credential = { id: stored.credential_id, publicKey: new Uint8Array(stored.public_key), counter: stored.counter }
  const expected = { expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: id, requireUserVerification: true }
  const given = { response: response as never, credential, ...expected }
  const { verifyAuthenticationResponse } = await loadPasskeys()
  const verified = await verifyAuthenticationResponse(given).catch(() => undefined)
  if (!verified?.verified) throw wrong()
  return verified.authenticationInfo.newCounter
}
