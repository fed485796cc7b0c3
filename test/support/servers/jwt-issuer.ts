import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT, exportJWK, generateKeyPair } from 'jose'

/** An issuer of JWTs that the v1 API trusts, with its keys on a free port of this machine. */
export async function startJwtIssuer() {
  const keys = await generateKeyPair('RS256')
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] })
  const server = createServer((_, response) => response.setHeader('content-type', 'application/json').end(jwks))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const [issuer, audience] = ['https://sso.example.test/', 'https://config.example.test']
  return {
    issuer,
    settings: {
      BULKHEAD_JWT_JWKS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
      BULKHEAD_JWT_ISSUER: issuer,
      BULKHEAD_JWT_AUDIENCE: audience,
    },
    jwt: (claims: Record<string, unknown>) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: 'one' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject('constant')
        .setIssuedAt()
        .setExpirationTime('5 minutes')
        .sign(keys.privateKey),
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
