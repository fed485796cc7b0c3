import { generateKeyPair } from 'jose'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startHostileProvider } from '../../support/servers/hostile-provider.ts'
import { startLane } from '../../support/http/lane.ts'
import { oidcBrowser } from '../../support/servers/oidc-browser.ts'

const hostile = await startHostileProvider()
const lane = await startLane()
afterAll(async () => {
  await lane.stop()
  await hostile.stop()
})
const strangers = await generateKeyPair('RS256')

let n = 0
beforeEach(async () => {
  // A new name each time, so that the provider's metadata is read again.
  Object.assign(process.env, hostile.settings, { BULKHEAD_OIDC_NAME: `Hostile ${++n}` })
  hostile.describes({})
  await lane.db.deleteFrom('sign_in_throttles').execute()
})

const session = 'next-auth.session-token'
const person = { email: 'ada@example.test', email_verified: true, name: 'Ada' }
const seconds = (ahead: number) => Math.floor(Date.now() / 1000) + ahead

/**
 * Starts a sign-in, lets the provider answer with what `told` makes of the nonce, and returns. Answers the code that the page
 * shows.
 */
async function signIn(idTokenOf: (nonce: string) => Promise<string>) {
  const browser = oidcBrowser()
  const start = await browser.step(`${lane.origin}/session/oidc`)
  const asked = new URL(start.headers.get('location')!, lane.origin).searchParams
  if (!asked.has('nonce')) return asked.get('problem')
  hostile.answers(200, { access_token: 'x', token_type: 'bearer', id_token: await idTokenOf(asked.get('nonce')!) })
  return comeBack(browser, `code=x&state=${asked.get('state')}`)
}

async function comeBack(browser: ReturnType<typeof oidcBrowser>, search: string) {
  const back = await browser.step(`${lane.origin}/session/oidc/callback?${search}`)
  expect(back.status).toBe(303)
  const location = new URL(back.headers.get('location')!, lane.origin)
  expect(browser.jar.has(session)).toBe(location.pathname === '/console')
  return location.searchParams.get('problem') ?? location.pathname
}

test('signs in with a valid answer', async () => {
  expect(await signIn((nonce) => hostile.idToken({ ...person, nonce }))).toBe('/console')
})

describe('an answer is refused', () => {
  test.for<[string, (nonce: string) => Promise<string>, string]>([
    ['without a nonce', () => hostile.idToken(person), 'oidc_provider_error'],
    ['with another nonce', () => hostile.idToken({ ...person, nonce: 'another' }), 'oidc_nonce_mismatch'],
    ['for another client', (nonce) => hostile.idToken({ ...person, nonce, aud: 'another' }), 'oidc_audience_mismatch'],
    [
      'for us among others, by somebody else’s hand',
      (nonce) => hostile.idToken({ ...person, nonce, aud: ['bulkhead', 'another'], azp: 'another' }),
      'oidc_audience_mismatch',
    ],
    ['of another issuer', (nonce) => hostile.idToken({ ...person, nonce, iss: 'https://evil.example' }), 'oidc_issuer_mismatch'],
    ['that has expired', (nonce) => hostile.idToken({ ...person, nonce, exp: seconds(-31) }), 'oidc_token_expired'],
    ['that is not yet good', (nonce) => hostile.idToken({ ...person, nonce, nbf: seconds(90) }), 'oidc_token_expired'],
    [
      'signed with another key',
      (nonce) => hostile.idToken({ ...person, nonce }, { key: strangers.privateKey }),
      'oidc_signature_invalid',
    ],
    ['signed with a key of no name', (nonce) => hostile.idToken({ ...person, nonce }, { kid: 'two' }), 'oidc_signature_invalid'],
    ['that nobody signed', async (nonce) => unsigned(await hostile.idToken({ ...person, nonce })), 'oidc_signature_invalid'],
    ['of nobody', (nonce) => hostile.idToken({ ...person, nonce, sub: undefined }), 'oidc_provider_error'],
    ['without an email', (nonce) => hostile.idToken({ nonce, sub: 'a' }), 'oidc_email_missing'],
    [
      'with a verification that is none',
      (nonce) => hostile.idToken({ ...person, nonce, sub: 'b', email_verified: 'yes' }),
      'oidc_email_unverified',
    ],
    ['that is no token', () => Promise.resolve('nonsense'), 'oidc_provider_error'],
  ])('%s', async ([, idTokenOf, code]) => {
    expect(await signIn(idTokenOf)).toBe(code)
  })
})

describe('a verified address', () => {
  const trusting = (email: string | undefined, issuers = '') =>
    Object.assign(process.env, { BULKHEAD_EMAIL_CLAIM: email ?? '', BULKHEAD_TRUSTED_EMAIL_ISSUERS: issuers })
  afterEach(() => {
    trusting(undefined)
    hostile.knows(undefined)
  })
  const fresh = () => `holder-${++n}@example.test`
  const asked = () => hostile.describes({ userinfo_endpoint: `${hostile.issuer}/userinfo` })
  const idToken = (claims: object) => (nonce: string) => hostile.idToken({ ...claims, sub: `holder-${n}`, nonce })

  test('may be marked as verified by a string', async () => {
    expect(await signIn(idToken({ email: fresh(), email_verified: 'true' }))).toBe('/console')
    expect(await signIn(idToken({ email: fresh(), email_verified: 'false' }))).toBe('oidc_email_unverified')
  })

  test('may be marked as verified by userinfo alone, for the same address', async () => {
    asked()
    const email = fresh()
    for (const [claims, outcome] of [
      [{ email, email_verified: 'false' }, 'oidc_email_unverified'],
      [{ email: 'another@example.test', email_verified: true }, 'oidc_email_unverified'],
      [{ email: email.toUpperCase(), email_verified: 'true' }, '/console'],
    ] as const) {
      hostile.knows({ sub: `holder-${n}`, ...claims })
      expect(await signIn(idToken({ email })), JSON.stringify(claims)).toBe(outcome)
    }
    fresh()
    hostile.knows({ sub: `holder-${n}`, email_verified: true })
    expect(await signIn(idToken({ email: `holder-${n}@example.test` }))).toBe('/console')
  })

  test('is not taken from userinfo when the ID token contradicts it', async () => {
    asked()
    const email = fresh()
    hostile.knows({ sub: `holder-${n}`, email, email_verified: true })
    expect(await signIn(idToken({ email, email_verified: false }))).toBe('oidc_email_unverified')
  })

  test('is assumed only for the issuer that a setting names, when nothing is said about it', async () => {
    trusting(undefined, 'https://another.example')
    expect(await signIn(idToken({ email: fresh() }))).toBe('oidc_email_unverified')
    trusting(undefined, `https://another.example, ${hostile.issuer}/`)
    expect(await signIn(idToken({ email: fresh() }))).toBe('/console')
    for (const email_verified of [false, 'false', 0, '', 'yes'])
      expect(await signIn(idToken({ email: fresh(), email_verified })), String(email_verified)).toBe('oidc_email_unverified')
  })

  test('is read from the claim that a setting names; `email_verified` does not apply to it', async () => {
    trusting('upn')
    expect(await signIn(idToken({ email: fresh(), email_verified: true }))).toBe('oidc_email_missing')
    const upn = fresh()
    expect(await signIn(idToken({ upn, email: 'another@example.test', email_verified: true }))).toBe('oidc_email_unverified')
    expect(await signIn(idToken({ upn, email_verified: true }))).toBe('/console')
    trusting('upn', hostile.issuer)
    const trusted = fresh()
    expect(await signIn(idToken({ upn: trusted, email: 'another@example.test', email_verified: false }))).toBe('/console')
    const users = lane.db.selectFrom('users').select('email').where('email', 'in', [upn, trusted, 'another@example.test'])
    expect((await users.orderBy('id').execute()).map(({ email }) => email)).toEqual([upn, trusted])
  })
})

const unsigned = (token: string) => {
  const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
  return `${header}.${token.split('.')[1]}.`
}

test('completes both of two tabs of a browser, the first one last', async () => {
  const browser = oidcBrowser()
  const tabs = []
  for (const next of ['/console/first', '/console/second']) {
    const start = await browser.step(`${lane.origin}/session/oidc?next=${next}`)
    tabs.push({ next, asked: new URL(start.headers.get('location')!).searchParams })
  }
  for (const { next, asked } of tabs.toReversed()) {
    const token = await hostile.idToken({ ...person, nonce: asked.get('nonce') })
    hostile.answers(200, { access_token: 'x', token_type: 'bearer', id_token: token })
    const back = await browser.step(`${lane.origin}/session/oidc/callback?code=x&state=${asked.get('state')}`)
    expect(back.headers.get('location')).toBe(next)
  }
})

describe('a provider that cannot answer', () => {
  const begun = async () => {
    const browser = oidcBrowser()
    const start = await browser.step(`${lane.origin}/session/oidc`)
    return { browser, state: new URL(start.headers.get('location')!).searchParams.get('state')! }
  }

  test.for([
    [400, { error: 'invalid_grant' }, 'oidc_code_refused'],
    [401, { error: 'invalid_client' }, 'oidc_provider_error'],
    [200, {}, 'oidc_provider_error'],
    [200, { access_token: 'x', token_type: 'bearer' }, 'oidc_provider_error'],
    [502, 'Bad gateway', 'oidc_unreachable'],
  ] as const)('%i %o is %s', async ([status, body, code]) => {
    hostile.answers(status, body)
    const { browser, state } = await begun()
    expect(await comeBack(browser, `code=x&state=${state}`)).toBe(code)
  })

  test.for([
    ['error=access_denied', 'oidc_denied'],
    ['error=server_error&error_description=<script>alert(1)</script>', 'oidc_provider_error'],
    ['error=temporarily_unavailable', 'oidc_provider_error'],
    ['', 'oidc_provider_error'],
  ] as const)('with the error %s is reported as %s, without the provider’s words', async ([search, code]) => {
    const { browser, state } = await begun()
    expect(await comeBack(browser, `state=${state}&${search}`)).toBe(code)
  })

  test('is refused when its metadata names another issuer', async () => {
    hostile.describes({ issuer: 'https://evil.example' })
    expect(await signIn(() => Promise.resolve(''))).toBe('oidc_provider_invalid')
  })

  test('is refused when it was replaced during a sign-in', async () => {
    const { browser, state } = await begun()
    const other = await startHostileProvider()
    Object.assign(process.env, other.settings)
    expect(await comeBack(browser, `code=x&state=${state}`)).toBe('oidc_issuer_mismatch')
    await other.stop()
  })
})

test.for([
  ['without its time opens a session, but nothing that destroys', undefined, /^1970-01-01T00:00:00/],
  ['of a clock that is ahead is no fresher for it', seconds(86_400), /^20/],
] as const)('an answer %s', async ([, auth_time, expected]) => {
  const browser = oidcBrowser()
  const start = await browser.step(`${lane.origin}/session/oidc`)
  const asked = new URL(start.headers.get('location')!).searchParams
  const claims = { ...person, email: 'timeless@example.test', sub: 'timeless', nonce: asked.get('nonce'), auth_time }
  hostile.answers(200, { access_token: 'x', token_type: 'bearer', id_token: await hostile.idToken(claims) })
  expect(await comeBack(browser, `code=x&state=${asked.get('state')}`)).toBe('/console')
  const cookie = `${session}=${browser.jar.get(session)}`
  const { body } = await lane.send<{ authenticatedAt: string }>({ cookie }, 'GET /me')
  expect(body.authenticatedAt).toMatch(expected)
  expect(Date.parse(body.authenticatedAt)).toBeLessThanOrEqual(Date.now())
})
