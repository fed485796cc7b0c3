import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { createTestDatabase } from '#test/support/database/database'
import { isBuilt } from '../tools/build.mjs'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { encode } from 'next-auth/jwt'
import { type Cast, type Stage, createCast } from './support/world/cast.ts'
import { type Client, clientOf } from './support/http/client.ts'
import { done } from './support/http/done.ts'
import { type Server, startServer } from './support/servers/server.ts'

const secret = 'a secret of the tests, long enough to be one'

describe.skipIf(!isBuilt())('the HTML of a page', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let server: Server
  let cast: Cast
  let stage: Stage
  let send: Client
  beforeAll(async () => {
    database = await createTestDatabase()
    process.env['BULKHEAD_SECRET'] = secret
    cast = await createCast(database.db)
    stage = await cast.project('alpha')
    server = await startServer({ DATABASE_URL: database.url, BULKHEAD_SECRET: secret, BULKHEAD_RATE_LIMIT: '1000' })
    send = clientOf(server.url)
    await done(send, stage.tokens.owner, 'POST /acme/alpha/tokens', { name: 'nightly-build', role: 'viewer' })
    await done(send, stage.tokens.owner, 'POST /acme/alpha/entity-types', {
      name: 'site',
      states: ['live'],
      initialState: 'live',
    })
    await done(send, stage.tokens.owner, 'DELETE /acme/alpha/nuke')
    const { token } = cast.people.orgOwner
    await done(send, token, 'POST /orgs/acme/webhooks', { url: 'https://siem.example.com/hook', events: ['project.deleted'] })
    await cast.project('bygone')
    await done(send, token, 'DELETE /orgs/acme/projects/bygone')
  })
  afterAll(async () => {
    await server.stop()
    await database.drop()
  })

  async function cookieOf({ credentialId }: { credentialId: string }) {
    const key = createHmac('sha256', secret).update('next-auth').digest('hex')
    return `next-auth.session-token=${await encode({ token: { sid: credentialId }, secret: key })}`
  }

  async function html(path: string, who?: { credentialId: string }) {
    const response = await fetch(server.url + path, { headers: who ? { cookie: await cookieOf(who) } : {} })
    expect(response.status).toBe(200)
    return response.text()
  }

  /** The page as it shows, without what its scripts carry. */
  const shown = (page: string) => page.replaceAll(/<script\b[^>]*>[^]*?<\/script>/g, '')

  const rowsIn = (page: string) => /<tbody[^>]*>([^]*?)<\/tbody>/.exec(shown(page))?.[1]

  /** On a busy machine a page leaves before its data is there, as it should. */
  const patient = { timeout: 20_000 }

  const project = '/console/acme/alpha'
  test.for([
    ['/console/acme', 'alpha'],
    [`${project}/members`, 'viewer'],
    [`${project}/environments`, 'staging'],
    [`${project}/tokens`, 'nightly-build'],
  ] as const)('%s shows its rows before any script runs', async ([path, name]) => {
    await expect.poll(async () => rowsIn(await html(path, cast.people.owner)), patient).toContain(name)
  })

  const settings = '/console/acme/settings'
  test.for([
    [`${project}/audit`, 'project.nuked'],
    [`${project}/access-review`, 'nightly-build'],
    [`${project}/settings/wipes`, 'Nuke'],
    [`${settings}/people`, 'viewer'],
    [`${settings}/access-review`, 'viewer'],
    [`${settings}/access-review/all`, 'nightly-build'],
    [`${settings}/webhooks`, 'siem.example.com'],
    [`${settings}/deleted-projects`, 'bygone'],
    [`${settings}/personal-tokens`, 'cast'],
    [`${settings}/sessions`, 'This session'],
  ] as const)('%s shows its rows to an owner of the organization before any script runs', async ([path, name]) => {
    await expect.poll(async () => rowsIn(await html(path, cast.people.orgOwner)), patient).toContain(name)
  })

  test('holds nothing for a browser that is not signed in', async () => {
    for (const path of ['/console/acme', `${project}/members`, `${project}/tokens`]) {
      const page = await html(path)
      for (const name of ['nightly-build', cast.people.viewer.email, 'staging']) expect(page).not.toContain(name)
    }
  })

  test('holds for a viewer what the API answers them, and nothing that it refuses', async () => {
    const { viewer } = cast.people
    const page = await html(`${project}/tokens`, viewer)
    expect(page).not.toContain('nightly-build')
    expect(
      await send({ cookie: await cookieOf(viewer), 'sec-fetch-site': 'same-origin' }, 'GET /acme/alpha/tokens'),
    ).toMatchObject({
      status: 403,
    })
    await expect.poll(async () => rowsIn(await html(`${project}/members`, viewer)), patient).toContain(cast.people.owner.name)
  })

  test('holds nothing for a stranger to the organization', async () => {
    for (const path of ['/console/acme', `${project}/members`]) {
      const page = await html(path, cast.stranger)
      for (const { email } of [cast.people.viewer, cast.people.owner]) expect(page).not.toContain(email)
    }
  })

  test('shows the project as the other person sees it while the session views it as them', async () => {
    const { owner, viewer } = cast.people
    const headers = { cookie: await cookieOf(owner), 'sec-fetch-site': 'same-origin' }
    await done(send, headers, 'POST /orgs/acme/projects/alpha/view-as', { userId: viewer.id })
    expect(await html(`${project}/tokens`, owner)).not.toContain('nightly-build')
    await done(send, headers, 'DELETE /me/view-as')
    await expect.poll(() => html(`${project}/tokens`, owner), patient).toContain('nightly-build')
  })

  test('does not wait for data that is slow: the browser asks for it', async () => {
    await database.db.transaction().execute(async (trx) => {
      await sql`lock table environments in access exclusive mode`.execute(trx)
      const begin = performance.now()
      const page = await html(`${project}/environments`, cast.people.owner)
      expect(performance.now() - begin).toBeLessThan(5000)
      expect(shown(page)).not.toContain('staging')
      expect(page).toMatch(/Loading (<!-- -->)?Environments/)
    })
    await expect.poll(async () => rowsIn(await html(`${project}/environments`, cast.people.owner)), patient).toContain('staging')
  })

  test('counts toward the rate limit of its reader like the calls of a browser', async () => {
    // Of so few calls a minute, none comes back while these pages are made.
    const few = await startServer({ DATABASE_URL: database.url, BULKHEAD_SECRET: secret, BULKHEAD_RATE_LIMIT: '6' })
    const cookie = await cookieOf(cast.people.admin)
    const ask = () => clientOf(few.url)({ cookie, 'sec-fetch-site': 'same-origin' }, 'GET /orgs/acme')
    try {
      expect((await ask()).headers.get('ratelimit')).toMatch(/;r=5;/)
      for (let page = 0; page < 5; page++) await (await fetch(`${few.url}${project}/members`, { headers: { cookie } })).text()
      expect(await ask()).toMatchObject({ status: 429, body: { code: 'rate_limited' } })
    } finally {
      await few.stop()
    }
  })

  test('shows text of people as text', async () => {
    const name = '</script><img src=x onerror=xss()>'
    await done(send, cast.people.orgOwner.token, 'PUT /orgs/acme/projects/alpha', { name })
    await expect.poll(() => html('/console/acme', cast.people.owner), patient).toContain('&lt;img src=x')
    expect(await html('/console/acme', cast.people.owner)).not.toContain('<img src=x')
  })

  test('is compressed, and what next-auth answers with a secret is not', async () => {
    const codingOf = async (path: string) => {
      const call = request(server.url + path, { headers: { 'accept-encoding': 'gzip' } }).end()
      const [response] = (await once(call, 'response')) as [IncomingMessage]
      response.resume()
      return response.headers['content-encoding']
    }
    expect(await codingOf('/login')).toBe('gzip')
    expect(await codingOf('/openapi.json')).toBe('gzip')
    for (const path of ['/api/auth/csrf', '/api/auth/session']) expect(await codingOf(path)).toBeUndefined()
  })
})
