import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ErrorBody } from '#contract/errors'
import type { SignInMethods } from '#contract/accounts/oidc'
import { countWaiting } from '#test/support/database/database'
import { lockIdentity, lockLinks } from '#db/queries/accounts/identities'
import { signInByIdentity } from '#domain/accounts/identities'
import { newId } from '#domain/ids'
import { type Cast, createCast, ownersPassword } from '../../support/world/cast.ts'
import { startLane } from '../../support/http/lane.ts'
import { oidcBrowser } from '../../support/servers/oidc-browser.ts'
import { startOidcProvider } from '../../support/servers/oidc-provider.ts'
import { refusalOf } from '../../support/http/refusal.ts'
import { cookieOf, trySignIn } from '../../support/http/sign-in.ts'

const provider = await startOidcProvider()
const lane = await startLane()
provider.allow(lane.origin)
const cast: Cast = await createCast(lane.db)
afterAll(async () => {
  await lane.stop()
  await provider.stop()
})
beforeEach(async () => {
  Object.assign(process.env, provider.settings)
  await lane.db.deleteFrom('sign_in_throttles').execute()
})

let n = 0
const newcomer = () => `newcomer-${++n}@example.test`
type Browser = ReturnType<typeof oidcBrowser>
const at = (path: string) => lane.origin + path
const session = 'next-auth.session-token'
const headersOf = ({ jar }: Browser) => ({ cookie: cookieOf(jar), 'sec-fetch-site': 'same-origin' })

/** Starts a sign-in and stops at the provider's own login page. */
const begin = (browser: Browser, path = '/session/oidc') => browser.go(at(path))

/** Signs in completely with this provider account. Answers the path where the browser ends. */
async function signIn(browser: Browser, account: string, path?: string) {
  const login = await begin(browser, path)
  expect(login.url.origin).toBe(provider.issuer)
  expect(login.text).toContain('Acme login')
  const { url } = await browser.submit(login, { account })
  return url.pathname + url.search
}

const me = (browser: Browser) => lane.send<{ id: string; email: string; name: string }>(headersOf(browser), 'GET /me')
const methodsOf = async (browser: Browser) => (await lane.send<SignInMethods>(headersOf(browser), 'GET /me/sign-in-methods')).body
const users = () => lane.db.selectFrom('users').select('id').orderBy('id').execute()
const auditOf = (id: string) =>
  lane.db.selectFrom('audit_events').select(['action', 'after', 'before']).where('actor_id', '=', id).orderBy('id').execute()

/** Moves the sign-ins of this person into the past. */
async function grownStale(userId: string) {
  const authenticated_at = new Date(Date.now() - 11 * 60_000).toISOString()
  await lane.db.updateTable('sessions').set({ authenticated_at }).where('user_id', '=', userId).execute()
}

describe('signing in through the provider', () => {
  test('creates an account on the first sign-in, and returns to the page where it began', async () => {
    const browser = oidcBrowser()
    const email = newcomer()
    expect(await signIn(browser, email, '/session/oidc?next=%2Fconsole%2Facme%3Ftab%3Dx')).toBe('/console/acme?tab=x')
    const { body } = await me(browser)
    expect(body).toMatchObject({ email, name: email.split('@')[0] })
    const identity = { issuer: provider.issuer, subject: email, email }
    expect(await auditOf(body.id)).toEqual([{ action: 'identity.linked', after: identity, before: null }])
    expect([...browser.jar.keys()].filter((name) => name.startsWith('bulkhead-oidc'))).toEqual([])
  })

  test('finds the account with the same verified email', async () => {
    const browser = oidcBrowser()
    const { id, email } = cast.people.viewer
    const before = await users()
    await signIn(browser, email)
    expect((await me(browser)).body).toMatchObject({ id, email })
    expect(await users()).toEqual(before)
  })

  test('recognizes a person whose email changed at the provider, and does not confuse them with its new owner', async () => {
    const first = oidcBrowser()
    const subject = newcomer()
    await signIn(first, subject)
    const { body: person } = await me(first)
    provider.accounts.set(subject, { email: newcomer(), emailVerified: false, name: 'Renamed' })
    const again = oidcBrowser()
    expect(await signIn(again, subject)).toBe('/console')
    expect((await me(again)).body).toMatchObject({ id: person.id, email: person.email })
    // The address now belongs to another provider account.
    provider.accounts.set('heir', { email: subject, emailVerified: true, name: 'Heir' })
    const heir = oidcBrowser()
    expect(await signIn(heir, 'heir')).toBe('/login?problem=oidc_other_identity&next=%2Fconsole')
    expect(heir.jar.has(session)).toBe(false)
  })

  test('creates a new session each time, with its device and address', async () => {
    const browser = oidcBrowser()
    const email = newcomer()
    browser.jar.set(session, 'whatever somebody has put there')
    await signIn(browser, email)
    const first = browser.jar.get(session)
    const again = oidcBrowserOf(browser)
    await signIn(again, email)
    expect(again.jar.get(session)).not.toBe(first)
    const { body } = await me(again)
    const sessions = await lane.db.selectFrom('sessions').selectAll().where('user_id', '=', body.id).execute()
    expect(sessions).toHaveLength(2)
    for (const one of sessions)
      expect(one).toMatchObject({ address: '127.0.0.1', user_agent: expect.stringContaining('Chrome/140') as string })
  })

  test('counts from when the provider asked, so an old provider session proves nothing', async () => {
    const browser = oidcBrowser()
    const email = newcomer()
    await signIn(browser, email)
    const authenticatedAt = async () =>
      Date.parse((await lane.send<{ authenticatedAt: string }>(headersOf(browser), 'GET /me')).body.authenticatedAt)
    const asked = await authenticatedAt()
    expect(Date.now() - asked).toBeLessThan(60_000)
    // The provider still has a session and asks nothing.
    const place = await begin(browser)
    expect(place.url.pathname).toBe('/console')
    expect(await authenticatedAt()).toBe(asked)
  })

  test.for([
    ['https://evil.example/'],
    ['//evil.example'],
    ['/\\evil.example'],
    ['javascript:alert(1)'],
    ['/\t/evil.example'],
    ['console'],
    [`/console?q=${'ü'.repeat(700)}`],
  ])('next=%s leads to the console', async ([next]) => {
    const browser = oidcBrowser()
    expect(await signIn(browser, newcomer(), `/session/oidc?next=${encodeURIComponent(next!)}`)).toBe('/console')
  })

  test('sends its cookies only to the callback, and marks them secure over https', async () => {
    const start = await oidcBrowser().step(at('/session/oidc'))
    const [cookie] = start.headers.getSetCookie()
    expect(cookie).toMatch(/^bulkhead-oidc-[\w-]{16}=[\w.-]+; Path=\/session\/oidc; Max-Age=600; HttpOnly; SameSite=Lax$/)
    process.env['NEXTAUTH_URL'] = 'https://bulkhead.example'
    const secure = await oidcBrowser().step(at('/session/oidc'))
    process.env['NEXTAUTH_URL'] = lane.origin
    expect(secure.headers.getSetCookie()[0]).toMatch(/; Secure$/)
    expect(start.headers.get('cache-control')).toBe('no-store')
  })

  test('uses PKCE, state and nonce, and shows none of them in a cookie', async () => {
    const start = await oidcBrowser().step(at('/session/oidc'))
    const asked = Object.fromEntries(new URL(start.headers.get('location')!).searchParams)
    expect(asked).toMatchObject({ response_type: 'code', client_id: 'bulkhead', code_challenge_method: 'S256' })
    expect(asked).toMatchObject({ redirect_uri: at('/session/oidc/callback'), scope: 'openid email profile' })
    const cookie = start.headers.getSetCookie().join()
    for (const secret of [asked['state']!, asked['nonce']!]) {
      expect(secret).toMatch(/^[\w-]{43}$/)
      expect(cookie).not.toContain(secret)
    }
  })

  test('deletes abandoned sign-ins', async () => {
    const browser = oidcBrowser()
    for (let i = 0; i < 9; i++) await begin(browser)
    expect([...browser.jar.keys()].filter((name) => name.startsWith('bulkhead-oidc')).length).toBeLessThanOrEqual(4)
  })
})

describe('ends each failure on the sign-in page with its own code', () => {
  const ended = (code: string, next = '/console') => `/login?problem=${code}&next=${encodeURIComponent(next)}`

  test('an unverified email', async () => {
    const browser = oidcBrowser()
    const before = await users()
    expect(await signIn(browser, 'unverified@example.test')).toBe(ended('oidc_email_unverified'))
    provider.accounts.set('unverified-2', { email: cast.people.viewer.email, emailVerified: false, name: 'V' })
    expect(await signIn(oidcBrowser(), 'unverified-2')).toBe(ended('oidc_email_unverified'))
    expect(await users()).toEqual(before)
    expect(browser.jar.has(session)).toBe(false)
  })

  test('an invalid email', async () => {
    provider.accounts.set('nobody', { email: 'no address', emailVerified: true, name: 'N' })
    expect(await signIn(oidcBrowser(), 'nobody')).toBe(ended('oidc_email_missing'))
    // A KELVIN SIGN is not a k: lowercasing would turn one address into the other.
    provider.accounts.set('look-alike', { email: '\u212Aim@example.test', emailVerified: true, name: 'Kim' })
    expect(await signIn(oidcBrowser(), 'look-alike')).toBe(ended('oidc_email_missing'))
  })

  test('a sign-in canceled at the provider', async () => {
    const browser = oidcBrowser()
    const login = await begin(browser, '/session/oidc?next=/console/acme')
    const { url } = await browser.submit(login, { cancel: 'yes' })
    expect(url.pathname + url.search).toBe(ended('oidc_denied', '/console/acme'))
  })

  /** A valid callback URL, not yet visited. */
  async function wayBack(browser: Browser): Promise<URL> {
    const login = await begin(browser)
    let response = await browser.step(login.url, new URLSearchParams({ account: newcomer() }))
    for (;;) {
      const url = new URL(response.headers.get('location')!)
      if (url.origin === lane.origin) return url
      response = await browser.step(url)
    }
  }
  const endOf = async (browser: Browser, url: URL) => {
    const place = await browser.go(url.href)
    expect(place.setCookies.filter((cookie) => cookie.startsWith(session))).toEqual([])
    return place.url.pathname + place.url.search
  }

  test('a callback without its state', async () => {
    const browser = oidcBrowser()
    const url = await wayBack(browser)
    url.searchParams.delete('state')
    expect(await endOf(browser, url)).toBe('/login?problem=oidc_state_missing')
  })

  test('a callback with another state', async () => {
    const browser = oidcBrowser()
    const url = await wayBack(browser)
    url.searchParams.set('state', 'another')
    expect(await endOf(browser, url)).toBe('/login?problem=oidc_state_mismatch')
  })

  test('a callback in another browser, which signs nobody in to a stranger’s account', async () => {
    const url = await wayBack(oidcBrowser())
    expect(await endOf(oidcBrowser(), url)).toBe('/login?problem=oidc_flow_lost')
  })

  test('a cookie that was forged or taken from another sign-in', async () => {
    const browser = oidcBrowser()
    const url = await wayBack(browser)
    const [name, value] = [...browser.jar].find(([cookie]) => cookie.startsWith('bulkhead-oidc'))!
    expect(await endOf(oidcBrowser(new Map([[name, `${value.slice(0, -4)}AAAA`]])), url)).toBe(
      '/login?problem=oidc_state_mismatch',
    )
    const other = oidcBrowser()
    await begin(other)
    const [, theirs] = [...other.jar].find(([cookie]) => cookie.startsWith('bulkhead-oidc'))!
    expect(await endOf(oidcBrowser(new Map([[name, theirs]])), url)).toBe('/login?problem=oidc_state_mismatch')
  })

  test('a callback used twice, with or without the cookie that it cleared', async () => {
    const browser = oidcBrowser()
    const url = await wayBack(browser)
    const held = new Map(browser.jar)
    expect((await browser.go(url.href)).url.pathname).toBe('/console')
    expect(await endOf(browser, url)).toBe('/login?problem=oidc_flow_lost')
    expect(await endOf(oidcBrowser(held), url)).toBe(ended('oidc_replayed'))
  })

  test('a code that the provider does not know', async () => {
    const browser = oidcBrowser()
    const url = await wayBack(browser)
    url.searchParams.set('code', 'another')
    expect(await endOf(browser, url)).toBe(ended('oidc_code_refused'))
  })

  test('an answer that names another provider as its issuer', async () => {
    const browser = oidcBrowser()
    const url = await wayBack(browser)
    url.searchParams.set('iss', 'https://evil.example')
    expect(await endOf(browser, url)).toBe(ended('oidc_issuer_mismatch'))
  })

  test('a wrong client secret', async () => {
    process.env['BULKHEAD_OIDC_CLIENT_SECRET'] = 'another'
    const browser = oidcBrowser()
    expect(await endOf(browser, await wayBack(browser))).toBe(ended('oidc_provider_error'))
  })

  test('an unreachable provider; passwords work, and it is tried again once it is back', async () => {
    Object.assign(process.env, { BULKHEAD_OIDC_ISSUER: 'http://127.0.0.1:9' })
    const lost = await begin(oidcBrowser(), '/session/oidc?next=/console/acme')
    expect(lost.url.pathname + lost.url.search).toBe(ended('oidc_unreachable', '/console/acme'))
    const jar = new Map<string, string>()
    expect((await trySignIn(lane.origin, jar, cast.people.orgOwner.email, ownersPassword)).status).toBe(201)
    Object.assign(process.env, provider.settings)
    expect(await signIn(oidcBrowser(), newcomer())).toBe('/console')
  })

  test('no provider at all', async () => {
    delete process.env['BULKHEAD_OIDC_ISSUER']
    expect((await begin(oidcBrowser())).url.search).toBe('?problem=oidc_not_configured&next=%2Fconsole')
    const browser = oidcBrowser()
    await trySignIn(lane.origin, browser.jar, cast.people.orgOwner.email, ownersPassword)
    expect(await methodsOf(browser)).toEqual({ password: true, emailVerified: true, provider: null, identities: [] })
  })

  test('an invalid request, and too many callbacks from one address', async () => {
    expect((await oidcBrowser().step(at('/session/oidc?nonsense=1'))).headers.get('location')).toBe(
      '/login?problem=invalid_request',
    )
    const tries = Array.from({ length: 51 }, async () => {
      const browser = oidcBrowser()
      const start = await browser.step(at('/session/oidc'))
      const state = new URL(start.headers.get('location')!).searchParams.get('state')!
      return (await browser.step(at(`/session/oidc/callback?state=${state}&code=guess&iss=${provider.issuer}`))).headers.get(
        'location',
      )
    })
    const ends = await Promise.all(tries)
    expect(ends.filter((end) => end === ended('oidc_code_refused'))).toHaveLength(50)
    expect(ends.filter((end) => end === ended('too_many_attempts'))).toHaveLength(1)
  })
})

describe('confirming one’s identity again', () => {
  const again = '/session/oidc?again=true'

  /** An owner of a project who signed in through the provider and whose sign-in is stale. */
  async function owner() {
    const browser = oidcBrowser()
    const email = newcomer()
    await signIn(browser, email)
    const { body } = await me(browser)
    const project = await cast.project(`nuked-${n}`)
    await lane.db
      .insertInto('organization_members')
      .values({ org_id: cast.world.org.id, user_id: body.id, role: 'owner' })
      .execute()
    await grownStale(body.id)
    const nuke = () => lane.send(headersOf(browser), `DELETE /acme/${project.slug}/nuke`, { json: { confirm: project.slug } })
    return { browser, email, id: body.id, nuke }
  }

  test('allows destructive calls after the provider asks again', async () => {
    const { browser, email, id, nuke } = await owner()
    expect(refusalOf(await nuke())).toBe('403 reauthentication_required')
    const before = browser.jar.get(session)
    expect(await signIn(browser, email, again)).toBe('/login/again')
    expect(browser.jar.get(session)).toBe(before)
    expect(await nuke()).toMatchObject({ status: 200 })
    expect((await auditOf(id)).map(({ action }) => action)).toContain('session.reauthenticated')
  })

  test('proves nothing as another provider account', async () => {
    const { browser, nuke } = await owner()
    const elsewhere = oidcBrowserOf(browser)
    expect(await signIn(elsewhere, newcomer(), again)).toBe('/login/again?problem=oidc_other_subject')
    expect(refusalOf(await nuke())).toBe('403 reauthentication_required')
  })

  test('is refused when the provider does not ask', async () => {
    const { browser, nuke } = await owner()
    const start = await browser.step(at(again))
    const silent = new URL(start.headers.get('location')!)
    expect(Object.fromEntries(silent.searchParams)).toMatchObject({ prompt: 'login', max_age: '0' })
    silent.searchParams.delete('prompt')
    silent.searchParams.set('max_age', '3600')
    // Makes the provider's session older than the request, as if it had asked long ago.
    const { flowCookie, flowOf } = await import('#server/http/oidc/flow')
    const request = new Request(lane.origin, { headers: { cookie: cookieOf(browser.jar) } })
    const flow = (await flowOf(request, silent.searchParams.get('state')!))!
    const [name, value] = /^([^=]+)=([^;]+)/.exec(await flowCookie({ ...flow, startedAt: Date.now() + 60_000 }))!.slice(1)
    browser.jar.set(name!, value!)
    const { url } = await browser.go(silent.href)
    expect(url.search).toBe('?problem=oidc_not_reauthenticated')
    expect(refusalOf(await nuke())).toBe('403 reauthentication_required')
  })

  test('does nothing after the session has ended, nor for a signed-out person', async () => {
    const { browser, email, id } = await owner()
    const login = await begin(browser, again)
    await lane.db.deleteFrom('sessions').where('user_id', '=', id).execute()
    expect((await browser.submit(login, { account: email })).url.search).toBe('?problem=oidc_session_over')
    expect((await begin(oidcBrowser(), again)).url.search).toBe('?problem=oidc_session_over')
  })

  test('renews the session that asked, not a later one', async () => {
    const { browser, email } = await owner()
    const login = await begin(browser, again)
    await trySignIn(lane.origin, browser.jar, cast.people.orgOwner.email, ownersPassword)
    expect((await browser.submit(login, { account: email })).url.search).toBe('?problem=oidc_session_over')
  })
})

describe('linking and unlinking', () => {
  /** The owner, who has a password. */
  async function withPassword() {
    const browser = oidcBrowser()
    await trySignIn(lane.origin, browser.jar, cast.people.orgOwner.email, ownersPassword)
    return browser
  }
  const startLink = (browser: Browser, headers: Record<string, string> = {}) =>
    lane.send<{ location: string } & ErrorBody>({ ...headersOf(browser), ...headers }, 'POST /me/identities', {
      json: { next: '/console' },
    })
  async function link(browser: Browser, account: string) {
    const started = await startLink(browser)
    for (const cookie of started.headers.getSetCookie()) {
      const [name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!.slice(1)
      browser.jar.set(name!, value!)
    }
    const login = await browser.go(started.body.location)
    const place = login.url.origin === provider.issuer ? await browser.submit(login, { account }) : login
    return place.url.pathname + place.url.search
  }
  const unlink = (browser: Browser, id: string) => lane.send(headersOf(browser), `DELETE /me/identities/${id}`)

  test('links another provider account to a signed-in person, signs in with it, and unlinks it', async () => {
    const browser = await withPassword()
    const account = newcomer()
    expect(await link(browser, account)).toBe('/console')
    const { password, provider: named, identities } = await methodsOf(browser)
    expect({ password, named }).toEqual({ password: true, named: { name: 'Acme login' } })
    expect(identities).toEqual([
      expect.objectContaining({ provider: 'Acme login', issuer: provider.issuer, subject: account, email: account }),
    ])
    const other = oidcBrowser()
    await signIn(other, account)
    expect((await me(other)).body).toMatchObject({ id: cast.people.orgOwner.id })

    expect(await unlink(browser, identities[0]!.id)).toMatchObject({ status: 200, body: { unlinked: true } })
    expect((await methodsOf(browser)).identities).toEqual([])
    expect(refusalOf(await unlink(browser, identities[0]!.id))).toBe('404 identity_not_found')
    expect(await signIn(oidcBrowser(), account)).toBe('/login?problem=oidc_unlinked&next=%2Fconsole')
    const events = await auditOf(cast.people.orgOwner.id)
    expect(events.filter(({ action }) => action.startsWith('identity.')).map(({ action }) => action)).toEqual([
      'identity.linked',
      'identity.unlinked',
    ])
    expect(await link(browser, account)).toBe('/console')
    expect(await signIn(oidcBrowser(), account)).toBe('/console')
  })

  test('does not link an unlinked account again by its verified address', async () => {
    const browser = await withPassword()
    const { email } = cast.people.orgOwner
    await link(browser, email)
    for (const { id } of (await methodsOf(browser)).identities) await unlink(browser, id)
    expect(await signIn(oidcBrowser(), email)).toBe('/login?problem=oidc_unlinked&next=%2Fconsole')
  })

  test('does not link what belongs to another person', async () => {
    const theirs = newcomer()
    await signIn(oidcBrowser(), theirs)
    const browser = await withPassword()
    expect(await link(browser, theirs)).toBe('/console?problem=oidc_linked_elsewhere')
    const stranger = oidcBrowser()
    const email = newcomer()
    await signIn(stranger, email)
    const [identity] = (await methodsOf(stranger)).identities
    expect(refusalOf(await unlink(browser, identity!.id))).toBe('404 identity_not_found')
  })

  test('keeps the last way to sign in', async () => {
    const browser = oidcBrowser()
    await signIn(browser, newcomer())
    const [identity] = (await methodsOf(browser)).identities
    expect(refusalOf(await unlink(browser, identity!.id))).toBe('409 last_sign_in_method')
    expect(await link(oidcBrowserOf(browser), newcomer())).toBe('/console')
    expect(await unlink(browser, identity!.id)).toMatchObject({ status: 200 })
    const [other] = (await methodsOf(browser)).identities
    process.env['BULKHEAD_OIDC_ISSUER'] = 'https://another.example'
    expect(refusalOf(await unlink(browser, other!.id))).toBe('409 last_sign_in_method')
  })

  test('needs a fresh sign-in for both, and no foreign page can start either', async () => {
    const browser = oidcBrowser()
    await signIn(browser, newcomer())
    const { body } = await me(browser)
    const [identity] = (await methodsOf(browser)).identities
    expect(refusalOf(await startLink(browser, { 'sec-fetch-site': 'cross-site' }))).toBe('403 cross_site')
    await grownStale(body.id)
    expect(refusalOf(await startLink(browser))).toBe('403 reauthentication_required')
    expect(refusalOf(await unlink(browser, identity!.id))).toBe('403 reauthentication_required')
  })
})

/** The same session in a browser that the provider does not know. */
const oidcBrowserOf = ({ jar }: Browser) => oidcBrowser(new Map([[session, jar.get(session)!]]))

test('creates a deleted account again on the next sign-in', async () => {
  const browser = oidcBrowser()
  const email = newcomer()
  await signIn(browser, email)
  const { body } = await me(browser)
  await lane.db.deleteFrom('users').where('id', '=', body.id).execute()
  const again = oidcBrowser()
  expect(await signIn(again, email)).toBe('/console')
  expect((await me(again)).body.id).not.toBe(body.id)
})

test('makes a returning person wait while they are being linked elsewhere', async () => {
  const email = newcomer()
  const proven = { issuer: provider.issuer, subject: email, email, emailVerified: true, name: null, authenticatedAt: null }
  const known = { origin: { requestId: newId(), address: null }, userAgent: null }
  const { me } = await signInByIdentity(lane.db, proven, known)
  let back: Promise<unknown> | undefined
  await lane.db.transaction().execute(async (trx) => {
    await lockLinks(trx, me.id)
    back = signInByIdentity(lane.db, proven, known)
    await vi.waitFor(async () => expect(await countWaiting(lane.db)).toBe(1), { timeout: 5000, interval: 20 })
    expect(await lockIdentity(trx, proven)).toMatchObject({ user_id: me.id })
  })
  expect(await back).toMatchObject({ me: { id: me.id } })
})

test('creates one account for many concurrent callbacks of one newcomer', async () => {
  const email = newcomer()
  expect(await Promise.all([1, 2, 3, 4].map(() => signIn(oidcBrowser(), email)))).toEqual(Array(4).fill('/console'))
  const found = await lane.db.selectFrom('users').select('id').where('email', '=', email).execute()
  expect(found).toHaveLength(1)
})
