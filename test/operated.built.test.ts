import { sql } from 'kysely'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sessionSettings } from '#db/session-settings'
import { createTestDatabase } from '#test/support/database/database'
import { isBuilt } from '../tools/build.mjs'
import { codeIn, section, tablesIn, textOf } from './docs/markdown.ts'
import { clientOf } from './support/http/client.ts'
import { type Server, startServer } from './support/servers/server.ts'
import { type Cast, createCast } from './support/world/cast.ts'

const SECRET = 'a secret of the tests, long enough to be one'

const [table] = tablesIn(section(textOf('docs/operations.md'), 'Metrics'))
const documented = table!.rows.map(([name]) => codeIn(name!)!)

type Sample = { name: string; labels: Record<string, string>; value: number }

const line = /^([a-z_]\w*)(?:\{(.*)\})? (-?[\d.e+-]+|[+-]Inf|NaN)$/

/** The samples of a scrape. Throws for a line that is not Prometheus's format, and for a sample whose type was not told before. */
function parse(text: string): Sample[] {
  const types = new Map<string, string>()
  return text.split('\n').flatMap((one) => {
    const [, name, type] = /^# TYPE (\w+) (counter|gauge|histogram|summary)$/.exec(one) ?? []
    if (name && type) types.set(name, type)
    if (one === '' || one.startsWith('#')) return []
    const read = line.exec(one)
    if (!read) throw new Error(`not Prometheus's format: ${one}`)
    const family = read[1]!.replace(/_(bucket|sum|count)$/, '')
    if (!types.has(read[1]!) && types.get(family) !== 'histogram' && types.get(family) !== 'summary')
      throw new Error(`a sample without a type: ${one}`)
    const labels = [...(read[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, value]) => [key!, value!])
    return [{ name: read[1]!, labels: Object.fromEntries(labels) as Record<string, string>, value: Number(read[3]) }]
  })
}

/** Started as for production: metrics, an access log, and a direct URL beside that of a pooler, which needs its role's settings. */
describe.skipIf(!isBuilt())('after `next build`, a server that is watched', () => {
  const role = `operated_${process.pid}`
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let server: Server
  let cast: Cast
  let metricsUrl = ''
  beforeAll(async () => {
    database = await createTestDatabase()
    const url = new URL(database.url)
    url.username = role
    url.password = 'x'
    await sql.raw(`create role ${role} superuser login password 'x'`).execute(database.db)
    for (const [name, value] of Object.entries(sessionSettings))
      await sql.raw(`alter role ${role} in database ${url.pathname.slice(1)} set ${name} = '${value}'`).execute(database.db)
    cast = await createCast(database.db)
    server = await startServer({
      DATABASE_URL: url.href,
      DATABASE_DIRECT_URL: url.href,
      BULKHEAD_SECRET: SECRET,
      BULKHEAD_LOG_LEVEL: 'info',
      BULKHEAD_METRICS_PORT: '0',
    })
    metricsUrl = /metrics are at (http:\S+\/metrics)/.exec(server.output.join('\n'))![1]!
  })
  afterAll(async () => {
    await server.stop()
    await sql.raw(`drop owned by ${role}; drop role ${role}`).execute(database.db)
    await database.drop()
  })

  /** The lines of the access log with this id, once there is one. */
  async function linesOf(requestId: string): Promise<Record<string, unknown>[]> {
    const lines = () => server.output.filter((text) => text.includes(`"requestId":"${requestId}"`))
    await expect.poll(lines).not.toEqual([])
    return lines().map((text) => JSON.parse(text) as Record<string, unknown>)
  }

  test('leaves one access line for a call of each class, and every documented metric in a scrape', async () => {
    const send = clientOf(server.url)
    await cast.project('alpha')
    const owner = cast.people.orgOwner.token
    const created = { json: { name: 'Beta', slug: 'beta' } }
    const calls: [kind: string, who: string | null, request: string, sent: object, line: object][] = [
      ['read', owner, 'GET /orgs', {}, { operation: 'GET /orgs', status: 200 }],
      ['write', owner, 'POST /orgs/acme/projects', created, { operation: 'POST /orgs/{orgId}/projects', status: 201 }],
      ['export', owner, 'GET /acme/alpha/export', {}, { operation: 'GET /{o}/{p}/export', status: 200 }],
      ['nuke', owner, 'DELETE /acme/alpha/nuke', {}, { operation: 'DELETE /{o}/{p}/nuke', status: 200 }],
      ['v1', owner, 'GET /v1/projects', {}, { operation: 'GET /v1/projects', status: 200 }],
      ['public', null, 'GET /version', {}, { operation: 'GET /version', status: 200 }],
      ['health', null, 'GET /healthz', {}, { operation: 'GET /healthz', status: 200 }],
      ['page', null, 'GET /login', {}, { operation: 'page', status: 200 }],
      ['next-auth', null, 'GET /api/auth/csrf', {}, { operation: 'next-auth', status: 200 }],
      ['refused', null, 'GET /orgs', {}, { operation: 'GET /orgs', status: 401, code: 'unauthenticated' }],
      ['not found', owner, 'GET /orgs/acme/projects/nowhere', {}, { status: 404, code: 'project_not_found' }],
    ]
    for (const [kind, who, request, sent, expected] of calls) {
      const requestId = `call-${kind.replace(' ', '-')}`
      const { status, text } = await send(who, request, { ...sent, headers: { 'x-request-id': requestId } })
      expect(await linesOf(requestId), `${kind}: ${status} ${text.slice(0, 200)}`).toEqual([
        expect.objectContaining({ msg: 'request', requestId, ...expected }),
      ])
    }
    expect(server.output.filter((text) => text.includes('"requestId":"call-'))).toHaveLength(calls.length)

    const scraped = async () => parse(await (await fetch(metricsUrl)).text())
    await expect
      .poll(async () => (await scraped()).some(({ name, value }) => name === 'bulkhead_measured_success' && value === 1))
      .toBe(true)
    const samples = await scraped()
    const text = await (await fetch(metricsUrl)).text()
    for (const name of documented.map((one) => one.replace(/\{.*$/, ''))) {
      expect(text, name).toMatch(new RegExp(`^# HELP ${name} \\S`, 'm'))
      expect(text, name).toMatch(new RegExp(`^# TYPE ${name} \\w+$`, 'm'))
    }
    for (const [kind, , , , expected] of calls) {
      const { operation, status } = expected as { operation?: string; status: number }
      const counted = samples.find(
        ({ name, labels }) =>
          name === 'bulkhead_request_duration_seconds_count' &&
          labels['status'] === `${Math.floor(status / 100)}xx` &&
          (operation === undefined || labels['operation'] === operation),
      )
      expect(counted?.value, kind).toBeGreaterThan(0)
    }
    const valueOf = (metric: string, labels: Record<string, string> = {}) =>
      samples.find(
        ({ name, labels: has }) => name === metric && Object.entries(labels).every(([key, value]) => has[key] === value),
      )?.value
    expect(valueOf('bulkhead_refusals_total', { code: 'unauthenticated' })).toBe(1)
    expect(valueOf('bulkhead_organizations')).toBe(2)
    for (const kind of ['auth', 'read', 'write', 'transfer', 'job'])
      expect(valueOf('bulkhead_pool_connections', { class: kind }), kind).toBeGreaterThan(1)
  })

  test('leaves one access line for a client that hangs up, and answers no call on the port of the metrics', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.write(
      `GET /orgs/acme/projects HTTP/1.1\r\nhost: x\r\nx-request-id: call-torn\r\nauthorization: Bearer ${cast.people.orgOwner.token}\r\n\r\n`,
    )
    socket.end()
    socket.resume()
    expect(await linesOf('call-torn')).toHaveLength(1)
    expect((await fetch(new URL('/orgs', metricsUrl))).status).toBe(404)
  })
})
