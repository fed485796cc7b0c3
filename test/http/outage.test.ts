import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase } from '#db/client'
import { migrateToLatest } from '#db/migrate'
import { startPostgres } from '#server/postgres/embedded'
import { watchDatabase } from '#server/postgres/watch'
import { createWorld } from '#test/support/world/world'
import { prepareJobs } from '#server/jobs/worker'
import { personalToken } from '../support/world/cast.ts'
import { type Lane, startLane } from '../support/http/lane.ts'

let dataDir: string
let postgres: Awaited<ReturnType<typeof startPostgres>>
let lane: Lane
let token: string
let stopWatching: () => Promise<void>
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'bulkhead-outage-'))
  chmodSync(dataDir, 0o755)
  postgres = await startPostgres({ dataDir })
  const db = createDatabase(postgres.url)
  await migrateToLatest(db)
  await prepareJobs(postgres.url)
  await db.destroy()
  lane = await startLane(postgres.url)
  stopWatching = watchDatabase(20)
  const world = await createWorld(lane.db)
  token = await personalToken(lane.db, world.root, world.org.id)
})
afterAll(async () => {
  await stopWatching()
  await lane.stop()
  await postgres.stop()
  rmSync(dataDir, { recursive: true })
})

/** What `/healthz` says once a check of the database has gone this way. It is always 200. */
async function healthWhere(ok: boolean) {
  for (;;) {
    const { status, body } = await lane.send<{ postgres: { ok: boolean } }>(null, 'GET /healthz')
    expect(status).toBe(200)
    if (body.postgres.ok === ok) return body
  }
}

const create = (slug: string) => lane.send(token, 'POST /orgs/acme/projects', { json: { name: slug, slug } })

test('answers 503 while the database is down, and works as soon as it is back', async () => {
  expect(await create('before')).toMatchObject({ status: 201 })
  await postgres.stop()
  for (let i = 0; i < 3; i++) {
    for (const answer of [
      await create('away'),
      await lane.send(token, 'GET /orgs/acme/projects'),
      await lane.send(null, 'GET /readyz'),
    ]) {
      expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable', requestId: answer.headers.get('x-request-id') } })
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    }
  }
  expect(await lane.send(null, 'GET /healthz')).toMatchObject({ status: 200 })
  expect(await healthWhere(false)).toEqual({
    ok: true,
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    postgres: { ok: false },
  })
  expect(await lane.send(null, 'GET /orgs')).toMatchObject({ status: 401 })

  postgres = await startPostgres({ dataDir })
  expect(await lane.send(null, 'GET /readyz')).toMatchObject({ status: 200 })
  expect(await create('after')).toMatchObject({ status: 201 })
  expect(await healthWhere(true)).toMatchObject({ postgres: { ok: true } })
})

test('completes each request or refuses it with 503 during a restart under load, and keeps what was completed', async () => {
  const done: string[] = []
  const statuses = new Set<number>()
  let over = false
  async function writer(name: string) {
    for (let i = 0; !over; i++) {
      const { status } = await create(`${name}-${i}`)
      statuses.add(status)
      if (status === 201) done.push(`${name}-${i}`)
    }
  }
  const writers = ['a', 'b', 'c', 'd', 'e', 'f'].map(writer)
  const until = async (n: number) => {
    while (done.length < n) await lane.send(null, 'GET /healthz')
  }
  await until(20)
  await postgres.stop()
  postgres = await startPostgres({ dataDir })
  await until(done.length + 20)
  over = true
  await Promise.all(writers)

  expect(statuses).toEqual(new Set([201, 503]))
  const there = await lane.db.selectFrom('projects').select('slug').execute()
  expect(there.map(({ slug }) => slug)).toEqual(expect.arrayContaining(done))
})
