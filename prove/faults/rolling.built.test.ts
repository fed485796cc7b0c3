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
import { type Deliver, load } from './load.ts'

const TIMES = scaleOf('faults', 1)
const isFull = TIMES > 1

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

  // The next test covers this too, with a proxy in front, so a short run skips it.
  test.skipIf(!isFull)('SIGTERM: answers every request that was taken', { timeout: 0 }, async () => {
    const failures: string[] = []
    let tried = 0
    for (let round = 0; round < TIMES; round++) {
      progress(round, TIMES, `SIGTERM, ${failures.length} failed`)
      const project = await cast.project(`term-${round}`)
      const port = await freePort()
      const server = await start(port)
      const agent = new Agent({ keepAlive: true })
      const isFailure = (delivery: Delivery) => ('status' in delivery ? delivery.status > 201 : delivery.taken)
      const send: Deliver = (letter) => deliver(agent, port, letter)
      const end = load({ db: database.db, cast, project, send }, isFailure)
      await sleep(300 + Math.random() * 300)
      await server.stop()
      const outcome = await end()
      agent.destroy()
      tried += outcome.tried
      failures.push(...outcome.failures)
    }
    expect(report({ what: 'fault: SIGTERM under load', tried, failures })).toEqual([])
  })

  test('restarts one process after the other behind a proxy without a failed request', { timeout: 0 }, async () => {
    const project = await cast.project('rolling')
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
    const end = load({ db: database.db, cast, project, send }, (delivery) => !('status' in delivery) || delivery.status > 201)
    const restarts = isFull ? 2 * TIMES : 1
    for (let i = 0; i < restarts; i++) {
      progress(i, restarts, 'rolling restart')
      await sleep(200 + Math.random() * 200)
      await servers[i % 2]!.stop()
      out.add(ports[i % 2]!)
      servers[i % 2] = await start(ports[i % 2]!)
      out.delete(ports[i % 2]!)
    }
    const { tried, failures } = await end()
    await Promise.all(servers.map((server) => server.stop()))
    expect(report({ what: 'fault: rolling restart of two processes', tried, failures })).toEqual([])
  })
})
