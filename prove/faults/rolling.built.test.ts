import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '#test/support/database/database'
import { isBuilt } from '../../tools/build.mjs'
import { freePort } from '#server/postgres/reach'
import { type Server, startServer } from '#test/support/servers/server'
import { type Cast, createCast } from '#test/support/world/cast'
import { progress, report, scaleOf } from '#test/support/outcome'
import { settings } from '../whole-server.ts'
import { type Delivery, deliver } from './courier.ts'

const TIMES = scaleOf('faults', 1)
const isFull = TIMES > 1
const CLIENTS = 12

/** Processes that are stopped while they are busy. */
describe.skipIf(!isBuilt())('stopped under load', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let cast: Cast
  beforeAll(async () => {
    database = await createTestDatabase()
    cast = await createCast(database.db)
  }, 0)
  afterAll(() => database.drop())

  const start = (port: number): Promise<Server> => startServer({ ...settings, DATABASE_URL: database.url, PORT: String(port) })

  type Deliver = (letter: Parameters<typeof deliver>[2]) => Promise<Delivery>

  /**
   * Every other request is a write. `end` waits for the last answers, and reports unanswered requests and those of them that were
   * done.
   */
  function load(slug: string, send: Deliver, isFailure: (delivery: Delivery) => boolean) {
    const headers = { authorization: `Bearer ${cast.people.orgOwner.token}`, 'content-type': 'application/json' }
    const acknowledged = new Set<string>()
    const failures: string[] = []
    let [over, tried, counter] = [false, 0, 0]
    async function client() {
      while (!over) {
        const name = `e-${counter++}`
        const isWrite = counter % 2 === 0
        const delivery = isWrite
          ? await send({ method: 'POST', path: `/acme/${slug}/environments`, headers, body: JSON.stringify({ name }) })
          : await send({ method: 'GET', path: `/acme/${slug}/environments`, headers })
        tried++
        if (isFailure(delivery)) failures.push(JSON.stringify(delivery).slice(0, 200))
        if ('status' in delivery && delivery.status === 201) acknowledged.add(name)
        if ('error' in delivery) await sleep(5)
      }
    }
    const working = Array.from({ length: CLIENTS }, client)
    return async function end(id: string) {
      over = true
      await Promise.all(working)
      const rows = await database.db.selectFrom('environments').select('name').where('project_id', '=', id).execute()
      const there = new Set(rows.map(({ name }) => name).filter((name) => name.startsWith('e-')))
      failures.push(
        ...[...there].filter((name) => !acknowledged.has(name)).map((name) => `${name} was done and not acknowledged`),
      )
      failures.push(...[...acknowledged].filter((name) => !there.has(name)).map((name) => `${name} was acknowledged and is gone`))
      return { tried, failures }
    }
  }

  // The next test covers this too, with a proxy in front, so a short run skips it.
  test.skipIf(!isFull)('SIGTERM: answers every request that was taken', { timeout: 0 }, async () => {
    const failures: string[] = []
    let tried = 0
    for (let round = 0; round < TIMES; round++) {
      progress(round, TIMES, `SIGTERM, ${failures.length} failed`)
      const { slug, id } = await cast.project(`term-${round}`)
      const port = await freePort()
      const server = await start(port)
      const agent = new Agent({ keepAlive: true })
      const isFailure = (delivery: Delivery) => ('status' in delivery ? delivery.status > 201 : delivery.taken)
      const end = load(slug, (letter) => deliver(agent, port, letter), isFailure)
      await sleep(300 + Math.random() * 300)
      await server.stop()
      const outcome = await end(id)
      agent.destroy()
      tried += outcome.tried
      failures.push(...outcome.failures)
    }
    expect(report({ what: 'fault: SIGTERM under load', tried, failures })).toEqual([])
  })

  test('restarts one process after the other behind a proxy without a failed request', { timeout: 0 }, async () => {
    const { slug, id } = await cast.project('rolling')
    const ports = [await freePort(), await freePort()]
    const servers = await Promise.all(ports.map(start))
    const out = new Set<number>()
    let turn = 0
    /** A minimal proxy: alternates between the processes that report ready, and tries the next when one takes no connection. */
    const send: Deliver = async (letter) => {
      const port = ports.filter((one) => !out.has(one))[turn++ % (ports.length - out.size)]!
      const first = await deliver(false, port, letter)
      return 'error' in first && !first.taken ? send(letter) : first
    }
    const end = load(slug, send, (delivery) => !('status' in delivery) || delivery.status > 201)
    const restarts = isFull ? 2 * TIMES : 1
    for (let i = 0; i < restarts; i++) {
      progress(i, restarts, 'rolling restart')
      await sleep(200 + Math.random() * 200)
      await servers[i % 2]!.stop()
      out.add(ports[i % 2]!)
      servers[i % 2] = await start(ports[i % 2]!)
      out.delete(ports[i % 2]!)
    }
    const { tried, failures } = await end(id)
    await Promise.all(servers.map((server) => server.stop()))
    expect(report({ what: 'fault: rolling restart of two processes', tried, failures })).toEqual([])
  })
})
