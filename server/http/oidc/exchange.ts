import * as client from 'openid-client'
import type { OidcProblem } from '#contract/accounts/oidc-problems'
import { DomainError } from '#domain/errors'
import { type ProvenIdentity, oidcProblem } from '#domain/accounts/identities'
import { log } from '#server/log'
import { type Statement, addressIn, statedAddress } from '../session/stated-address.ts'
import type { Flow } from './flow.ts'
import { type Discovered, isUnreachable } from './provider.ts'

/**
 * Exchanges the callback's code at the provider and returns the person that its signed answer proves. Every failure has its own
 * code.
 */
export async function exchange(
  { configuration }: Discovered,
  { state, nonce, verifier }: Pick<Flow, 'state' | 'nonce' | 'verifier'>,
  callback: URL,
): Promise<ProvenIdentity> {
  try {
    const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }
    const tokens = await client.authorizationCodeGrant(configuration, callback, checks)
    const claims = tokens.claims()!
    const statements = await saidOf(configuration, tokens.access_token, claims)
    return {
      issuer: claims.iss,
      subject: claims.sub,
      ...statedAddress(claims.iss, statements),
      name: text(statements.map((statement) => statement['name']).find((name) => name !== undefined)),
      authenticatedAt: typeof claims.auth_time === 'number' ? new Date(claims.auth_time * 1000) : null,
    }
  } catch (error) {
    const code = problemOf(error)
    log.warn({ err: error, cause: causeOf(error), code }, 'a sign-in through the provider failed')
    throw oidcProblem(code)
  }
}

const text = (claim: unknown) => (typeof claim === 'string' && claim !== '' ? claim : null)

/** Adds the userinfo answer: many providers give the address, or that it is verified, only there. */
async function saidOf(configuration: client.Configuration, accessToken: string, claims: client.IDToken): Promise<Statement[]> {
  const isAll = addressIn(claims) !== undefined && (claims['email_verified'] ?? null) !== null
  if (isAll || !configuration.serverMetadata().userinfo_endpoint) return [claims]
  return [claims, await client.fetchUserInfo(configuration, accessToken, claims.sub)]
}

const claimProblems: Record<string, OidcProblem> = {
  nonce: 'oidc_nonce_mismatch',
  aud: 'oidc_audience_mismatch',
  azp: 'oidc_audience_mismatch',
  iss: 'oidc_issuer_mismatch',
}

/** Maps an error of the library to the code shown to the person. */
export function problemOf(error: unknown): OidcProblem {
  if (isUnreachable(error)) return 'oidc_unreachable'
  if (error instanceof client.AuthorizationResponseError)
    return error.error === 'access_denied' ? 'oidc_denied' : 'oidc_provider_error'
  if (error instanceof client.ResponseBodyError)
    return error.error === 'invalid_grant' ? 'oidc_code_refused' : 'oidc_provider_error'
  if (!(error instanceof client.ClientError)) return 'oidc_provider_error'
  const cause = detailOf(error)
  const { message } = innermost(error)
  switch (error.code) {
    case 'OAUTH_JWT_CLAIM_COMPARISON_FAILED':
      return claimProblems[String(cause['claim'])] ?? 'oidc_provider_error'
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return 'oidc_token_expired'
    case 'OAUTH_KEY_SELECTION_FAILED':
      return 'oidc_signature_invalid'
    case 'OAUTH_INVALID_RESPONSE':
      if (/signature|"alg"/.test(message)) return 'oidc_signature_invalid'
      return message.includes('"iss" (issuer)') ? 'oidc_issuer_mismatch' : 'oidc_provider_error'
    default:
      return 'oidc_provider_error'
  }
}

/** The library's original error inside the one that it throws. */
const innermost = (error: Error): Error => (error.cause instanceof Error ? innermost(error.cause) : error)

const detailOf = (error: Error) => (innermost(error).cause ?? {}) as Record<string, unknown>

/** For the log: the expected and actual values, never a token. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DomainError) return undefined
  const { claim, reason, expected } = detailOf(error)
  return { message: innermost(error).message, claim, reason, expected: typeof expected === 'string' ? expected : undefined }
}
