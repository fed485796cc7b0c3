import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { createDatabase, type Database } from '#db/client'
import { migrateToLatest } from '#db/migrate'
import { startPostgres } from '#server/postgres/embedded'
import { prepareJobs } from '#server/jobs/worker'
import { say } from './report.ts'

export type BenchDatabase = { url: string; db: Database; client: Client }

/**
 * Bulkhead's own PostgreSQL with its own settings (fsync on), in a temporary folder. `client` is a plain connection without time
 * limits, for long work.
 */
export async function withBenchDatabase(work: (at: BenchDatabase) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bulkhead-bench-'))
  // mkdtemp creates the folder for its owner only, but PostgreSQL started by root runs as another user.
  chmodSync(dataDir, 0o755)
  const server = await startPostgres({ dataDir })
  const clean = async () => {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void clean().finally(() => process.exit(1)))
  const db = createDatabase(server.url)
  const client = new Client({ connectionString: server.url })
  try {
    await client.connect()
    await migrateToLatest(db)
    await prepareJobs(server.url)
    const { rows } = await client.query<{ version: string; fsync: string }>(
      `select current_setting('server_version') as version, current_setting('fsync') as fsync`,
    )
    say(`PostgreSQL ${rows[0]!.version}, fsync ${rows[0]!.fsync}`)
    await work({ url: server.url, db, client })
  } finally {
    await client.end()
    await db.destroy()
    await clean()
  }
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
