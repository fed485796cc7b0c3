import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { type ClientRequest, request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectRoot } from '#config/config'
import { createTestDatabase } from '#test/support/database/database'
import { isBuilt } from '../tools/build.mjs'
import { clientOf } from './support/http/client.ts'
import { refusalOf } from './support/http/refusal.ts'
import { type Server, startServer } from './support/servers/server.ts'
import { workersOf } from './support/servers/workers.ts'
import { type Cast, createCast } from './support/world/cast.ts'

const LIMIT = 600
const secret = 'a secret of the tests, long enough to be one'

describe.skipIf(!isBuilt() || process.platform !== 'linux')('a server of two workers', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let cast: Cast
  let folder: string
  let server: Server
  let settings: Record<string, string>
  let send: ReturnType<typeof clientOf>
  beforeAll(async () => {
    database = await createTestDatabase()
    cast = await createCast(database.db)
    folder = await mkdtemp(join(tmpdir(), 'bulkhead-workers-'))
    settings = { DATABASE_URL: database.url, BULKHEAD_SECRET: secret, BULKHEAD_DATA_DIR: folder }
    server = await startServer({
      ...settings,
      WEB_CONCURRENCY: '2',
      BULKHEAD_RATE_LIMIT: String(LIMIT),
      BULKHEAD_METRICS_PORT: '0',
      BULKHEAD_LOG_LEVEL: 'info',
    })
    send = clientOf(server.url)
  }, 60_000)
  afterAll(async () => {
    await server.stop()
    await database.drop()
    await rm(folder, { recursive: true })
  })

  /** A request on a connection of its own, so that the workers share such requests. */
  const alone = (who: string, call: string) => send(who, call, { headers: { connection: 'close' } })
  const metricsPort = () => server.output.join('\n').match(/metrics are at http:\/\/127\.0\.0\.1:(\d+)/)![1]!
  async function metrics(): Promise<Map<string, number>> {
    const text = await fetch(`http://127.0.0.1:${metricsPort()}/metrics`).then((response) => response.text())
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]))
  }

  test('lets a caller make as many calls as one process, however many come at once', { timeout: 60_000 }, async () => {
    const { token } = cast.people.viewer
    const since = performance.now()
    const statuses: number[] = []
    const lefts: number[] = []
    for (let round = 0; round < 8; round++) {
      const answers = await Promise.all(Array.from({ length: 100 }, () => alone(token, 'GET /me')))
      for (const { status, headers } of answers) {
        statuses.push(status)
        lefts.push(Number(/r=(\d+)/.exec(headers.get('ratelimit')!)![1]))
      }
    }
    const refilled = Math.ceil(((performance.now() - since) / 60_000) * LIMIT) + 1
    const passed = statuses.filter((status) => status === 200).length
    expect(passed).toBeGreaterThanOrEqual(LIMIT)
    expect(passed).toBeLessThanOrEqual(LIMIT + refilled)
    expect(statuses.filter((status) => status !== 200 && status !== 429)).toEqual([])
    expect(Math.min(...lefts)).toBe(0)
    // Whichever worker gets the next calls, the caller has only what was refilled meanwhile.
    const next = await Promise.all(Array.from({ length: 20 }, () => alone(token, 'GET /me')))
    expect(next.filter(({ status }) => status === 429).length).toBeGreaterThan(10)
  })

  test('lets a caller make one import at a time, and another caller theirs', { timeout: 30_000 }, async () => {
    const { slug, tokens } = await cast.project('one-import')
    const path = `/acme/${slug}/import`
    const type = { 'content-type': 'application/x-ndjson' }
    /** Begins an import that never ends; its turn may come after that of the next one. */
    async function hold() {
      const begun = Promise.withResolvers<void>()
      const one: ClientRequest = request(server.url + path, {
        method: 'POST',
        headers: { ...type, authorization: `Bearer ${tokens.owner}`, expect: '100-continue', 'content-length': '10' },
      })
      let isRefused = false
      one.on('response', () => (isRefused = true))
      one.on('continue', () => begun.resolve())
      one.on('error', () => {})
      one.flushHeaders()
      await begun.promise
      return { end: () => one.destroy(), isRefused: () => isRefused }
    }
    const other = () => send(tokens.owner, `POST ${path}`, { raw: '', headers: { ...type, connection: 'close' } })
    let held = await hold()
    while ((await other()).status !== 429) if (held.isRefused()) held = await hold()
    const refused = await Promise.all(Array.from({ length: 8 }, other))
    expect(refused.map((answer) => refusalOf(answer))).toEqual(Array.from({ length: 8 }, () => '429 too_much_at_once'))
    const byAdmin = await send(tokens.admin, `POST ${path}`, { raw: '', headers: type })
    expect(byAdmin.status).not.toBe(429)
    held.end()
    while ((await other()).status === 429);
  })

  test('has the connections to the database of one process, and one queue of jobs', { timeout: 30_000 }, async () => {
    const { token } = cast.people.owner
    await Promise.all(Array.from({ length: 200 }, () => alone(token, 'GET /orgs')))
    const { rows } = await sql<{ name: string; n: number }>`select application_name as name, count(*)::int as n
      from pg_stat_activity where datname = current_database() and application_name in ('bulkhead', 'bulkhead pipe', 'bulkhead jobs')
      group by 1`.execute(database.db)
    const of = (name: string) => rows.find((row) => row.name === name)?.n ?? 0
    // Those of this test itself are in the pool as well.
    expect(of('bulkhead')).toBeLessThanOrEqual(24 + 10)
    expect(of('bulkhead pipe')).toBeLessThanOrEqual(4)
    expect(of('bulkhead jobs')).toBeLessThanOrEqual(10)
    const pools = [...(await metrics())].filter(([name]) => name.startsWith('bulkhead_pool_connections'))
    expect(pools.reduce((sum, [, n]) => sum + n, 0)).toBe(24)
  })

  test('has one text of metrics, in which no call is lost with its worker', { timeout: 30_000 }, async () => {
    const { token } = cast.people.admin
    const counted = async () => {
      const all = await metrics()
      return all.get('bulkhead_request_duration_seconds_count{operation="GET /orgs/{orgId}",status="2xx"}') ?? 0
    }
    const before = await counted()
    for (let i = 0; i < 20; i++) expect((await alone(token, 'GET /orgs/acme')).status).toBe(200)
    // The text of a second ago may serve a scrape.
    while ((await counted()) < before + 20);
    const { stderr } = await command('reload')
    expect(stderr).toMatch(/^Port \d+: replaced 2 workers\.$/m)
    await alone(token, 'GET /orgs/acme')
    while ((await counted()) < before + 21);
    expect(await counted()).toBe(before + 21)
    expect((await metrics()).get(`bulkhead_build_info{version="0.1.0",node="${process.versions.node}"}`)).toBe(1)
  })

  const command = (...args: string[]) =>
    promisify(execFile)(process.execPath, [join(projectRoot, 'server', 'bulkhead.mjs'), ...args], {
      env: { ...process.env, ...settings },
    })

  test('replaces its workers at `bulkhead reload`, which says how it went', { timeout: 30_000 }, async () => {
    const before = workersOf(server)
    expect(before).toHaveLength(2)
    const both = await Promise.allSettled([command('reload'), command('reload')])
    const said = both.map((one) => (one.status === 'fulfilled' ? one.value.stderr : (one.reason as { stderr: string }).stderr))
    expect(said.toSorted().join('')).toMatch(
      /^Port \d+: The workers are already being replaced\.\nNot all workers were replaced\.\nPort \d+: replaced 2 workers\.\n$/,
    )
    const after = workersOf(server)
    expect(after).toHaveLength(2)
    expect(after.filter((pid) => before.includes(pid))).toEqual([])
  })

  test('a connection that arrives before it notices that its workers died is answered', { timeout: 30_000 }, async () => {
    const died = workersOf(server)
    const isDead = (pid: number) => /^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
    process.kill(server.pid, 'SIGSTOP')
    for (const pid of died) process.kill(pid, 'SIGKILL')
    await expect.poll(() => died.every(isDead)).toBe(true)
    // The kernel connects them.
    const sockets = Array.from({ length: 20 }, () => connect(Number(new URL(server.url).port), '127.0.0.1'))
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    for (const socket of sockets) socket.write('GET /healthz HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n')
    process.kill(server.pid, 'SIGCONT')
    const statuses = await Promise.all(sockets.map(async (socket) => (await text(socket)).slice(9, 12)))
    expect(statuses.filter((status) => status !== '200' && status !== '503')).toEqual([])
    await expect.poll(() => workersOf(server).length, { timeout: 10_000 }).toBe(2)
    await expect.poll(async () => (await send(null, 'GET /readyz')).status, { timeout: 20_000 }).toBe(200)
  })

  test('sends a mail once', { timeout: 30_000 }, async () => {
    const { token } = cast.people.orgOwner
    const json = { invitations: [{ email: 'grace@example.com' }] }
    expect(await send(token, 'POST /orgs/acme/invitations', { json })).toMatchObject({ status: 201 })
    const mails = () => server.output.filter((line) => line.includes('grace@example.com'))
    while (mails().length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(mails()).toHaveLength(1)
  })

  test('writes whole lines to its log', () => {
    const lines = server.output.filter((line) => line.includes('"msg":'))
    expect(lines.length).toBeGreaterThan(100)
    expect(lines.filter((line) => !line.startsWith('{') || !line.endsWith('}'))).toEqual([])
  })

  test('leaves nothing in the data folder when it stops', async () => {
    const more = await mkdtemp(join(tmpdir(), 'bulkhead-workers-'))
    const other = await startServer({ ...settings, BULKHEAD_DATA_DIR: more, WEB_CONCURRENCY: '2' })
    expect((await readdir(more)).filter((file) => file.endsWith('.sock'))).toHaveLength(1)
    await other.stop()
    expect(await readdir(more)).toEqual([])
    await rm(more, { recursive: true })
  })

  test('without workers there is nothing to reload', async () => {
    const more = await mkdtemp(join(tmpdir(), 'bulkhead-workers-'))
    const reload = promisify(execFile)(process.execPath, [join(projectRoot, 'server', 'bulkhead.mjs'), 'reload'], {
      env: { ...process.env, ...settings, BULKHEAD_DATA_DIR: more },
    })
    await expect(reload).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^No server with workers runs/) as string,
    })
    await rm(more, { recursive: true })
  })
})
