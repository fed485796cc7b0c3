import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { createDatabase } from '#db/client'
import { migrateToLatest } from '#db/migrate'
import { sessionSettings } from '#db/session-settings'
import { prepareJobs } from '#server/jobs/worker'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { firstThatPrepares, inTransactionMode, startPgbouncer } from '../servers/pgbouncer.ts'
import { type Table, readTables } from '../../tenancy/tables.ts'
import { startThrowawayPostgres } from '#server/postgres/throwaway'

declare module 'vitest' {
  export interface ProvidedContext {
    /**
     * The URL of the run's PostgreSQL server, and its migrated template database, of which every test file gets a copy. `pooler`: the
     * host of a PgBouncer in front of it, in proofs.
     */
    postgres: { url: string; template: string; pooler: string | undefined }
    /** The tables of that database, and the file of statements that the run has checked so far. */
    statements: { tables: Table[]; read: string }
  }
}

/** One PostgreSQL for the whole run, with a migrated database to copy from. */
export default async function setup({ provide }: TestProject) {
  const server = await startThrowawayPostgres()
  const folder = await mkdtemp(join(tmpdir(), 'bulkhead-statements-'))
  const pooler = await startPooler(server.url)
  const stop = async () => {
    await rm(folder, { recursive: true })
    await pooler?.close()
    await server.stop()
  }
  try {
    const { template, tables } = await migratedTemplate(server.url)
    provide('postgres', { url: server.url, template, pooler: pooler?.host })
    const read = join(folder, 'read')
    await writeFile(read, '')
    provide('statements', { tables, read })
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}

/** In transaction mode, where each transaction is on another session than the one before. */
async function startPooler(url: string) {
  const program = await firstThatPrepares()
  if (program === undefined) return undefined
  const db = createDatabase(url, { max: 1 })
  for (const [name, value] of Object.entries(sessionSettings))
    await sql.raw(`alter role ${new URL(url).username} set ${name} = '${value}'`).execute(db)
  await db.destroy()
  return startPgbouncer(program, url, inTransactionMode)
}

async function migratedTemplate(url: string) {
  const template = 'migrated'
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(`create database ${template}`)
    const address = new URL(url)
    address.pathname = `/${template}`
    const tables = await migrate(address.href)
    await client.query(`alter database ${template} is_template true allow_connections false`)
    return { template, tables }
  } finally {
    await client.end()
  }
}

async function migrate(url: string): Promise<Table[]> {
  const db = createDatabase(url)
  try {
    await migrateToLatest(db)
    await prepareJobs(url)
    return await readTables(db)
  } finally {
    await db.destroy()
  }
}
