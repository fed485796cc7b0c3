import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely'
import { type Database, createDatabase } from '#db/client'
import type { DB } from '#db/schema'

/**
 * A database on one connection, on which everything can be rolled back: a commit between `begin` and `rollback` releases a
 * savepoint. One request at a time.
 */
export async function holdDatabase(url: string) {
  const { connection: own, release, real } = await reserve(url)
  let last: Promise<unknown> = Promise.resolve()
  const connection: DatabaseConnection = {
    streamQuery: (...query) => own.streamQuery(...query),
    executeQuery<Row>(...query: Parameters<DatabaseConnection['executeQuery']>) {
      const answer = last.then(() => own.executeQuery<Row>(...query))
      last = answer.catch(() => {})
      return answer
    },
  }
  const run = (text: string) => connection.executeQuery(CompiledQuery.raw(text))
  let isHeld = false
  const open: string[] = []
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => connection,
    releaseConnection: async () => {},
    async beginTransaction() {
      open.push(`held_${open.length}`)
      await run(isHeld ? `savepoint ${open.at(-1)}` : 'begin')
    },
    async commitTransaction() {
      const name = open.pop()
      await run(isHeld ? `release savepoint ${name}` : 'commit')
    },
    async rollbackTransaction() {
      const name = open.pop()
      await run(isHeld ? `rollback to savepoint ${name}` : 'rollback')
    },
    async destroy() {
      release()
      await real.destroy()
    },
  }
  const db: Database = new Kysely<DB>({
    dialect: {
      createDriver: () => driver,
      createAdapter: () => new PostgresAdapter(),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createIntrospector: (of) => new PostgresIntrospector(of),
    },
  })
  return {
    db,
    async begin() {
      await run('begin')
      isHeld = true
    },
    async rollback() {
      isHeld = false
      await run('rollback')
    },
  }
}

/** Reserves one connection of the product's own kind, until it is released. */
async function reserve(url: string) {
  const real = createDatabase(url, { max: 1 })
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  const connection = await new Promise<DatabaseConnection>((resolve, reject) => {
    real
      .getExecutor()
      .provideConnection(async (one) => {
        resolve(one)
        await released
      })
      .catch(reject)
  })
  return { connection, release, real }
}
