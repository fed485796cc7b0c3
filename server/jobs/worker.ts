import { Logger, type TaskList, run, runMigrations } from 'graphile-worker'
import type { Database } from '#db/client'
import { purgeIdempotencyKeys, purgeNonces, purgeProjects, purgeThrottles, purgeWipes } from '#domain/purge'
import { log } from '#server/log'
import { mailInvitation } from './mail/invitation.ts'

const levels = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const

const logger = new Logger(() => (level, message) => log[levels[level]](message))

const tasks = (db: Database): TaskList => ({
  async purge() {
    const wipes = await purgeWipes(db, (rows) => log.debug({ rows }, 'purging'))
    const projects = await purgeProjects(db)
    await purgeIdempotencyKeys(db)
    await purgeThrottles(db)
    await purgeNonces(db)
    if (wipes + projects > 0) log.info({ wipes, projects }, 'purged')
  },
  async 'mail-invitation'(payload) {
    await mailInvitation(db, (payload as { invitationId: string }).invitationId)
  },
})

/** Makes the queue's own tables, so that jobs can be put into it before anything works them off. */
export const prepareJobs = (connectionString: string) => runMigrations({ connectionString, logger })

/** The jobs of this process. Several processes share one queue in the database; each job runs once. Answers how to stop them. */
export async function startJobs(db: Database, connectionString: string): Promise<{ stop(): Promise<void> }> {
  const runner = await run({
    connectionString,
    maxPoolSize: 3,
    concurrency: 1,
    noHandleSignals: true,
    logger,
    taskList: tasks(db),
    crontab: '* * * * * purge ?jobKey=purge&max=3',
  })
  // Settles when the runner ends; a failure is its own to retry and to log.
  runner.promise.catch((error: unknown) => log.error(error, 'the jobs have stopped'))
  return { stop: () => runner.stop() }
}
