import type { Database } from '#db/client'
import { freeLostJobs, workersOf } from '#db/queries/jobs'
import { returnLease, takeLease } from '#db/queries/leases'
import { newId } from '#domain/ids'
import { log } from '#server/log'
import { repeat } from './repeat.ts'

const EVERY = 30_000
/** Seconds after which a silent process counts as dead. */
const LEASE = 180

/**
 * Sends heartbeats for these workers while their process lives, and frees the jobs of workers without one: a killed process
 * leaves its jobs locked, by the queue's own rule for hours.
 */
export function startHeartbeat(db: Database, workers: () => readonly string[]): { stop(): Promise<void> } {
  const holder = newId()
  const beating = repeat(EVERY, 'the heartbeat of the jobs', async () => {
    for (const one of workers()) await takeLease(db, workersOf(one), holder, LEASE)
    const freed = await freeLostJobs(db, LEASE)
    if (freed > 0) log.warn({ freed }, 'retrying the jobs of a process that died')
  })
  return {
    async stop() {
      await beating.stop()
      for (const one of workers()) await returnLease(db, workersOf(one), holder)
    },
  }
}
