import { createTestDatabase } from '#db/testing'
import { openFront } from '#server/front'
import { type Client, clientOf } from './client.ts'

/** What `server/main.ts` publishes to its handlers. */
export const settings = (databaseUrl: string, origin: string) => ({
  DATABASE_URL: databaseUrl,
  BULKHEAD_SECRET: 'a secret of the tests, long enough to be one',
  BULKHEAD_URL: origin,
  NEXTAUTH_URL: origin,
  NEXTAUTH_SECRET: 'the secret that signs the cookies of the tests',
})

export type Lane = Awaited<ReturnType<typeof startLane>>

/** The API lane on a real port, over a database of the test file's own. */
export async function startLane() {
  const test = await createTestDatabase()
  const front = await openFront({ host: '127.0.0.1', port: 0 })
  const origin = `http://127.0.0.1:${front.port}`
  Object.assign(process.env, settings(test.url, origin))
  const { createLane } = await import('#server/lane')
  const { database } = await import('#db/client')
  const lane = await createLane()
  front.serve(lane.listener)
  const send: Client = clientOf(origin)
  return {
    origin,
    port: front.port,
    db: test.db,
    send,
    async stop() {
      await front.drain(2000)
      await database().destroy()
      await test.drop()
    },
  }
}
