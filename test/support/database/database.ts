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

/** A database of one's own, copied from the migrated one. Drop it when the file's tests are done. */
export async function createTestDatabase(options: { max?: number } = {}) {
  const { url, template } = inject('postgres')
  const name = `test_${randomBytes(8).toString('hex')}`
  await administer(url, `create database ${name} template ${template}`)
  const address = new URL(url)
  address.pathname = `/${name}`
  const db = createDatabase(address.href, options)
  return {
    url: address.href,
    db,
    async drop() {
      await db.destroy()
      // Whoever is just leaving is waited for, since being cut off is an error to him; whoever stays is cut off.
      await administer(url, `drop database if exists ${name}`).catch(() =>
        administer(url, `drop database if exists ${name} with (force)`),
      )
    },
  }
}

/** The statements of this database that wait for what another transaction has locked. */
export async function countWaiting(db: Database): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
  return rows[0]!.n
}
