import { freePort } from '#server/postgres/reach'
import { createTestDatabase } from '#test/support/database/database'
import { clientOf } from '#test/support/http/client'
import { startRoundRobin } from '#test/support/servers/round-robin'
import { startServer } from '#test/support/servers/server'
import { settings } from '../whole-server.ts'

/** Two whole servers on one database, behind a proxy that sends each request to the other one. */
export async function startTwo(more: Record<string, string> = {}) {
  const database = await createTestDatabase()
  const proxy = await startRoundRobin()
  const all = {
    ...settings,
    ...more,
    DATABASE_URL: database.url,
    BULKHEAD_URL: proxy.url,
    BULKHEAD_TRUSTED_PROXIES: '127.0.0.1',
  }
  const start = async () => {
    const port = String(await freePort())
    const server = await startServer({ ...all, PORT: port })
    proxy.add(`http://127.0.0.1:${port}`)
    return server
  }
  const servers = await Promise.all([start(), start()])
  return {
    origin: proxy.url,
    served: proxy.served,
    db: database.db,
    send: clientOf(proxy.url),
    async stop() {
      await proxy.stop()
      await Promise.all(servers.map((server) => server.stop()))
      await database.drop()
    },
  }
}
export type Two = Awaited<ReturnType<typeof startTwo>>
