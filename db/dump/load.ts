import type { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import copy from 'pg-copy-streams'
import { StartError } from '#config/start-error'
import { type Database, type Trx, onOneConnection } from '../client.ts'
import { appliedMigrations, assertNotNewer, migrateTo, migrateToLatest } from '../migrate.ts'
import { columnsOf, textFormat } from './snapshot.ts'
import { type Table, isCarried, listTables } from './tables.ts'

const quoted = (name: string) => pg.escapeIdentifier(name)

/** The lock by which only one restore at a time works on a database. */
const RESTORING = 0x62756c6c

/** Milliseconds in which other connections may close. */
const PATIENCE = 3000

const inUse = () =>
  new StartError(
    'The database is in use by another program. Stop the servers and close the other connections to it, then restore again.',
  )

/** Other connections: a server that works on the database would not notice that everything under it is replaced. */
async function assertAlone(one: Database): Promise<void> {
  const lock = await sql<{ free: boolean }>`select pg_try_advisory_lock(${RESTORING}) as free`.execute(one)
  if (!lock.rows[0]?.free) throw new StartError('Another restore into this database is running.')
  // A server that has just stopped leaves in a moment.
  for (const until = Date.now() + PATIENCE; (await countOthers(one)) > 0; await sleep(100)) if (Date.now() > until) throw inUse()
}

/** Who may not see what others do still sees that they are there, without the type of their connection. */
async function countOthers(one: Database): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and usesysid is not null
      and coalesce(backend_type, 'client backend') = 'client backend'`.execute(one)
  return rows[0]!.n
}

/** Where these have a row, somebody has begun to use the database. */
const used = ['users', 'organizations', 'projects', 'audit_events']

/** A database without tables, or one in which nothing was created since it was migrated. */
async function assertEmpty(one: Database): Promise<void> {
  const tables = await listTables(one)
  const migrations = await appliedMigrations(one)
  if (migrations.length === 0 && tables.some(({ name }) => !name.startsWith('kysely_')))
    throw new StartError('The database has tables of another program. Restore into a database of its own.')
  for (const { name } of tables.filter((table) => used.includes(table.name))) {
    const { rows } = await sql`select from ${sql.table(name)} limit 1`.execute(one)
    if (rows.length > 0)
      throw new StartError(
        'The database is not empty. Restore into an empty one: a new BULKHEAD_DATA_DIR, or another database in DATABASE_URL.',
      )
  }
}

type Constraint = { table: string; name: string; definition: string }

/** Foreign keys are added again after the rows, which checks all rows of a table at once and needs no order of the tables. */
async function dropForeignKeys(client: pg.ClientBase): Promise<Constraint[]> {
  const { rows } = await client.query<Constraint>(`
    select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
    from pg_constraint where contype = 'f' and connamespace = quote_ident(current_schema())::regnamespace order by 1, 2`)
  for (const { table, name } of rows) await client.query(`alter table ${table} drop constraint ${name}`)
  return rows
}

/** Triggers keep programs from writing what only a restore writes: sealed audit events. Returns the tables that have some. */
async function listTriggers(one: Database): Promise<string[]> {
  const { rows } = await sql<{ table: string }>`
    select distinct tgrelid::regclass::text as table from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not tgisinternal and c.relnamespace = quote_ident(current_schema())::regnamespace`.execute(one)
  return rows.map(({ table }) => table)
}

const sameTables = (some: Table[], others: Table[]) =>
  JSON.stringify(some.map(({ name, columns }) => [name, columns.toSorted()])) ===
  JSON.stringify(others.map(({ name, columns }) => [name, columns.toSorted()]))

export type Load = {
  /** The migrations of the backup. */
  migrations: string[]
  tables: Table[]
  /** Writes the rows of each table. Throwing ends the restore, which then changes nothing. */
  fill(write: (table: Table) => Writable & { rowCount: number }): Promise<void>
  /** The last part of the same transaction, in the newest schema. */
  finish(trx: Trx): Promise<void>
}

/**
 * Fills an empty database in one transaction: rows in the schema of their own time, then the newer migrations. Only the empty schema
 * is made before, because PostgreSQL lets no row use a value of an enum in the transaction that has added it.
 */
export async function loadTables(db: Database, { migrations, tables, fill, finish }: Load): Promise<void> {
  await onOneConnection(db, async (client, one) => {
    await client.query(textFormat)
    await assertNotNewer(one)
    await assertAlone(one)
    await assertEmpty(one)
    await migrateTo(one, migrations.at(-1)!)
    const here = await listTables(one)
    if (!sameTables(here.filter(isCarried), tables))
      throw new StartError('The tables of the backup are not those of its version of Bulkhead, so nothing was restored.')

    await client.query('begin')
    const emptied = here.filter(({ name }) => !name.startsWith('kysely_')).map(({ name }) => quoted(name))
    await client.query(`lock table ${emptied.join(', ')} in access exclusive mode`)
    await assertEmpty(one)
    const guarded = await listTriggers(one)
    for (const table of guarded) await client.query(`alter table ${table} disable trigger user`)
    await client.query(`truncate ${emptied.join(', ')}`)
    const foreignKeys = await dropForeignKeys(client)
    await fill((table) => client.query(copy.from(`copy ${columnsOf(table)} from stdin`)))
    for (const { table, name, definition } of foreignKeys)
      await client.query(`alter table ${table} add constraint ${name} ${definition}`)
    for (const table of guarded) await client.query(`alter table ${table} enable trigger user`)
    await migrateToLatest(one, { within: true })
    // The connection is in a transaction, of which its Kysely does not know.
    await finish(one as Trx)
    await client.query('commit')
    await client.query('analyze')
  })
}
