import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { inject } from 'vitest'
import { sql } from 'kysely'
import { type Database, createDatabase } from '#db/client'

async function administer(url: string, statement: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

type Options = {
  max?: number
  /** Without any table. */
  bare?: boolean
}

/** A database for one test file, copied from the migrated template. Drop it when the file's tests are done. */
export async function createTestDatabase({ bare = false, ...options }: Options = {}) {
  const { url, template } = inject('postgres')
  const name = `test_${randomBytes(8).toString('hex')}`
  // Copying files costs a fifth of the other strategy, which sends each page through the log.
  await administer(url, `create database ${name} template ${bare ? 'template0' : template} strategy file_copy`)
  const address = new URL(url)
  address.pathname = `/${name}`
  const db = createDatabase(address.href, options)
  return {
    url: address.href,
    db,
    async drop() {
      await db.destroy()
      // Waits for connections that are closing, since being cut off would be an error to them. The rest are cut off.
      await administer(url, `drop database if exists ${name}`).catch(() =>
        administer(url, `drop database if exists ${name} with (force)`),
      )
    },
  }
}

/** The statements in this database that wait for a lock of another transaction. */
export async function countWaiting(db: Database): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
  return rows[0]!.n
}
