import { request } from 'node:http'
import type { ErrorBody } from '#contract/errors'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Cast, type Stage, createCast, ownersPassword } from '../support/world/cast.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { refusalOf } from '../support/http/refusal.ts'
import { browser, signedIn } from '../support/http/session.ts'

let lane: Lane
let cast: Cast
let stage: Stage
let session: Record<string, string>
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
})
afterAll(() => lane.stop())

let counter = 0
beforeEach(async () => {
  stage = await cast.project(`alpha-${++counter}`)
  session = await browser(cast.people.orgOwner.credentialId)
  await signedIn(lane.db, 0)
})

describe('a page of this server at an origin that BULKHEAD_URL does not name', () => {
  /** As a browser that sends no Sec-Fetch-Site, because plain http at another address is not a secure context. */
  const asked = (method: string, path: string, from: { host: string; origin: string }, cookie = '') =>
    new Promise<{ status: number | undefined; body: ErrorBody }>((resolve, reject) => {
      const headers = { ...from, cookie, 'content-type': 'application/json' }
      const call = request(`${lane.origin}${path}`, { method, headers }, (response) => {
        const whole = response.toArray().then((pieces) => JSON.parse(pieces.join('')) as ErrorBody)
        whole.then((body) => resolve({ status: response.statusCode, body }), reject)
      })
      call.once('error', reject).end('{"email":"ada@example.com","password":"x","name":"Renamed"}')
    })
  const sentence = () =>
    `The console of this server is at ${lane.origin}. Open it there, or set BULKHEAD_URL to the address that you opened`

  test.for(['192.0.2.5:3000', 'bulkhead.internal', 'BULKHEAD.internal', '[2001:db8::5]:3000'])(
    '%s: the refusal names the setting',
    async (host) => {
      const from = { host, origin: `http://${host.toLowerCase()}` }
      expect(await asked('POST', '/session', from)).toMatchObject({
        status: 403,
        body: { code: 'cross_site', error: sentence() },
      })
      expect(await asked('PUT', `/orgs/acme/projects/${stage.slug}`, from, session['cookie'])).toMatchObject({
        status: 403,
        body: { code: 'cross_site', error: sentence() },
      })
    },
  )

  test('still refuses a foreign page as foreign', async () => {
    const from = { host: new URL(lane.origin).host, origin: 'http://evil.example' }
    expect(await asked('POST', '/session', from)).toMatchObject({
      status: 403,
      body: { error: expect.stringContaining('came from another site') as string },
    })
  })
})

describe('a write with the session cookie', () => {
  const rename = (headers: Record<string, string>) =>
    lane.send({ cookie: session['cookie']! }, `PUT /orgs/acme/projects/${stage.slug}`, { json: { name: 'Renamed' }, headers })

  test.for([
    ['our own page', () => ({ 'sec-fetch-site': 'same-origin' })],
    ['our own page, in a browser that says only the origin', () => ({ origin: lane.origin })],
  ] as const)('passes from %s', async ([, headers]) => {
    expect(await rename(headers())).toMatchObject({ status: 200, body: { name: 'Renamed' } })
  })

  test.for([
    ['a foreign page', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a sister domain', { 'sec-fetch-site': 'same-site' }],
    ['the address bar', { 'sec-fetch-site': 'none' }],
    ['a foreign page in an old browser', { origin: 'https://evil.example' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['nobody knows where', {}],
    ['a foreign page that names our origin too', { 'sec-fetch-site': 'cross-site', origin: 'http://127.0.0.1' }],
    ['a form', { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }],
    ['a form of parts', { 'sec-fetch-site': 'same-origin', 'content-type': 'multipart/form-data; boundary=x' }],
    ['a form of plain text', { 'sec-fetch-site': 'same-origin', 'content-type': 'text/plain' }],
  ] as const)('is refused from %s', async ([, headers]) => {
    expect(refusalOf(await rename(headers))).toBe('403 cross_site')
    expect(await lane.send(stage.tokens.owner, `GET /orgs/acme/projects/${stage.slug}`)).toMatchObject({
      body: { name: stage.name },
    })
  })

  test('lets a read pass from anywhere, because no foreign page can see the answer', async () => {
    const headers = { cookie: session['cookie']!, 'sec-fetch-site': 'cross-site' }
    const answer = await lane.send(headers, `GET /orgs/acme/projects/${stage.slug}`)
    expect(answer).toMatchObject({ status: 200 })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('prefers a token over the cookie', async () => {
    const headers = { ...session, authorization: `Bearer ${cast.people.viewer.token}` }
    expect(refusalOf(await lane.send(headers, `DELETE /orgs/acme/projects/${stage.slug}`))).toBe('403 forbidden')
  })
})

describe('a nuke from a session', () => {
  const nuke = (json?: unknown) => lane.send(session, `DELETE /acme/${stage.slug}/nuke`, { json })

  test('needs the exact slug', async () => {
    const wrong = [
      undefined,
      {},
      { confirm: '' },
      { confirm: stage.slug.toUpperCase() },
      { confirm: ` ${stage.slug}` },
      { confirm: stage.id },
    ]
    for (const body of wrong) expect(refusalOf(await nuke(body)), JSON.stringify(body)).toBe('403 confirmation_required')
    expect(await nuke({ confirm: stage.slug })).toMatchObject({ status: 200, body: { projectId: stage.id } })
  })

  test('needs a sign-in of the last ten minutes, or the password again', async () => {
    await signedIn(lane.db, 9)
    expect(await nuke({ confirm: stage.slug })).toMatchObject({ status: 200 })
    await signedIn(lane.db, 11)
    expect(refusalOf(await nuke({ confirm: stage.slug }))).toBe('403 reauthentication_required')
    const prove = (password: string) => lane.send(session, 'POST /me/reauthentication', { json: { password } })
    expect(refusalOf(await prove('wrong'))).toBe('403 wrong_password')
    expect(refusalOf(await nuke({ confirm: stage.slug }))).toBe('403 reauthentication_required')
    expect(await prove(ownersPassword)).toMatchObject({ status: 200 })
    expect(await nuke({ confirm: stage.slug })).toMatchObject({ status: 200 })
  })

  test('needs neither with a token, but a wrong slug stops it', async () => {
    const byToken = (json?: unknown) => lane.send(stage.tokens.owner, `DELETE /acme/${stage.slug}/nuke`, { json })
    expect(refusalOf(await byToken({ confirm: 'beta' }))).toBe('403 confirmation_required')
    expect(await byToken()).toMatchObject({ status: 200 })
    expect(await byToken({ confirm: stage.slug })).toMatchObject({ status: 200 })
  })
})

describe('operations for sessions', () => {
  test.for([
    'POST /me/reauthentication',
    'PUT /me/password',
    'GET /me/sessions',
    'DELETE /me/sessions',
    'DELETE /me/sessions/019aa000-0000-7000-8000-000000000000',
    'GET /orgs/acme/personal-tokens',
    'POST /orgs/acme/personal-tokens',
  ])('%s refuses tokens', async (request) => {
    const json = request.startsWith('P') ? { password: ownersPassword } : undefined
    for (const token of [cast.people.orgOwner.token, stage.tokens.owner]) {
      expect(refusalOf(await lane.send(token, request, { json }))).toBe('403 forbidden')
    }
  })

  test('/me says who the person is, and since when; a project token is no person', async () => {
    const { orgOwner } = cast.people
    expect(await lane.send(session, 'GET /me')).toMatchObject({ status: 200, body: { id: orgOwner.id, email: orgOwner.email } })
    expect(await lane.send(orgOwner.token, 'GET /me')).toMatchObject({
      status: 200,
      body: { id: orgOwner.id, authenticatedAt: null },
    })
    expect(refusalOf(await lane.send(stage.tokens.owner, 'GET /me'))).toBe('403 forbidden')
  })
})

describe('an ended session is refused on the very next request', () => {
  test.for([
    ['deleted', (id: string) => lane.db.deleteFrom('sessions').where('id', '=', id).execute()],
    [
      'expired',
      (id: string) =>
        lane.db
          .updateTable('sessions')
          .set({ expires_at: new Date(Date.now() - 1).toISOString() })
          .where('id', '=', id)
          .execute(),
    ],
  ] as const)('%s', async ([, end]) => {
    const person = await cast.world.person()
    const mine = await browser(person.credentialId)
    expect(await lane.send(mine, 'GET /me')).toMatchObject({ status: 200 })
    await end(person.credentialId)
    expect(refusalOf(await lane.send(mine, 'GET /me'))).toBe('401 unauthenticated')
  })

  test('with its user', async () => {
    const person = await cast.world.person()
    const mine = await browser(person.credentialId)
    await lane.db.deleteFrom('users').where('id', '=', person.id).execute()
    expect(refusalOf(await lane.send(mine, 'GET /me'))).toBe('401 unauthenticated')
  })
})
