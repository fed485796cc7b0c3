import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '#server/postgres/reach'
import { createTestDatabase } from '#test/support/database/database'
import { clientOf } from '#test/support/http/client'
import { progress, report, scaleOf } from '#test/support/outcome'
import { type Server, startServer } from '#test/support/servers/server'
import { workersOf } from '#test/support/servers/workers'
import { type Cast, createCast } from '#test/support/world/cast'
import { isBuilt } from '../../tools/build.mjs'
import { settings } from '../whole-server.ts'
import { type Delivery, deliver } from './courier.ts'
import { CLIENTS, type Deliver, load } from './load.ts'

const TIMES = scaleOf('faults', 1)
const isAnswered = (delivery: Delivery) => 'status' in delivery && delivery.status <= 201

/** A server of two workers that loses them while it is busy. */
describe.skipIf(!isBuilt() || process.platform !== 'linux')('two workers', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let cast: Cast
  let server: Server
  let port: number
  beforeAll(async () => {
    database = await createTestDatabase()
    cast = await createCast(database.db)
  }, 0)
  afterAll(() => database.drop())
  beforeEach(async () => {
    port = await freePort()
    server = await startServer({ ...settings, DATABASE_URL: database.url, WEB_CONCURRENCY: '2', PORT: String(port) })
  }, 0)
  afterEach(async () => {
    if (server.isRunning()) await server.stop()
  })

  let projects = 0
  const project = () => cast.project(`workers-${projects++}`)
  const busy = async (send: Deliver, isFailure: (delivery: Delivery) => boolean) =>
    load({ db: database.db, cast, project: await project(), send }, isFailure)

  /** Waits until as many workers as before answer, all of them others than these. */
  async function replaced(before: number[]): Promise<void> {
    for (;;) {
      const now = workersOf(server)
      if (now.length === 2 && now.every((pid) => !before.includes(pid))) return
      await sleep(20)
    }
  }

  test('one that is killed takes no request with it but its own, and another takes its place', { timeout: 0 }, async () => {
    const failures: string[] = []
    let tried = 0
    for (let round = 0; round < TIMES; round++) {
      progress(round, TIMES, `worker killed, ${failures.length} failed`)
      const broken: Delivery[] = []
      const send: Deliver = async (letter) => {
        const delivery = await deliver(false, port, letter)
        if ('error' in delivery) broken.push(delivery)
        return delivery
      }
      // A reset belongs to the worker that died; any refusal, and any other error, does not.
      const end = await busy(send, (delivery) =>
        'error' in delivery ? !['ECONNRESET', 'EPIPE'].includes(delivery.error) : !isAnswered(delivery),
      )
      await sleep(200 + Math.random() * 300)
      const [victim, other] = workersOf(server)
      process.kill(victim!, 'SIGKILL')
      while (workersOf(server).length > 1 && workersOf(server).includes(victim!)) await sleep(5)
      while (workersOf(server).length < 2) await sleep(20)
      expect(workersOf(server)).toContain(other)
      await sleep(300)
      const outcome = await end()
      tried += outcome.tried
      failures.push(...outcome.failures)
      if (broken.length >= CLIENTS) failures.push(`${broken.length} of ${CLIENTS} clients lost a request`)
    }
    expect(server.output.filter((line) => line.includes('a worker ended by SIGKILL'))).toHaveLength(TIMES)
    expect(report({ what: 'fault: a worker killed', tried, failures })).toEqual([])
  })

  test.for([
    ['with a connection for each request', false],
    ['on kept connections', true],
  ] as const)('a reload loses no request %s', { timeout: 0 }, async ([, keepAlive]) => {
    const failures: string[] = []
    let tried = 0
    const agent = keepAlive && new Agent({ keepAlive: true })
    const end = await busy(
      (letter) => deliver(agent, port, letter),
      (delivery) => !isAnswered(delivery),
    )
    for (let round = 0; round < TIMES; round++) {
      progress(round, TIMES, `reload, ${failures.length} failed`)
      const before = workersOf(server)
      process.kill(server.pid, 'SIGUSR2')
      await replaced(before)
    }
    const outcome = await end()
    if (agent) agent.destroy()
    tried += outcome.tried
    failures.push(...outcome.failures)
    expect(report({ what: 'fault: reload of two workers', tried, failures })).toEqual([])
  })

  test('SIGTERM during a reload ends all of them within the usual time, and answers what was taken', { timeout: 0 }, async () => {
    const failures: string[] = []
    let tried = 0
    const agent = new Agent({ keepAlive: true })
    const end = await busy(
      (letter) => deliver(agent, port, letter),
      (delivery) => ('error' in delivery ? delivery.taken : !isAnswered(delivery)),
    )
    const before = workersOf(server)
    process.kill(server.pid, 'SIGUSR2')
    while (workersOf(server).length < 3) await sleep(5)
    await sleep(Math.random() * 2000)
    const since = performance.now()
    await server.stop()
    expect(performance.now() - since).toBeLessThan(15_000)
    const outcome = await end()
    agent.destroy()
    tried += outcome.tried
    failures.push(...outcome.failures)
    for (const pid of before) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    expect(server.output.filter((line) => line.includes('"level":50'))).toEqual([])
    expect(report({ what: 'fault: SIGTERM during a reload', tried, failures })).toEqual([])
  })

  test('without any worker the server says that it is not ready, and is again once there is one', { timeout: 0 }, async () => {
    const send = clientOf(server.url)
    expect(await send(null, 'GET /readyz')).toMatchObject({ status: 200 })
    for (const pid of workersOf(server)) process.kill(pid, 'SIGKILL')
    while (workersOf(server).length > 0 && (await send(null, 'GET /readyz').catch(() => undefined))?.status !== 503);
    const refused = await send(null, 'GET /readyz')
    expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(await send(null, 'GET /healthz')).toMatchObject({ status: 200 })
    while ((await send(null, 'GET /readyz')).status !== 200) await sleep(20)
  })
})
