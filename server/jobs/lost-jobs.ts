import type { Database } from '#db/client'
import { freeLostJobs, workersOf } from '#db/queries/jobs'
import { returnLease, takeLease } from '#db/queries/leases'
import { newId } from '#domain/ids'
import { log } from '#server/log'
import { repeat } from './repeat.ts'

const EVERY = 30_000
/** Seconds after which a process that is not heard of has died. */
const LEASE = 180

/**
 * Says that these workers live, for as long as their process does, and frees the jobs of workers that nobody says this of: a process that was
 * killed leaves its jobs locked, for hours by the queue's own rule.
 */
export function startHeartbeat(db: Database, workers: readonly string[]): { stop(): Promise<void> } {
  const holder = newId()
  const beating = repeat(EVERY, 'the heartbeat of the jobs', async () => {
    for (const one of workers) await takeLease(db, workersOf(one), holder, LEASE)
    const freed = await freeLostJobs(db, LEASE)
    if (freed > 0) log.warn({ freed }, 'jobs of a process that has died are run again')
  })
  return {
    async stop() {
      await beating.stop()
      for (const one of workers) await returnLease(db, workersOf(one), holder)
    },
  }
}
