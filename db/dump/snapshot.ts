import type { Readable } from 'node:stream'
import { sql } from 'kysely'
import pg from 'pg'
import copy from 'pg-copy-streams'
import { StartError } from '#config/start-error'
import { type Database, onOneConnection } from '../client.ts'
import { appliedMigrations } from '../migrate.ts'
import { type Table, isCarried, listTables } from './tables.ts'

const quoted = (name: string) => pg.escapeIdentifier(name)

export const columnsOf = ({ name, columns }: Table) => `${quoted(name)} (${columns.map(quoted).join(', ')})`

/** How values are written as text, whatever the defaults of the server, the database and the role. */
export const textFormat = `set client_encoding to 'UTF8'; set bytea_output to 'hex'; set extra_float_digits to 1;
  set intervalstyle to 'postgres'; set datestyle to 'ISO'; set timezone to 'UTC'`

export type Snapshot = {
  /** The migrations that ran, oldest first. */
  migrations: string[]
  tables: Table[]
  /** The version of the server, such as `18.4`. */
  postgres: string
  /** The id of the key that sealed the database; null where nothing has. */
  sealedBy: string | null
  /** About how many bytes the tables have on disk. */
  size: number
  /** The rows of a table, as COPY writes them, and how many there were once all are read. */
  read(table: Table): Readable & { rowCount: number }
}

/**
 * Reads the tables in one snapshot, while others write. Locks them first against changes of their schema, so that their rows are
 * those of the migrations that are named.
 */
export async function readSnapshot<T>(db: Database, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  return onOneConnection(db, async (client, one) => {
    await client.query(textFormat)
    const found = await listTables(one)
    if (found.length === 0) throw new StartError('The database is empty, so there is nothing to back up.')
    await client.query('begin transaction isolation level repeatable read, read only')
    await client.query(`lock table ${found.map(({ name }) => quoted(name)).join(', ')} in access share mode`)
    // The first statement that reads takes the snapshot, which now no migration can precede.
    const tables = await listTables(one)
    if (JSON.stringify(tables) !== JSON.stringify(found))
      throw new StartError('The database was migrated meanwhile. Run the backup again.')
    const migrations = await appliedMigrations(one)
    if (migrations.length === 0) throw new StartError('The database does not belong to Bulkhead, so nothing was backed up.')
    const carried = tables.filter(isCarried)
    return work({
      migrations,
      tables: carried,
      ...(await about(one, carried)),
      read: (table) => client.query(copy.to(`copy ${columnsOf(table)} to stdout`)),
    })
  })
}

async function about(one: Database, tables: Table[]) {
  const { rows } = await sql<{ postgres: string; size: number }>`
    select current_setting('server_version') as postgres, coalesce(sum(pg_table_size(quote_ident(name)::regclass)), 0)::int8 as size
    from unnest(${tables.map(({ name }) => name)}::text[]) name`.execute(one)
  const isSealed = tables.some(({ name }) => name === 'sealing_canary')
  const canary = isSealed ? await sql<{ sealed_by: string }>`select sealed_by from sealing_canary`.execute(one) : undefined
  const { postgres = '', size = 0 } = rows[0] ?? {}
  return { postgres: postgres.split(' ')[0]!, size, sealedBy: canary?.rows[0]?.sealed_by ?? null }
}
