import { Logger, type TaskList, run, runMigrations } from 'graphile-worker'
import type { Database } from '#db/client'
import type { ExpiryMail, TakeoverMail } from '#db/queries/jobs'
import { tellExpiries } from '#domain/expiry-notices'
import { purgeIdempotencyKeys, purgeNonces, purgeProjects, purgeSignInStates, purgeThrottles, purgeWipes } from '#domain/purge'
import { measureUsage } from '#domain/quotas'
import { purgeDeliveries } from '#domain/webhook-deliveries'
import { log } from '#server/log'
import { mailExpiry } from './mail/expiry.ts'
import { mailInvitation } from './mail/invitation.ts'
import { mailNotice } from './mail/notice.ts'
import { mailPasswordChanged, mailPasswordReset } from './mail/password.ts'
import { mailTakeover } from './mail/takeover.ts'
import { mailTransport } from './mail/transport.ts'
import { auditSealing } from './seal-audit.ts'
import { startDispatcher } from './webhooks/dispatcher.ts'

const levels = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const

const logger = new Logger(() => (level, message) => log[levels[level]](message))

const tasks = (db: Database): TaskList => ({
  async purge() {
    const wipes = await purgeWipes(db, (rows) => log.debug({ rows }, 'purging'))
    const projects = await purgeProjects(db)
    await purgeIdempotencyKeys(db)
    await purgeThrottles(db)
    await purgeDeliveries(db)
    await purgeSignInStates(db)
    await purgeNonces(db)
    if (wipes + projects > 0) log.info({ wipes, projects }, 'purged')
  },
  async 'measure-usage'() {
    await measureUsage(db)
  },
  async 'mail-invitation'(payload) {
    await mailInvitation(db, (payload as { invitationId: string }).invitationId)
  },
  async 'tell-expiries'() {
    // What nobody can be told by mail stays untold, for the day on which a mail server is configured.
    const told = mailTransport() ? await tellExpiries(db) : 0
    if (told > 0) log.info({ told }, 'told of what ends soon')
  },
  async 'mail-expiry'(payload) {
    await mailExpiry(db, payload as ExpiryMail)
  },
  async 'mail-notice'(payload) {
    await mailNotice(db, payload as { userId: string; noticeId: string })
  },
  'mail-password-reset': (payload) => mailPasswordReset(db, payload as { email: string; askedAt: string }),
  'mail-account-taken-over': (payload) => mailTakeover(payload as TakeoverMail),
  'mail-password-changed': (payload) => mailPasswordChanged(payload as { email: string; changedAt: string }),
})

const crontab = [
  '* * * * * purge ?jobKey=purge&max=3',
  '* * * * * measure-usage ?jobKey=measure-usage&max=3',
  '*/10 * * * * tell-expiries ?jobKey=tell-expiries&max=3',
].join('\n')

/** Makes the queue's own tables, so that jobs can be put into it before anything works them off. */
export const prepareJobs = (connectionString: string) => runMigrations({ connectionString, logger })

/** The jobs of this process. Several processes share one queue in the database; each job runs once. Answers how to stop them. */
export async function startJobs(db: Database, connectionString: string): Promise<{ stop(): Promise<void> }> {
  const sealing = auditSealing(db)
  const runner = await run({
    connectionString,
    maxPoolSize: 3,
    // A long purge does not hold up the sealing.
    concurrency: 2,
    noHandleSignals: true,
    logger,
    taskList: { ...tasks(db), 'seal-audit': sealing.task },
    crontab,
  })
  // Settles when the runner ends; a failure is its own to retry and to log.
  runner.promise.catch((error: unknown) => log.error(error, 'the jobs have stopped'))
  const stopSealing = sealing.start((...job) => runner.addJob(...job))
  const dispatcher = startDispatcher(db)
  return {
    async stop() {
      stopSealing()
      await dispatcher.stop()
      await runner.stop()
    },
  }
}
