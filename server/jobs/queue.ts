import { EventEmitter } from 'node:events'
import { Logger, type Runner, type TaskList, type WorkerEvents, parseCrontab, run, runMigrations } from 'graphile-worker'
import { log } from '#server/log'

const levels = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const

const logger = new Logger(() => (level, message) => log[levels[level]](message))

/** Jobs that share workers. */
export type Kind = { concurrency: number; taskList: TaskList; crontab?: string }

/** Makes the queue's own tables, so that jobs can be put into it before anything works them off. */
export const prepareJobs = (connectionString: string) => runMigrations({ connectionString, logger })

/** Milliseconds that a stop waits for the jobs that are under way: a mail that is being sent. */
const PATIENCE = 10_000

/** Stops once the outcome of what is under way stands in the queue: a runner that is stopped before leaves its job locked. */
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

/** Works off each kind with workers of its own. Answers under which names they lock their jobs. */
export async function startQueue(connectionString: string, kinds: Kind[]): Promise<{ workers: string[]; stop(): Promise<void> }> {
  const workers: string[] = []
  const stops: (() => Promise<void>)[] = []
  for (const { concurrency, taskList, crontab } of kinds) {
    const events = new EventEmitter() as WorkerEvents
    events.on('pool:create', ({ workerPool }) => workers.push(workerPool.id))
    const runner = await run({
      connectionString,
      maxPoolSize: concurrency + 1,
      concurrency,
      noHandleSignals: true,
      logger,
      taskList,
      parsedCronItems: parseCrontab(crontab ?? ''),
      events,
    })
    // Settles when a runner ends; a failure is its own to retry and to log.
    runner.promise.catch((error: unknown) => log.error(error, 'the jobs have stopped'))
    stops.push(stoppable(runner))
  }
  return { workers, stop: async () => void (await Promise.all(stops.map((stop) => stop()))) }
}
