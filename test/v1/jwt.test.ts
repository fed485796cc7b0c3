import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT, exportJWK, generateKeyPair } from 'jose'
import { afterAll, describe, expect, test } from 'vitest'
import type { V1Environment } from '#contract/v1/environments'
import type { V1Project } from '#contract/v1/projects'
import type { V1Token } from '#contract/v1/tokens'
import { createCast } from '../support/world/cast.ts'
import { startLane } from '../support/http/lane.ts'
import { v1Client } from '../support/v1/client.ts'
import { refusalOf } from '../support/v1/surface.ts'

const ISSUER = 'https://sso.example.test/'
const AUDIENCE = 'https://config.calyptia.com'
const NAMESPACE = 'https://cloud.calyptia.com/'

const keys = await generateKeyPair('RS256')
const strangers = await generateKeyPair('RS256')
const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] })
let asked = 0
const issuer = createServer((_, response) => {
  asked++
  response.setHeader('content-type', 'application/json').end(jwks)
})
await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve))

const lane = await startLane()
Object.assign(process.env, {
  BULKHEAD_JWT_JWKS_URL: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks.json`,
  BULKHEAD_JWT_ISSUER: ISSUER,
  BULKHEAD_JWT_AUDIENCE: AUDIENCE,
})
const cast = await createCast(lane.db)
afterAll(async () => {
  await lane.stop()
  issuer.close()
})

type Given = {
  claims?: Record<string, unknown>
  key?: CryptoKey
  issuer?: string
  audience?: string
  expires?: string
  header?: object
}

/** A token as the issuer makes it, or with one mistake. `sub` is the same for everybody, as it is upstream. */
const jwt = ({ claims = {}, key = keys.privateKey, ...given }: Given = {}) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: 'one', ...given.header })
    .setIssuer(given.issuer ?? ISSUER)
    .setAudience(given.audience ?? AUDIENCE)
    .setSubject('constant')
    .setIssuedAt()
    .setExpirationTime(given.expires ?? '5 minutes')
    .sign(key)

const namespaced = (email: string, verified: unknown = true) => ({
  [`${NAMESPACE}email`]: email,
  [`${NAMESPACE}name`]: 'Ana María',
  [`${NAMESPACE}email_verified`]: verified,
})
const client = (bearer: string) => v1Client(lane.origin, { bearer })

describe('a JWT of the configured issuer', () => {
  test.for([
    ['namespaced claims', namespaced('ana.maria@example.test')],
    ['standard claims', { email: 'Bo@Example.test', email_verified: true, name: 'Bo' }],
  ] as const)('with %s creates its user with a project, token and environment `default`', async ([, claims]) => {
    const v1 = client(await jwt({ claims }))
    const { items } = await v1.list<V1Project>('/v1/projects')
    expect(items).toMatchObject([{ name: 'default', membersCount: 1, membership: { roles: ['creator'], permissions: [] } }])
    const [project] = items
    const email = (Object.values(claims)[0] as string).toLowerCase()
    expect(project!.membership!.user).toMatchObject({ email, name: email.startsWith('bo') ? 'Bo' : 'Ana María' })
    const path = `/v1/projects/${project!.id}`
    expect((await v1.list<V1Token>(`${path}/tokens`)).items.map(({ name }) => name)).toEqual(['default'])
    expect((await v1.list<V1Environment>(`${path}/environments`)).items.map(({ name }) => name)).toEqual(['default'])
    // A second call creates nothing more.
    expect((await client(await jwt({ claims })).list<V1Project>('/v1/projects')).items).toEqual(items)
  })

  test('of a known person is that person, and creates no second organization', async () => {
    const stage = await cast.project('known')
    const { admin } = cast.people
    const { items } = await client(await jwt({ claims: namespaced(admin.email) })).list<V1Project>('/v1/projects')
    expect(items.map(({ id }) => id)).toEqual([stage.id])
  })

  test('fetches the issuer’s keys once, not for every request', () => expect(asked).toBe(1))

  const fine = namespaced('wrong@example.test')
  const wrong: [string, Given, string][] = [
    ['another audience', { claims: fine, audience: 'other' }, 'invalid token'],
    ['another issuer', { claims: fine, issuer: 'https://evil.test/' }, 'invalid token'],
    ['a time that is over', { claims: fine, expires: '1 hour ago' }, 'invalid token'],
    ['a time that has been over for a minute', { claims: fine, expires: '1 minute ago' }, 'invalid token'],
    ['a key that is not the issuer’s', { claims: fine, key: strangers.privateKey }, 'invalid token'],
    ['an email that nobody verified', { claims: namespaced('wrong@example.test', false) }, 'email not verified'],
    ['the word “false”', { claims: namespaced('wrong@example.test', 'false') }, 'email not verified'],
    ['a word that is none for it', { claims: namespaced('wrong@example.test', 'TRUE') }, 'email not verified'],
    ['a number for it', { claims: namespaced('wrong@example.test', 1) }, 'email not verified'],
    [
      'a verification of another address',
      { claims: { ...namespaced('another@example.test'), email: 'wrong@example.test' } },
      'email not verified',
    ],
    ['an email that only looks like somebody’s', { claims: namespaced('\u212Aim@example.test') }, 'invalid token'],
    ['no word on whether it is verified', { claims: { email: 'wrong@example.test' } }, 'email not verified'],
    ['no email', { claims: { email_verified: true } }, 'invalid token'],
    ['an email that is none', { claims: namespaced('x') }, 'invalid token'],
  ]
  test.for(wrong)('with %s is refused', async ([, given, error]) => {
    expect(await refusalOf(client(await jwt(given)).list('/v1/projects'))).toEqual([401, error])
    const found = await lane.db.selectFrom('users').select('id').where('email', '=', 'wrong@example.test').execute()
    expect(found).toEqual([])
  })

  test('is accepted while the issuer’s clock is less than 30 seconds from ours, like a provider’s', async () => {
    const claims = namespaced('clock@example.test')
    const soon = Math.floor(Date.now() / 1000) + 20
    for (const given of [{ claims, expires: '20 seconds ago' }, { claims: { ...claims, nbf: soon } }])
      // oxlint-disable-next-line no-await-in-loop
      expect((await client(await jwt(given)).list<V1Project>('/v1/projects')).items).toHaveLength(1)
  })

  test('is accepted when its address is marked as verified by a string', async () => {
    const { items } = await client(await jwt({ claims: namespaced('cognito@example.test', 'true') })).list<V1Project>(
      '/v1/projects',
    )
    expect(items).toHaveLength(1)
  })

  test('without an `email_verified` claim is accepted only from a trusted issuer, with the address from the configured claim', async () => {
    const claims = { upn: 'entra@example.test', name: 'Enya' }
    const list = async (given: object) => client(await jwt({ claims: { ...claims, ...given } })).list<V1Project>('/v1/projects')
    expect(await refusalOf(list({}))).toEqual([401, 'invalid token'])
    process.env['BULKHEAD_EMAIL_CLAIM'] = 'upn'
    expect(await refusalOf(list({}))).toEqual([401, 'email not verified'])
    process.env['BULKHEAD_TRUSTED_EMAIL_ISSUERS'] = 'https://elsewhere.test'
    expect(await refusalOf(list({}))).toEqual([401, 'email not verified'])
    process.env['BULKHEAD_TRUSTED_EMAIL_ISSUERS'] = `https://elsewhere.test,${ISSUER}`
    expect((await list({})).items).toHaveLength(1)
    expect(await refusalOf(list({ email_verified: false }))).toEqual([401, 'email not verified'])
    delete process.env['BULKHEAD_EMAIL_CLAIM']
    delete process.env['BULKHEAD_TRUSTED_EMAIL_ISSUERS']
  })

  test('is refused when it is unsigned, or signed with the public key as a secret', async () => {
    const [, payload] = (await jwt({ claims: fine })).split('.')
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.AA`
    const secret = new TextEncoder().encode(jwks)
    const hmac = await new SignJWT(fine)
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime('1m')
      .sign(secret)
    for (const forged of [none, hmac])
      expect(await refusalOf(client(forged).list('/v1/projects'))).toEqual([401, 'invalid token'])
  })

  test('answers 503 while the issuer’s keys cannot be read, and 401 when no issuer is configured', async () => {
    const token = await jwt({ claims: fine })
    const { BULKHEAD_JWT_JWKS_URL: url } = process.env
    process.env['BULKHEAD_JWT_JWKS_URL'] = 'http://127.0.0.1:1/jwks.json'
    const away = await lane.send(token, 'GET /v1/projects')
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '1'])
    delete process.env['BULKHEAD_JWT_JWKS_URL']
    expect(await refusalOf(client(token).list('/v1/projects'))).toEqual([401, 'invalid token'])
    process.env['BULKHEAD_JWT_JWKS_URL'] = url
  })
})
