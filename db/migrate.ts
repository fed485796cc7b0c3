import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type Migration, type MigrationResult, Migrator } from 'kysely/migration'
import { StartError } from '#config/start-error'
import { version } from '#config/version'
import type { Database } from './client.ts'

const folder = join(import.meta.dirname, 'migrations')

async function getMigrations(): Promise<Record<string, Migration>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).toSorted()
  const loaded = files.map(
    async (file) => [file.slice(0, -3), (await import(/* turbopackIgnore: true */ join(folder, file))) as Migration] as const,
  )
  return Object.fromEntries(await Promise.all(loaded))
}

/** In the schema where everything else is made: Kysely alone would take tables of the same name in another one for its own. */
async function migrator(db: Database, disableTransactions = false): Promise<Migrator> {
  const { rows } = await sql<{ schema: string | null }>`select current_schema()::text as schema`.execute(db)
  const migrationTableSchema = rows[0]?.schema
  if (!migrationTableSchema)
    throw new StartError(
      'The schema in the search_path of the database user does not exist. Create it, or name another one, then start again.',
    )
  return new Migrator({ db, provider: { getMigrations }, disableTransactions, migrationTableSchema })
}

/** The names of the migrations that this version knows, oldest first. */
export const knownMigrations = async (): Promise<string[]> => Object.keys(await getMigrations())

/** The names of the migrations that ran on this database, oldest first; none where it is bare. */
export async function appliedMigrations(db: Database): Promise<string[]> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass('kysely_migration') is not null as there`.execute(db)
  if (!rows[0]?.there) return []
  const applied = await sql<{ name: string }>`select name from kysely_migration order by name collate "C"`.execute(db)
  return applied.rows.map(({ name }) => name)
}

/** The first of these migrations that this version does not know: a newer version has written it. */
export async function newerMigration(applied: string[]): Promise<string | undefined> {
  const known = new Set(await knownMigrations())
  return applied.find((name) => !known.has(name))
}

/** Refuses a database that a newer version has migrated. */
export async function assertNotNewer(db: Database): Promise<void> {
  const newer = await newerMigration(await appliedMigrations(db))
  if (newer !== undefined)
    throw new StartError(
      `A newer version of Bulkhead has migrated this database (${newer}), and this is version ${version}. Start the newer version, or restore a backup from before the upgrade into an empty database.`,
    )
}

const names = (results: MigrationResult[] = []) => results.map((result) => result.migrationName)

/**
 * Brings the schema up to date and returns the names of the migrations that ran. Kysely takes an advisory lock, so two processes
 * may start at once. `within`: in the transaction that the connection is in, instead of one of its own.
 */
export async function migrateToLatest(db: Database, { within = false } = {}): Promise<string[]> {
  await assertNotNewer(db)
  if (within) return up(db, within)
  // Another process may be migrating for longer than the lock timeout of requests.
  return db.connection().execute(async (one) => {
    await sql`set lock_timeout to 0`.execute(one)
    try {
      return await up(one)
    } finally {
      await sql`reset lock_timeout`.execute(one)
    }
  })
}

async function up(one: Database, within = false): Promise<string[]> {
  const { error, results } = await (await migrator(one, within)).migrateToLatest()
  if (error) throw error
  return names(results)
}

/** Brings the schema to its state after this migration, up or down. */
export async function migrateTo(one: Database, name: string): Promise<void> {
  const { error } = await (await migrator(one)).migrateTo(name)
  if (error) throw error
}

/** All the way down, for the test that every migration can be reverted. */
export async function migrateDown(db: Database): Promise<string[]> {
  const undone: string[] = []
  for (;;) {
    const { error, results = [] } = await (await migrator(db)).migrateDown()
    if (error) throw error
    if (results.length === 0) return undone
    undone.push(...names(results))
  }
}
