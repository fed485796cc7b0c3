import { connect } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '#contract/operations'
import { sharesOf } from '#db/client'
import { addJob } from '#db/queries/jobs'
import { readMeasured } from '#db/queries/metrics'
import { sizesOf } from '#db/shares'
import { prepareJobs } from '#server/jobs/worker'
import { createTestDatabase } from '#test/support/database/database'
import { requestOver } from '#test/support/http/request-over'
import { createWorld } from '#test/support/world/world'
import { startMeasuring } from './measure.ts'
import { createMetrics } from './metrics.ts'
import { serveMetrics } from './serve.ts'

const { db, ...database } = await createTestDatabase()
const metrics = createMetrics({ pool: () => ({ sizes: sizesOf(24), state: sharesOf(db)! }) })
const server = await serveMetrics(metrics, { host: '127.0.0.1', port: 0 })
const origin = `http://127.0.0.1:${server.port}`
beforeAll(() => prepareJobs(database.url))
afterAll(async () => {
  await server.stop()
  await database.drop()
})

/** A measurement that is awaited: the first that starts after this call. */
async function measure() {
  const ended = Promise.withResolvers<boolean>()
  const measuring = startMeasuring(
    db,
    {
      measured(values) {
        metrics.measured(values)
        ended.resolve(true)
      },
      notMeasured() {
        metrics.notMeasured()
        ended.resolve(false)
      },
    },
    60_000,
  )
  const isMeasured = await ended.promise
  await measuring.stop()
  return isMeasured
}

const comment = /^# (HELP|TYPE) [a-z_]\w* .+$/
const sample = /^([a-z_]\w*)(?:\{((?:\w+="(?:[^"\\\n]|\\.)*",?)*)\})? (-?[\d.e+-]+|[+-]Inf|nan)$/i

/** The samples of a text, which must be Prometheus's format. */
async function samples(text?: string) {
  const lines = (text ?? (await metrics.text())).trimEnd().split('\n')
  return lines.flatMap((line) => {
    if (line === '' || comment.test(line)) return []
    const read = sample.exec(line)
    if (!read) throw new Error(`not Prometheus's format: ${line}`)
    const [, name, labels = '', value] = read
    return [{ name: name!, labels, value: Number(value) }]
  })
}

const valueOf = async (name: string, labels = '') =>
  (await samples()).find((one) => one.name === name && one.labels === labels)?.value

describe('what only the database knows', () => {
  test('is read in one go: jobs, what waits for its seal, and rows by organization', async () => {
    const world = await createWorld(db)
    await world.project('alpha')
    await db.updateTable('organization_quotas').set({ measured_rows: 42 }).where('org_id', '=', world.org.id).execute()
    await db.transaction().execute((trx) => addJob(trx, 'mail-password-changed', { email: 'a@b.test', changedAt: '' }, 'a'))
    await sql`update graphile_worker._private_jobs set run_at = now() - interval '90 seconds'`.execute(db)
    expect(await measure()).toBe(true)
    expect(await valueOf('bulkhead_jobs_waiting', 'task="mail-password-changed"')).toBe(1)
    expect(await valueOf('bulkhead_jobs_failed', 'task="mail-password-changed"')).toBe(0)
    expect(await valueOf('bulkhead_oldest_job_seconds')).toBeGreaterThanOrEqual(90)
    expect(await valueOf('bulkhead_oldest_unsealed_audit_event_seconds')).toBeGreaterThan(0)
    expect(await valueOf('bulkhead_organizations')).toBe(1)
    expect(await valueOf('bulkhead_organization_rows', 'organization="acme"')).toBe(42)
    expect(await valueOf('bulkhead_measured_success')).toBe(1)
    expect(await valueOf('bulkhead_measured_timestamp_seconds')).toBeGreaterThan(Date.now() / 1000 - 20)
  })

  test('is nothing in an empty database', async () => {
    const empty = await createTestDatabase()
    await prepareJobs(empty.url)
    expect(await readMeasured(empty.db)).toEqual({
      jobs: [],
      oldestJob: 0,
      oldestUnsealed: 0,
      failingWebhooks: 0,
      organizations: 0,
      rows: [],
    })
    await empty.drop()
  })

  test('names twenty organizations at most', async () => {
    await sql`insert into organizations (id, slug, name) select gen_random_uuid(), 'many-' || n, 'x' from generate_series(1, 50) n`.execute(
      db,
    )
    await sql`insert into organization_quotas (org_id, measured_rows) select id, 7 from organizations where slug like 'many-%'
      on conflict (org_id) do update set measured_rows = 7`.execute(db)
    await measure()
    const rows = (await samples()).filter(({ name }) => name === 'bulkhead_organization_rows')
    expect(rows).toHaveLength(20)
    expect(rows[0]).toMatchObject({ labels: 'organization="acme"', value: 42 })
  })

  test('stays as it was, and says so, while the database does not answer', async () => {
    await measure()
    await db.transaction().execute(async (trx) => {
      await sql`lock table organizations in access exclusive mode`.execute(trx)
      const before = performance.now()
      expect(await measure()).toBe(false)
      expect(performance.now() - before).toBeLessThan(6000)
      const answer = await fetch(`${origin}/metrics`)
      expect(answer.status).toBe(200)
      const seen = await samples(await answer.text())
      expect(seen.find(({ name }) => name === 'bulkhead_measured_success')!.value).toBe(0)
      expect(seen.find(({ labels }) => labels === 'organization="acme"')!.value).toBe(42)
    })
    expect(await measure()).toBe(true)
  })
})

describe('requests', () => {
  test('are counted by operation and class of the status, and refusals by their code', async () => {
    const own = createMetrics({ pool: () => undefined })
    own.observe({ ...requestOver, operation: 'GET /orgs', status: 200, code: undefined, milliseconds: 7 })
    own.observe({ ...requestOver, operation: 'GET /orgs', status: 429, code: 'rate_limited', milliseconds: 1 })
    own.observe({ ...requestOver, operation: undefined, status: undefined, code: undefined, milliseconds: 1 })
    own.observe({ ...requestOver, operation: 'page', status: 404, code: undefined, milliseconds: 1 })
    const text = await own.text()
    const all = await samples(text)
    const count = (labels: string) =>
      all.find((one) => one.name.endsWith('_duration_seconds_count') && one.labels === labels)?.value
    expect(count('operation="GET /orgs",status="2xx"')).toBe(1)
    expect(count('operation="none",status="none"')).toBe(1)
    expect(text).toContain('bulkhead_request_duration_seconds_bucket{le="0.005",operation="GET /orgs",status="2xx"} 0')
    expect(text).toContain('bulkhead_request_duration_seconds_bucket{le="0.01",operation="GET /orgs",status="2xx"} 1')
    expect(text).toContain('bulkhead_refusals_total{code="rate_limited"} 1')
    expect(text).toContain('bulkhead_refusals_total{code="status_404"} 1')
  })

  test('of every operation with every status are quickly printed', async () => {
    const own = createMetrics({ pool: () => undefined })
    for (const { method, path } of operations)
      for (const status of [200, 304, 400, 503])
        own.observe({ ...requestOver, operation: `${method} ${path}`, status, code: undefined, milliseconds: 1 })
    const before = performance.now()
    expect((await own.text()).length).toBeLessThan(2_000_000)
    expect(performance.now() - before).toBeLessThan(1000)
  })
})

describe('a scrape', () => {
  test('is Prometheus’s text, with the connections of each class', async () => {
    const { status, headers, text } = await fetch(`${origin}/metrics?x=1`).then(async (one) => ({
      status: one.status,
      headers: one.headers,
      text: await one.text(),
    }))
    expect(status).toBe(200)
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    const seen = await samples(text)
    expect(seen.find(({ name, labels }) => name === 'bulkhead_pool_connections' && labels === 'class="read"')!.value).toBe(8)
    expect(seen.find(({ name }) => name === 'bulkhead_build_info')!.labels).toContain('version=')
    expect(seen.some(({ name }) => name === 'nodejs_eventloop_lag_p99_seconds')).toBe(true)
  })

  test.for([
    ['GET', '/', 404],
    ['GET', '/metrics/', 404],
    ['GET', '/orgs', 404],
    ['POST', '/metrics', 405],
    ['HEAD', '/metrics', 200],
  ] as const)('by a stranger: %s %s is %i', async ([method, path, status]) => {
    expect((await fetch(origin + path, { method })).status).toBe(status)
  })

  test('by a stranger that sends an endless body ends', async () => {
    const socket = connect(server.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(`POST /metrics HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000\r\n\r\n${'x'.repeat(1000)}`)
    const answer = (await socket.setEncoding('utf8').toArray()).join('')
    expect(answer).toMatch(/^HTTP\/1\.1 405 /)
  })

  test('on a taken port is refused in one sentence', async () => {
    await expect(serveMetrics(metrics, { host: '127.0.0.1', port: server.port })).rejects.toThrow(
      `Port ${server.port} of 127.0.0.1 is in use by another program. Set BULKHEAD_METRICS_PORT to a free one.`,
    )
  })
})
