import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import { Name } from '#contract/common'
import { Email } from '#contract/email'
import type { Database } from '#db/client'
import type { Origin, UserActor } from '#domain/context'
import { DomainError } from '#domain/errors'
import { userByVerifiedEmail } from '#domain/accounts/verified-users'
import { emailClaim, jwtIssuer } from '#config/settings'
import { CLOCK_DIFFERENCE } from '../session/clock-difference.ts'
import { type Statement, statedAddress } from '../session/stated-address.ts'

/** The namespace of the claims that the v1 API's own issuer writes (reference v1, 1). */
const NAMESPACE = 'https://cloud.calyptia.com/'

type Issuer = { keys: ReturnType<typeof createRemoteJWKSet>; issuer: string; audience: string }
const known = new Map<string, Issuer>()

/** The issuer in `BULKHEAD_JWT_…`; undefined when none is configured. */
function trustedIssuer(): Issuer | undefined {
  const configured = jwtIssuer()
  if (!configured) return undefined
  const { url, issuer, audience } = configured
  const name = [url, issuer, audience].join(' ')
  let found = known.get(name)
  if (!found) known.set(name, (found = { keys: createRemoteJWKSet(new URL(url), { timeoutDuration: 5000 }), issuer, audience }))
  return found
}

/** A JWT has three parts; our own tokens have one or two. */
export const isJwt = (text: string) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)

const claim = (payload: JWTPayload, name: string): unknown => payload[name] ?? payload[NAMESPACE + name]

/** The plain claims, and those in the issuer's namespace: each set is about its own address. */
const statementsOf = (payload: JWTPayload): Statement[] => [
  payload,
  Object.fromEntries([emailClaim(), 'email', 'email_verified'].map((name) => [name, payload[NAMESPACE + name]])),
]

/**
 * The user of a JWT that the configured issuer signed, created on first use; undefined when it is not valid. The verified email
 * identifies them: the claim `email`, or the same in the issuer's namespace.
 */
export async function fromJwt(db: Database, text: string, origin: Origin): Promise<UserActor | undefined> {
  const issuer = trustedIssuer()
  const payload = issuer && (await verified(text, issuer))
  if (!payload) return undefined
  const address = statedAddress(issuer.issuer, statementsOf(payload))
  const email = Email.safeParse(address.email)
  if (!email.success) return undefined
  if (!address.emailVerified) throw new DomainError('unauthenticated', 'email not verified')
  const name = Name.safeParse(claim(payload, 'name')).data ?? null
  const person = await userByVerifiedEmail(
    db,
    { email: email.data, name },
    { requestId: origin.requestId, address: origin.address },
  )
  return { kind: 'user', ...person, via: 'jwt', credentialId: person.id, orgId: null, authenticatedAt: null }
}

/**
 * The claims; undefined when signature, issuer, audience or time are invalid. An unreachable key server is not the caller's
 * fault.
 */
async function verified(text: string, { keys, issuer, audience }: Issuer): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await jwtVerify(text, keys, {
      issuer,
      audience,
      algorithms: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'],
      requiredClaims: ['exp'],
      clockTolerance: CLOCK_DIFFERENCE,
    })
    return payload
  } catch (error) {
    const isTheirs = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout)
    const isJwksAnswer = error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC'
    if (isTheirs && !isJwksAnswer) return undefined
    throw new DomainError('unavailable', 'The keys of the token issuer could not be read. Try again in a moment')
  }
}
