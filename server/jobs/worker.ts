import { type Database, acquire } from '#db/client'
import { startMail } from './mail/start.ts'
import { kinds } from './kinds.ts'
import { startHeartbeat } from './lost-jobs.ts'
import { startPurging } from './purging.ts'
import { startQueue } from './queue.ts'
import { startSealing } from './seal-audit.ts'
import { startDispatcher } from './webhooks/dispatcher.ts'

export { prepareJobs } from './queue.ts'

/**
 * Starts the jobs of this process. Processes share one queue in the database, and each job runs once. Constant work such as
 * sealing, and the purge, which may take hours, run in loops of their own. Returns a function that stops them all.
 */
export async function startJobs(whole: Database, connectionString: string): Promise<{ stop(): Promise<void> }> {
  const db = acquire(whole, { class: 'job' })
  const purging = startPurging(acquire(whole, { class: 'job', owner: 'purge' }))
  const sealing = startSealing(db)
  const queue = await startQueue(connectionString, kinds(db, purging.wake))
  const mail = await startMail(db, connectionString)
  const heartbeat = startHeartbeat(db, () => [...queue.workers, ...mail.workers()])
  const dispatcher = startDispatcher(db)
  return {
    async stop() {
      await Promise.all([purging.stop(), sealing.stop(), dispatcher.stop(), queue.stop(), mail.stop()])
      // Last, since a running job belongs to this process until it ends.
      await heartbeat.stop()
    },
  }
}
