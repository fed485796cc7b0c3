import { type Database, createDatabase } from '#db/client'
import { assertNotNewer, migrateToLatest } from '#db/migrate'
import { storeCanary, canOpenCanary } from '#domain/crypto/sealing-canary'
import { StartError } from '#config/start-error'

const wrongSecret = () =>
  new StartError(
    'This database was encrypted with a different secret than this server’s (BULKHEAD_SECRET, or the file `secret` in the data folder). Restore the earlier secret, or add it to BULKHEAD_PREVIOUS_SECRETS.',
  )

/**
 * Refuses a secret that does not belong to the database before anything is written. The first start stores a sealed canary to
 * check against.
 */
export async function assertSecret(db: Database): Promise<void> {
  if (!(await storeCanary(db))) throw wrongSecret()
}

/** Refuses a database of a newer version or of another secret. Changes nothing. */
export async function assertOurs(db: Database, { checked = true }: { checked?: boolean } = {}): Promise<void> {
  await assertNotNewer(db)
  if (checked && (await canOpenCanary(db)) === false) throw wrongSecret()
}

/**
 * Migrates the schema and returns the names of the migrations that ran. `checked`: check that this process has the database's
 * secret.
 */
export async function openDatabase(db: Database, { checked = true }: { checked?: boolean } = {}): Promise<string[]> {
  await assertOurs(db, { checked })
  const migrations = await migrateToLatest(db)
  if (checked) await assertSecret(db)
  return migrations
}

/** The same on connections of its own, since a migration keeps its session, which a pooler does not. */
export async function openDatabaseAt(url: string): Promise<string[]> {
  const db = createDatabase(url, { max: 1 })
  try {
    return await openDatabase(db)
  } finally {
    await db.destroy()
  }
}
