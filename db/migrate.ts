import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Database } from './client.ts'

const folder = join(import.meta.dirname, 'migrations')

async function getMigrations(): Promise<Record<string, Migration>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).toSorted()
  const loaded = files.map(
    async (file) => [file.slice(0, -3), (await import(/* turbopackIgnore: true */ join(folder, file))) as Migration] as const,
  )
  return Object.fromEntries(await Promise.all(loaded))
}

const migrator = (db: Database) => new Migrator({ db, provider: { getMigrations } })

/**
 * Brings the schema up to date and returns the names of the migrations that ran. Kysely takes an advisory lock, so two processes
 * may start at once.
 */
export async function migrateToLatest(db: Database): Promise<string[]> {
  // Another process may be migrating for longer than the lock timeout of requests.
  return db.connection().execute(async (one) => {
    await sql`set lock_timeout to 0`.execute(one)
    try {
      const { error, results = [] } = await migrator(one).migrateToLatest()
      if (error) throw error
      return results.map((result) => result.migrationName)
    } finally {
      await sql`reset lock_timeout`.execute(one)
    }
  })
}

/** All the way down, for the test that every migration can be reverted. */
export async function migrateDown(db: Database): Promise<string[]> {
  const undone: string[] = []
  for (;;) {
    const { error, results = [] } = await migrator(db).migrateDown()
    if (error) throw error
    if (results.length === 0) return undone
    undone.push(...results.map((result) => result.migrationName))
  }
}
