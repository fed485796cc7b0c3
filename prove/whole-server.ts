import { createTestDatabase } from '#db/testing'
import { startServer } from '../e2e/server.ts'
import { createCast } from '../test/cast.ts'
import { clientOf } from '../test/client.ts'

/** What every server of a proof is set to: calls are made by few for many. */
export const settings = { BULKHEAD_SECRET: 'a secret of the tests, long enough to be one', BULKHEAD_RATE_LIMIT: '0' }

/** One whole server on a database of its own with the cast in it. */
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
