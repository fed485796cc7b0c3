import type { AddJobFunction } from 'graphile-worker'
import type { Database } from '#db/client'
import { hasUnsealed } from '#db/queries/audit-chain'
import { sealAudit } from '#domain/audit-sealing'
import { log } from '#server/log'

/** How long an event waits to be sealed, at most, while jobs are quick. */
const EVERY = 2000
/** A chain that cannot go on is tried again, and told of, once so often. */
const REST = 60_000

/**
 * The sealing of what was written since the last time, as a job and as whoever asks for it. The writers cannot ask: all of them would wait for
 * one row of the queue, or for the lock of a notification.
 */
export function auditSealing(db: Database) {
  let restsUntil = 0
  async function task(): Promise<void> {
    try {
      const events = await sealAudit(db)
      if (events > 0) log.debug({ events }, 'sealed')
    } catch (error) {
      restsUntil = Date.now() + REST
      throw error
    }
  }
  /** Answers how to stop. */
  function start(addJob: AddJobFunction): () => void {
    const ask = async () => {
      if (Date.now() < restsUntil || !(await hasUnsealed(db))) return
      await addJob('seal-audit', {}, { jobKey: 'seal-audit', maxAttempts: 1 })
    }
    const timer = setInterval(() => {
      ask().catch((error: unknown) => log.debug(error, 'the audit log waits to be sealed'))
    }, EVERY)
    return () => clearInterval(timer)
  }
  return { task, start }
}
