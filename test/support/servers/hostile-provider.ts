import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT, exportJWK, generateKeyPair } from 'jose'

type Claims = Record<string, unknown>

/** A provider that answers whatever a test sets, including what a correct one never would. */
export async function startHostileProvider() {
  const keys = await generateKeyPair('RS256', { extractable: true })
  const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] }
  let answer: { status: number; body: unknown } = { status: 500, body: {} }
  let description: Claims = {}
  let userinfo: Claims | undefined
  const server = createServer((request, response) => {
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.url === '/.well-known/openid-configuration') return json(200, { ...described(), ...description })
    if (request.url === '/jwks') return json(200, jwks)
    if (request.url === '/userinfo') return json(userinfo ? 200 : 401, userinfo ?? {})
    return json(answer.status, answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const described = () => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  })

  /** A valid ID token except for these claims; `undefined` removes one. */
  async function idToken(claims: Claims, { key = keys.privateKey, kid = 'one' } = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const right = { iss: issuer, aud: 'bulkhead', sub: 'somebody', iat: now, exp: now + 300, auth_time: now }
    return new SignJWT({ ...right, ...claims }).setProtectedHeader({ alg: 'RS256', kid }).sign(key)
  }

  return {
    issuer,
    settings: { BULKHEAD_OIDC_ISSUER: issuer, BULKHEAD_OIDC_CLIENT_ID: 'bulkhead', BULKHEAD_OIDC_NAME: 'Hostile' },
    idToken,
    /** Sets the answer of its token endpoint. */
    answers(status: number, body: unknown) {
      answer = { status, body }
    },
    /** Sets what userinfo answers about a person. */
    knows(claims: Claims | undefined) {
      userinfo = claims
    },
    /** Adds these fields to its metadata. */
    describes(claims: Claims) {
      description = claims
    },
    async stop() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
