import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '#test/support/database/database'
import { projectRoot } from '#config/config'
import { type Server, startServer } from './support/servers/server.ts'
import { isBuilt } from '../tools/build.mjs'
import { clientOf } from './support/http/client.ts'
import { refusalOf } from './support/http/refusal.ts'
import { type Jar, cookieOf, signIn, signOut } from './support/http/sign-in.ts'
import { tour } from './support/tour.ts'

const email = 'ada@example.com'
const password = 'correct horse battery'
const session = 'next-auth.session-token'

describe.skipIf(!isBuilt())('after `next build`, the whole server', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let server: Server
  let settings: Record<string, string>
  let send: ReturnType<typeof clientOf>
  beforeAll(async () => {
    database = await createTestDatabase()
    settings = { DATABASE_URL: database.url, BULKHEAD_SECRET: 'a secret of the tests, long enough to be one' }
    server = await startServer({
      ...settings,
      BULKHEAD_ADMIN_EMAIL: email,
      BULKHEAD_ADMIN_PASSWORD: password,
      BULKHEAD_ORG: 'acme',
    })
    send = clientOf(server.url)
  })
  afterAll(async () => {
    await server.stop()
    await database.drop()
  })

  const as = (jar: Jar) => ({ cookie: cookieOf(jar), 'sec-fetch-site': 'same-origin' })

  test('refuses what Next would take seconds to read', async () => {
    const refusedAs = async (path: string, headers: Record<string, string> = {}) =>
      refusalOf(await send(null, `GET ${path}`, { headers }))
    const parameters = 'a&'.repeat(1000)
    for (const query of [parameters, `x?${parameters}`]) expect(await refusedAs(`/login?${query}`)).toBe('414 url_too_long')
    expect(await refusedAs(`/_next/static/a.js?${parameters}`)).toBe('414 url_too_long')
    expect(await refusedAs(`/api/auth/csrf?${parameters}`)).toBe('414 url_too_long')
    const cookie = Array.from({ length: 500 }, (_, i) => `${session}.${i}=a`).join('; ')
    expect(await refusedAs('/api/auth/session', { cookie })).toBe('431 headers_too_large')
    const tree = '["",{"children":'.repeat(1000)
    expect(await refusedAs('/login', { rsc: '1', 'next-router-state-tree': tree })).toBe('431 headers_too_large')
  })

  describe('signing in through next-auth', () => {
    test('opens a session that the API accepts, and signing out ends it even for holders of the cookie', async () => {
      const jar = await signIn(server.url, email, password)
      const caller = as(jar)
      expect(await send(caller, 'GET /me')).toMatchObject({ status: 200, body: { email } })
      await signOut(server.url, jar)
      expect(jar.has(session)).toBe(false)
      expect(refusalOf(await send(caller, 'GET /me'))).toBe('401 unauthenticated')
    })

    test.for([
      ['a wrong password', email, 'wrong'],
      ['no password', email, ''],
      ['an endless password', email, 'x'.repeat(1000)],
      ['an unknown email', 'nobody@example.com', password],
      ['nothing', '', ''],
    ] as const)('%s opens none', async ([, who, what]) => {
      expect((await signIn(server.url, who, what)).has(session)).toBe(false)
    })

    test('hides the cookie from scripts and other sites', async () => {
      const { headers } = await fetch(`${server.url}/api/auth/csrf`)
      expect(headers.getSetCookie().join()).toMatch(/HttpOnly; SameSite=Lax/)
    })

    test('needs our own page for a write; for a nuke the slug and a fresh sign-in, or the password again', async () => {
      const jar = await signIn(server.url, email, password)
      expect(await send(as(jar), 'POST /orgs/acme/projects', { json: { name: 'Alpha', slug: 'alpha' } })).toMatchObject({
        status: 201,
      })
      expect(refusalOf(await send({ cookie: cookieOf(jar) }, 'DELETE /orgs/acme/projects/alpha'))).toBe('403 cross_site')
      const nuke = (confirm: string) => send(as(jar), 'DELETE /acme/alpha/nuke', { json: { confirm } })
      expect(refusalOf(await nuke('beta'))).toBe('403 confirmation_required')
      expect(await nuke('alpha')).toMatchObject({ status: 200 })
      await database.db.updateTable('sessions').set({ authenticated_at: '2026-01-01T00:00:00Z' }).execute()
      expect(refusalOf(await nuke('alpha'))).toBe('403 reauthentication_required')
      expect(await send(as(jar), 'POST /me/reauthentication', { json: { password } })).toMatchObject({ status: 200 })
      expect(await nuke('alpha')).toMatchObject({ status: 200 })
      await database.db.deleteFrom('sessions').execute()
      expect(refusalOf(await nuke('alpha'))).toBe('401 unauthenticated')
    })
  })

  describe('one port', () => {
    test.for(['/login', '/docs', '/setup'])('%s is a page', async (path) => {
      const { status, headers } = await send(null, `GET ${path}`)
      expect(status).toBeLessThan(400)
      expect(status === 200 ? headers.get('content-type') : 'text/html').toMatch('text/html')
    })

    test.for(['GET /nowhere', 'GET /nowhere/at/all', 'POST /login/x/y', 'GET /.env'])(
      '%s is the API’s own 404',
      async (request) => {
        const answer = await send(null, request)
        expect(answer.status).toBe(404)
      },
    )

    test('Next’s image endpoint is off, and fetches nothing', async () => {
      const { status, headers } = await send(null, 'GET /_next/image?url=%2Fopenapi.json&w=64&q=75')
      expect(status).toBe(404)
      expect(headers.get('content-type')).not.toMatch(/^image|^application\/json/)
    })

    test.for([
      '/_next/data/x/healthz.json',
      '/_next/../healthz',
      '/docs/..%2fhealthz',
      '/docs/%252e%252e/healthz',
      '/api/..%2fhealthz',
    ])('%s reaches no handler of the API', async (path) => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
      const answer = (await socket.setEncoding('utf8').toArray()).join('')
      expect(answer).toMatch(/^HTTP\/1\.1 (400|404) /)
      expect(answer).not.toMatch('"ok":true')
    })

    test('the set-up link is used up', async () => {
      expect(server.setUpLink).toBeUndefined()
      const body = {
        token: 'x',
        name: 'Eve',
        email: 'eve@example.com',
        password,
        organizationName: 'Eve',
        organizationSlug: 'eve',
      }
      expect(refusalOf(await send(null, 'POST /setup/owner', { json: body }))).toBe('403 invalid_setup_token')
    })
  })

  test('creates the first owner from the settings on a first start with an empty database', { timeout: 60_000 }, async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'bulkhead-first-start-'))
    // PostgreSQL started by root runs as another user, who needs access to the folder.
    await chmod(dataDir, 0o755)
    const first = await startServer({
      BULKHEAD_DATA_DIR: dataDir,
      BULKHEAD_ADMIN_EMAIL: email,
      BULKHEAD_ADMIN_PASSWORD: password,
      BULKHEAD_ORG: 'acme',
    })
    const jar = await signIn(first.url, email, password)
    expect(await clientOf(first.url)(as(jar), 'GET /orgs')).toMatchObject({
      status: 200,
      body: [{ slug: 'acme', role: 'owner' }],
    })
    await first.stop()
    await rm(dataDir, { recursive: true })
  })

  test(
    'tour.sh takes its token from the command line, in the organization that `bulkhead demo` creates',
    { timeout: 120_000 },
    async () => {
      const env = { ...process.env, ...settings }
      await promisify(execFile)(process.execPath, [join(projectRoot, 'server/bulkhead.mjs'), 'demo'], { env })
      const { code, stdout, stderr } = await tour({ ...settings, URL: server.url })
      expect(code, stdout + stderr).toBe(0)
      expect(stdout).toMatch('Ten operations and five, no surprise.')
    },
  )
})
