import { type Database, acquire } from '#db/client'
import { kinds } from './kinds.ts'
import { startHeartbeat } from './lost-jobs.ts'
import { startPurging } from './purging.ts'
import { startQueue } from './queue.ts'
import { startSealing } from './seal-audit.ts'
import { startDispatcher } from './webhooks/dispatcher.ts'

export { prepareJobs } from './queue.ts'

/**
 * The jobs of this process. Several processes share one queue in the database; each job runs once. What goes on all the time, such as sealing, and
 * what may take hours, the purge, is no job of the queue but a loop of its own. Answers how to stop them all.
 */
export async function startJobs(whole: Database, connectionString: string): Promise<{ stop(): Promise<void> }> {
  const db = acquire(whole, { class: 'job' })
  const purging = startPurging(acquire(whole, { class: 'job', owner: 'purge' }))
  const sealing = startSealing(db)
  const queue = await startQueue(connectionString, kinds(db, purging.wake))
  const heartbeat = startHeartbeat(db, queue.workers)
  const dispatcher = startDispatcher(db)
  return {
    async stop() {
      await Promise.all([purging.stop(), sealing.stop(), dispatcher.stop(), queue.stop()])
      // Last: a job that is under way is this process's until it ends.
      await heartbeat.stop()
    },
  }
}
