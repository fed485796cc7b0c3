import { createTestDatabase } from '#test/support/database/database'
import { startServer } from '#test/support/servers/server'
import { createCast } from '#test/support/world/cast'
import { clientOf } from '#test/support/http/client'

/** The settings of every proof's server, where a few callers make the calls of many. */
export const settings = { BULKHEAD_SECRET: 'a secret of the tests, long enough to be one', BULKHEAD_RATE_LIMIT: '0' }

/** Starts one whole server on a database of its own with the cast in it. */
export async function openWholeServer(more: Record<string, string> = {}) {
  const database = await createTestDatabase()
  const cast = await createCast(database.db)
  const server = await startServer({ ...settings, DATABASE_URL: database.url, ...more })
  return {
    database,
    cast,
    server,
    send: clientOf(server.url),
    async close() {
      await server.stop()
      await database.drop()
    },
  }
}
export type WholeServer = Awaited<ReturnType<typeof openWholeServer>>
