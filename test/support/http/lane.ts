import { inject } from 'vitest'
import { type Database, createDatabase, replaceDatabase } from '#db/client'
import { createTestDatabase } from '#test/support/database/database'
import { openFront } from '#server/front/front'
import { stopParsing } from '#server/http/parsing/parse-large'
import { clientOf } from './client.ts'

/** A database of the run's PostgreSQL is reached through its pooler, where the run has one. */
function urls(databaseUrl: string) {
  const { pooler, url } = inject('postgres')
  const address = new URL(databaseUrl)
  if (pooler === undefined || address.host !== new URL(url).host) return { DATABASE_URL: databaseUrl }
  address.host = pooler
  return { DATABASE_URL: address.href, DATABASE_DIRECT_URL: databaseUrl }
}

/** The settings that `server/main.ts` passes to its handlers. */
export const settings = (databaseUrl: string, origin: string) => ({
  ...urls(databaseUrl),
  BULKHEAD_SECRET: 'a secret of the tests, long enough to be one',
  BULKHEAD_URL: origin,
  NEXTAUTH_URL: origin,
  NEXTAUTH_SECRET: 'the secret that signs the cookies of the tests',
})

type TestDatabase = { url: string; db: Database; drop(): Promise<void> }
export type Lane = Awaited<ReturnType<typeof startLane>>

/** The API lane on a real port, over a database of the test file's own or the given one. */
export async function startLane(url?: string) {
  const test: TestDatabase = url === undefined ? await createTestDatabase() : ownDatabase(url)
  const front = await openFront({ host: '127.0.0.1', port: 0 })
  const origin = `http://127.0.0.1:${front.port}`
  Object.assign(process.env, settings(test.url, origin))
  const { createLane } = await import('#server/front/lane')
  const lane = await createLane()
  front.serve(lane.listener)
  return {
    origin,
    port: front.port,
    db: test.db,
    send: clientOf(origin),
    async stop() {
      await front.drain(2000)
      await stopParsing()
      // Gives the next lane of this process a database of its own.
      await replaceDatabase()
      await test.drop()
    },
  }
}

function ownDatabase(url: string): TestDatabase {
  const db = createDatabase(url)
  return { url, db, drop: () => db.destroy() }
}
