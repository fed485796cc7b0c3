import cluster from 'node:cluster'
import { availableParallelism } from 'node:os'
import { SMALLEST_POOL } from './defaults.ts'
import { setting } from './environment.ts'
import { StartError } from './start-error.ts'

/** What a process does with the database: a server of one process everything, else workers answer and their parent runs the jobs. */
export type Part = 'all' | 'requests' | 'jobs'

/** Connections that the parent of several workers keeps: two for jobs, and two for its own checks. */
const PARENT = 4
/** The smallest part of a worker: two connections of each class but jobs. */
const WORKER = 8

/** The smallest pool that can be divided among so many workers. */
export const smallestPool = (n: number): number => (n === 1 ? SMALLEST_POOL : PARENT + n * WORKER)

/** How many workers run: as many as asked for, or with `auto` one for each processor as far as the pool reaches. */
export function workersFor(asked: number | 'auto', pool: number, processors: number = availableParallelism()): number {
  if (asked === 'auto') return Math.max(1, Math.min(processors, Math.floor((pool - PARENT) / WORKER)))
  if (pool >= smallestPool(asked)) return asked
  const enough = workersFor('auto', pool, asked)
  throw new StartError(
    `WEB_CONCURRENCY=${asked} needs at least ${smallestPool(asked)} connections to the database, and BULKHEAD_DATABASE_POOL is ${pool}. Set it to ${smallestPool(asked)}, or WEB_CONCURRENCY to ${enough}.`,
  )
}

/** The part of the server's connections that this process has. */
export function ownPool(): { max: number; part: Part } {
  const [all, n] = [setting('BULKHEAD_DATABASE_POOL'), workers()]
  if (n === 1) return { max: all, part: 'all' }
  return cluster.isWorker ? { max: Math.floor((all - PARENT) / n), part: 'requests' } : { max: PARENT, part: 'jobs' }
}

/** Workers of this server, once the start has decided it; 1 without any. */
export function workers(): number {
  const set = setting('WEB_CONCURRENCY')
  return set === 'auto' ? 1 : set
}
