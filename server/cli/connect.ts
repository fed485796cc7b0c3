import { environmentWith, publish, setting } from '#config/environment'
import { createDatabase, type Database } from '#db/client'
import { readConfig } from '#config/config'
import type { Command } from './command.ts'
import { checkDirect } from '../postgres/database-url.ts'
import { type RunningPostgres, startPostgres } from '../postgres/embedded.ts'
import { prepareJobs } from '../jobs/worker.ts'
import { openDatabase } from '../postgres/open-database.ts'
import { StartError } from '#config/start-error'

/** A placeholder secret. Few commands need the real one, and those check for it; a shell with DATABASE_URL may lack it. */
const unused = 'x'.repeat(32)

const interruptions = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Ends orderly when the command is interrupted, and stops the embedded server. PostgreSQL rolls back unfinished work. Returns how
 * to stop listening.
 */
function stopWhenInterrupted(embedded: RunningPostgres | undefined): () => void {
  const end = () => {
    const stopped = embedded?.stop() ?? Promise.resolve()
    void stopped.finally(() => process.exit(1))
  }
  for (const signal of interruptions) process.once(signal, end)
  return () => {
    for (const signal of interruptions) process.off(signal, end)
  }
}

/** The host and the name of a database, without its password. */
function nameOf(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}

/**
 * Runs `work` on the server's database, past a pooler: that of DATABASE_DIRECT_URL or DATABASE_URL, else Bulkhead's own. Joins
 * Bulkhead's own database when it runs; otherwise starts it and stops it again afterwards.
 */
export async function withDatabase(
  say: (line: string) => void,
  { anySecret = false, asItIs = false }: Pick<Command, 'anySecret' | 'asItIs'>,
  work: (db: Database) => Promise<void>,
): Promise<void> {
  const lacking = setting('DATABASE_URL') && !setting('BULKHEAD_SECRET')
  if (lacking && anySecret) throw new StartError('Set BULKHEAD_SECRET: stored secrets are encrypted with keys derived from it.')
  const config = readConfig(environmentWith(lacking ? { BULKHEAD_SECRET: unused } : {}))
  if (!lacking) publish({ BULKHEAD_SECRET: config.secret })
  const given = await checkDirect(config)
  const embedded = given ? undefined : await startPostgres(config)
  const stopListening = stopWhenInterrupted(embedded)
  const url = embedded?.url ?? given ?? ''
  say(`Database: ${embedded ? `Bulkhead’s own, in ${config.dataDir}` : nameOf(url)}`)
  const db = createDatabase(url, { max: 2 })
  try {
    if (!asItIs) {
      for (const migration of await openDatabase(db, { checked: !lacking && !anySecret })) say(`Migrated: ${migration}`)
      // Owners are notified by mail of changes made here too. The mail waits in the queue until a server runs.
      await prepareJobs(url)
    }
    await work(db)
  } finally {
    await db.destroy()
    await embedded?.stop()
    stopListening()
  }
}
