import { setTimeout as sleep } from 'node:timers/promises'
import { median } from '#test/support/measure/report'
import { createTestDatabase } from '#test/support/database/database'
import { type Server, startServer } from '#test/support/servers/server'
import { residentMegabytes } from '../soak/measured.ts'
import { settings } from '../whole-server.ts'
import { ask, heardFrom, startChild } from './child.ts'
import type { Lived } from './neighbor.ts'
import { type Scale, furnish, stock, work } from './world.ts'

export type Stage = Awaited<ReturnType<typeof openStage>>

/** The defaults, but webhooks may reach this machine, where the receivers of an attack are. */
const serverSettings = { ...settings, BULKHEAD_RATE_LIMIT: '', BULKHEAD_WEBHOOK_ALLOWED_HOSTS: '127.0.0.1' }

/** The built server with an attacker's and a neighbor's organization on it; the neighbor's process; and an idle port. */
export async function openStage(scale: Scale, warmUp: number) {
  const database = await createTestDatabase()
  const world = await furnish(database, scale)
  const neighbor = startChild('neighbor.ts')
  const sink = startChild('sink.ts')
  const sinkPort = await heardFrom<number>(sink)

  const live = (url: string) => void neighbor.send({ order: 'live', url, world })
  const rest = () => ask<Lived>(neighbor, 'stop')

  /** Starts a server, warms it up with one request of every kind, and measures its memory. */
  async function start(): Promise<{ server: Server; idle: number }> {
    const server = await startServer({ ...serverSettings, DATABASE_URL: database.url })
    if (!isStocked) await stock(server.url, world)
    isStocked = true
    await work(server.url, world)
    live(server.url)
    await sleep(warmUp)
    const held: number[] = []
    for (let i = 0; i < 5; i++, await sleep(100)) held.push(residentMegabytes(server.pid) ?? 0)
    await rest()
    return { server, idle: median(held) }
  }
  let isStocked = false
  let now = await start()

  return {
    world,
    sinkPort,
    /** How many requests a second the idle port refuses. */
    refusing: (perSecond: number) => ask(sink, perSecond),
    live,
    rest,
    burst: () => ask<Lived>(neighbor, { order: 'burst', url: now.server.url, world }),
    server: () => now.server,
    /** Megabytes of the warm, idle server. */
    idle: () => now.idle,
    /** Starts a new process when the last attack left the old one dead or bloated, so that the next is judged by itself. */
    async restart() {
      await stop(now.server)
      now = await start()
    },
    async close() {
      neighbor.kill()
      sink.kill()
      await stop(now.server)
      await database.drop()
    },
  }
}

/** Some attacks leave a server that does not stop when it is asked to. */
async function stop(server: Server): Promise<void> {
  if (!server.isRunning()) return
  const late = setTimeout(() => process.kill(server.pid, 'SIGKILL'), 5000)
  await server.stop()
  clearTimeout(late)
}
