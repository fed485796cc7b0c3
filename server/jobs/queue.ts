import { EventEmitter } from 'node:events'
import { Logger, type Runner, type TaskList, type WorkerEvents, parseCrontab, run, runMigrations } from 'graphile-worker'
import { Pool } from 'pg'
import { Client } from '#db/connection'
import { log } from '#server/log'

const levels = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const

const logger = new Logger(() => (level, message) => log[levels[level]](message))

/** Jobs that share workers. */
export type Kind = { concurrency: number; taskList: TaskList; crontab?: string }

/**
 * The queue listens to the errors of a pool only while it runs. But its database may stop while the last connections still close,
 * which would end the process with an error.
 */
function createPool(connectionString: string, max?: number): Pool {
  const pool = new Pool({ connectionString, max, Client, application_name: 'bulkhead jobs' })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** Creates the queue's tables, so that jobs can be added before any worker runs. */
export async function prepareJobs(connectionString: string): Promise<void> {
  const pool = createPool(connectionString)
  try {
    await runMigrations({ pgPool: pool, logger })
  } finally {
    await pool.end()
  }
}

/** Milliseconds that a stop waits for running jobs, such as a mail being sent. */
const PATIENCE = 10_000

/** Delays the stop until the queue has recorded the result of running jobs: a runner stopped earlier leaves its job locked. */
function stoppable(runner: Runner) {
  const active = new Set<string>()
  let idle = () => {}
  runner.events.on('job:start', ({ job }) => active.add(job.id))
  runner.events.on('job:complete', ({ job }) => {
    active.delete(job.id)
    if (active.size === 0) idle()
  })
  return async () => {
    if (active.size > 0)
      await new Promise<void>((resolve) => {
        idle = resolve
        setTimeout(resolve, PATIENCE).unref()
      })
    await runner.stop()
  }
}

/** Runs each kind with its own workers. Returns the names under which they lock their jobs. */
export async function startQueue(connectionString: string, kinds: Kind[]): Promise<{ workers: string[]; stop(): Promise<void> }> {
  const workers: string[] = []
  const stops: (() => Promise<void>)[] = []
  for (const { concurrency, taskList, crontab } of kinds) {
    const events = new EventEmitter() as WorkerEvents
    events.on('pool:create', ({ workerPool }) => workers.push(workerPool.id))
    const pool = createPool(connectionString, concurrency + 1)
    const runner = await run({
      pgPool: pool,
      concurrency,
      noHandleSignals: true,
      logger,
      taskList,
      parsedCronItems: parseCrontab(crontab ?? ''),
      events,
    })
    // Settles when a runner ends, which retries and logs its own failures.
    runner.promise.catch((error: unknown) => log.error(error, 'the jobs have stopped'))
    const stop = stoppable(runner)
    stops.push(async () => {
      await stop()
      await pool.end()
    })
  }
  return { workers, stop: async () => void (await Promise.all(stops.map((stop) => stop()))) }
}
