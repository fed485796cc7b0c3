import { createHmac } from 'node:crypto'
import { type IncomingMessage, request as httpRequest } from 'node:http'
import { encode } from 'next-auth/jwt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nextPath } from '#contract/next-path'
import { createTestDatabase } from '#test/support/database/database'
import { resetToMail } from '#domain/accounts/password-resets'
import { freePort } from '#server/postgres/reach'
import { type Server, startServer } from '#test/support/servers/server'
import { isBuilt } from '../../tools/build.mjs'
import { type Cast, createCast, ownersPassword } from '#test/support/world/cast'
import { type Client, clientOf } from '#test/support/http/client'
import { turnOnTotp } from '#test/support/http/factors'
import { browser } from '#test/support/http/session'
import { type Jar, cookieOf, keep, signIn, signOut, trySignIn } from '#test/support/http/sign-in'
import { report } from '#test/support/outcome'

const name = 'next-auth.session-token'
const secret = 'a secret of the tests, long enough to be one'

/** URLs that lead away or run code if they are taken for a local path. */
const elsewhere = [
  'https://evil.example',
  'http://evil.example/console',
  '//evil.example',
  '///evil.example',
  '////evil.example//',
  '/\\evil.example',
  '\\\\evil.example',
  '\\/evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/%09/evil.example',
  '/%5cevil.example',
  '/%2f/evil.example',
  '%2f%2fevil.example',
  'https:evil.example',
  'https:/evil.example',
  'https:///evil.example',
  'hTTps://evil.example',
  'javascript:alert(1)',
  'JaVaScript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,x',
  '/.//evil.example',
  '/..//evil.example',
  './/evil.example',
  '/;//evil.example',
  '@evil.example',
  ':80@evil.example',
  '.evil.example',
  '/console/..//evil.example',
  'https://evil.example#@127.0.0.1',
  'https://evil.example?127.0.0.1',
  '//evil.example/%2e%2e',
  '//\u3002evil.example',
  '/\u2044/evil.example',
]

describe.skipIf(!isBuilt())('binds a session to the person who signed in, and to nobody before them', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let server: Server
  let cast: Cast
  let send: Client
  let email: string
  const failures: string[] = []
  beforeAll(async () => {
    database = await createTestDatabase()
    const port = await freePort()
    const NEXTAUTH_SECRET = createHmac('sha256', secret).update('next-auth').digest('hex')
    const url = `http://127.0.0.1:${port}`
    Object.assign(process.env, { BULKHEAD_SECRET: secret, NEXTAUTH_SECRET, BULKHEAD_URL: url, NEXTAUTH_URL: url })
    server = await startServer({ PORT: String(port), DATABASE_URL: database.url, BULKHEAD_SECRET: secret })
    cast = await createCast(database.db)
    send = clientOf(server.url)
    email = cast.people.orgOwner.email
  })
  afterAll(async () => {
    await server.stop()
    await database.drop()
  })

  const as = (jar: Jar | string) => ({
    cookie: typeof jar === 'string' ? `${name}=${jar}` : cookieOf(jar),
    'sec-fetch-site': 'same-origin',
  })
  const whoIs = async (jar: Jar | string) => {
    const { status, body } = await send<{ email?: string }>(as(jar), 'GET /me')
    return status === 200 ? body.email : status
  }

  test('replaces whatever session cookie a browser held before', async () => {
    const strangers = (await browser(cast.stranger.credentialId))['cookie']!.split('=')[1]!
    const own = (await signIn(server.url, email, ownersPassword)).get(name)!
    for (const before of ['', 'fixed', strangers, own, `${own}x`, '00000000-0000-7000-8000-000000000000']) {
      const jar: Jar = new Map([[name, before]])
      await trySignIn(server.url, jar, email, ownersPassword)
      const after = jar.get(name)
      if (after === before || (await whoIs(jar)) !== email) failures.push(`${before.slice(0, 12)} stayed`)
      if (before === strangers && (await whoIs(before)) !== cast.stranger.email)
        failures.push('another’s session became somebody’s')
    }
    expect(report({ what: 'sessions set before signing in', tried: 6, failures })).toEqual([])
  })

  test('accepts no other cookie, invented or sealed differently, as a session', async () => {
    const { people, world } = cast
    const person = await world.person()
    const { password_hash } = await database.db
      .selectFrom('users')
      .select('password_hash')
      .where('email', '=', email)
      .executeTakeFirstOrThrow()
    await database.db.updateTable('users').set({ password_hash }).where('id', '=', person.id).execute()
    await turnOnTotp(send, await browser(person.credentialId))
    const jar = await signIn(server.url, person.email, ownersPassword)
    const pending = jar.get('bulkhead-second-step')!
    expect(jar.has(name)).toBe(false)
    const owners = await signIn(server.url, email, ownersPassword)
    const device = [...owners].find(([cookie]) => cookie.startsWith('bulkhead-device'))![1]
    const attempt: Jar = new Map()
    keep(attempt, await send(null, 'POST /session/passkey/options'))
    const csrf: Jar = new Map()
    keep(csrf, await fetch(`${server.url}/api/auth/csrf`))
    const sid = people.orgOwner.credentialId
    const sealed = (token: Record<string, unknown>, with_: object) =>
      encode({ token, secret: process.env['NEXTAUTH_SECRET']!, ...with_ })
    const plain = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
    const made = {
      'the cookie between the steps': pending,
      'the cookie of a device': device,
      'the cookie of a passkey’s attempt': [...attempt.values()][0]!,
      'the token against forgery': [...csrf.values()][0]!,
      'a personal token': people.orgOwner.token,
      'the bare id': sid,
      'sealed by another secret': await encode({ token: { sid }, secret: 'another secret' }),
      'sealed for something else': await sealed({ sid }, { salt: 'bulkhead.oidc-flow' }),
      'sealed, and over': await sealed({ sid }, { maxAge: -3600 }),
      'sealed, without an id': await sealed({ sub: people.orgOwner.id }, {}),
      'sealed, with an id that is none': await sealed({ sid: { toString: sid } }, {}),
      'not sealed at all': `${plain({ alg: 'none' })}.${plain({ sid })}.`,
    }
    const accepted: string[] = []
    for (const [what, text] of Object.entries(made)) if ((await whoIs(text)) !== 401) accepted.push(what)
    const session = owners.get(name)!
    const stepped = await send({ cookie: `bulkhead-second-step=${session}` }, 'POST /session/second-factor', {
      json: { code: '000000' },
    })
    if (stepped.status !== 401) accepted.push('a session as a first step')
    const again = await send({ ...as(owners), cookie: `bulkhead-second-step=${pending}; ${name}=${session}` }, 'GET /me')
    if (again.body === undefined || (again.body as { email?: string }).email !== email) accepted.push('both at once')
    expect(report({ what: 'what is no session', tried: Object.keys(made).length + 2, failures: accepted })).toEqual([])
  })

  test('ends a session for everybody who kept its cookie', async () => {
    const alive: string[] = []
    const { people, world } = cast
    const ends: Record<string, (jar: Jar) => Promise<unknown>> = {
      'signing out': async (jar) => signOut(server.url, new Map(jar)),
      'revoking it': async (jar) => {
        const { body } = await send<{ id: string; current: boolean }[]>(as(jar), 'GET /me/sessions')
        const mine = body.find(({ current }) => current)!
        return send(as(await signIn(server.url, email, ownersPassword)), `DELETE /me/sessions/${mine.id}`)
      },
      'ending all others': async () => send(as(await signIn(server.url, email, ownersPassword)), 'DELETE /me/sessions'),
      'a new password by mail': async () => {
        const { token } = (await resetToMail(database.db, { email, askedAt: new Date().toISOString() }))!
        return send(null, `POST /password-resets/${token}`, { json: { password: 'tuesday apricot lantern' } })
      },
    }
    for (const [what, end] of Object.entries(ends)) {
      const jar = await signIn(server.url, email, ownersPassword)
      if ((await whoIs(jar)) !== email) alive.push(`${what}: was none before`)
      await end(jar)
      if ((await whoIs(jar)) !== 401) alive.push(what)
    }
    const changed = await signIn(server.url, email, 'tuesday apricot lantern')
    const other = await signIn(server.url, email, 'tuesday apricot lantern')
    await send(as(changed), 'PUT /me/password', { json: { password: 'tuesday apricot lantern', newPassword: ownersPassword } })
    if ((await whoIs(other)) !== 401) alive.push('a new password')
    const leaver = await world.person()
    const theirs = await browser(leaver.credentialId)
    expect(await send(theirs, 'GET /orgs/acme')).toMatchObject({ status: 200 })
    await send(people.orgAdmin.token, `DELETE /orgs/acme/members/${leaver.id}`)
    if ((await send(theirs, 'GET /orgs/acme')).status !== 404) alive.push('removing a person')
    expect(report({ what: 'sessions that have ended', tried: Object.keys(ends).length + 2, failures: alive })).toEqual([])
  })

  /** Raw HTTP, so that nothing normalizes the target and any Host can be sent. */
  const ask = (path: string, headers: Record<string, string> = {}, form?: URLSearchParams) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const { hostname, port } = new URL(server.url)
      const method = form ? 'POST' : 'GET'
      const type = form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}
      const sent = httpRequest({ hostname, port, path, method, headers: { ...type, ...headers } }, (response) => {
        response.resume().on('end', () => resolve(response))
      })
      sent.on('error', reject)
      sent.end(form?.toString())
    })

  /** Where an answer sends a browser; undefined when it stays on this server. */
  function away(path: string, { headers }: IncomingMessage): string | undefined {
    const callbackUrls = (headers['set-cookie'] ?? [])
      .map((cookie) => /callback-url=([^;]*)/.exec(cookie)?.[1])
      .filter((one) => one !== undefined)
    const places = [
      headers.location,
      headers['refresh']?.toString().split('url=')[1],
      ...callbackUrls.map((one) => decodeURIComponent(one)),
    ]
    return places.find(
      (place) =>
        place !== undefined && new URL(place, `${server.url}${path.startsWith('//') ? '/' : path}`).origin !== server.url,
    )
  }

  test('redirects no browser to another site', async () => {
    const led: string[] = []
    let tried = 0
    const jar: Jar = new Map()
    const response = await fetch(`${server.url}/api/auth/csrf`)
    keep(jar, response)
    const { csrfToken } = (await response.json()) as { csrfToken: string }
    const tries = elsewhere.flatMap((to): [string, Record<string, string>?, URLSearchParams?][] => {
      const part = encodeURIComponent(to)
      const form = new URLSearchParams({ csrfToken, callbackUrl: to })
      const cookie = { cookie: cookieOf(jar) }
      return [
        [`/api/auth/signin?callbackUrl=${part}`],
        [`/api/auth/signout?callbackUrl=${part}`],
        [`/api/auth/error?error=${part}`],
        [`/api/auth/callback/credentials?callbackUrl=${part}`],
        ['/api/auth/signout', cookie, form],
        ['/api/auth/signout', { cookie: `${cookieOf(jar)}; next-auth.callback-url=${part}` }, form],
        [`/login?next=${part}`],
        [`/session/oidc?next=${part}`],
        [`/session/oidc/callback?state=${part}&error=${part}`],
        [`/${encodeURI(to)}`],
      ]
    })
    const hosts = [
      '/',
      '/login',
      '/login/',
      '/console',
      '/console/acme/',
      '/api/auth/signin',
      '/api/auth/signout',
      '/session/oidc',
    ].flatMap((path): [string, Record<string, string>][] => [
      [path, { host: 'evil.example' }],
      [path, { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }],
      [path, { forwarded: 'host=evil.example;proto=https' }],
    ])
    for (const [path, headers, form] of [...tries, ...hosts]) {
      const answer = await ask(path, headers, form)
      const place = away(path, answer)
      if (place !== undefined || (answer.statusCode ?? 500) >= 500)
        led.push(`${path} ${JSON.stringify(headers)}: ${answer.statusCode} ${place}`)
      tried++
    }
    for (const to of elsewhere) {
      if (new URL(nextPath(to), server.url).origin !== server.url) led.push(`after signing in: ${to}`)
      tried++
    }
    expect(report({ what: 'addresses that lead away', tried, failures: led })).toEqual([])
  })

  test('ignores the cookie name without a prefix behind https', async () => {
    const port = String(await freePort())
    const settings = { DATABASE_URL: database.url, BULKHEAD_SECRET: secret, BULKHEAD_URL: 'https://bulkhead.example', PORT: port }
    const behindTls = await startServer(settings)
    const there = clientOf(`http://127.0.0.1:${port}`)
    const { cookie = '' } = await browser(cast.people.member.credentialId)
    expect(await there({ cookie }, 'GET /me')).toMatchObject({ status: 401 })
    expect(await there({ cookie: `__Host-${cookie}` }, 'GET /me')).toMatchObject({ status: 200 })
    const csrf = await fetch(`http://127.0.0.1:${port}/api/auth/csrf`)
    for (const set of csrf.headers.getSetCookie()) expect(set).toMatch(/^__(Host|Secure)-.*; Secure/)
    await behindTls.stop()
  })
})
