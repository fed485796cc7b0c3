import { Logger, type Runner, type TaskList, parseCrontab, run, runMigrations } from 'graphile-worker'
import { type Database, acquire } from '#db/client'
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

type Kind = { concurrency: number; taskList: TaskList; crontab?: string }

/**
 * Jobs by kind. Each kind has workers of its own, so that a purge of hours, or a mail server that does not answer, holds up nothing else.
 * `stopping` ends what takes long.
 */
function kinds(whole: Database, stopping: AbortSignal): Record<'purge' | 'mail' | 'upkeep', Kind> {
  const db = acquire(whole, { class: 'job' })
  const purgesOn = acquire(whole, { class: 'job', owner: 'purge' })
  const options = { signal: stopping, onBatch: (rows: number) => log.debug({ rows }, 'purging') }
  return {
    purge: {
      concurrency: 1,
      taskList: {
        async purge() {
          const wipes = await purgeWipes(purgesOn, options)
          const projects = await purgeProjects(purgesOn, options)
          if (wipes + projects > 0) log.info({ wipes, projects }, 'purged')
        },
      },
      crontab: '* * * * * purge ?jobKey=purge&max=3',
    },
    mail: {
      concurrency: 2,
      taskList: {
        'mail-invitation': (payload) => mailInvitation(db, (payload as { invitationId: string }).invitationId),
        'mail-expiry': (payload) => mailExpiry(db, payload as ExpiryMail),
        'mail-notice': (payload) => mailNotice(db, payload as { userId: string; noticeId: string }),
        'mail-password-reset': (payload) => mailPasswordReset(db, payload as { email: string; askedAt: string }),
        'mail-account-taken-over': (payload) => mailTakeover(payload as TakeoverMail),
        'mail-password-changed': (payload) => mailPasswordChanged(payload as { email: string; changedAt: string }),
      },
    },
    upkeep: {
      concurrency: 2,
      taskList: {
        async 'forget-old'() {
          await purgeIdempotencyKeys(db)
          await purgeThrottles(db)
          await purgeDeliveries(db)
          await purgeSignInStates(db)
          await purgeNonces(db)
        },
        async 'measure-usage'() {
          await measureUsage(db)
        },
        async 'tell-expiries'() {
          // What nobody can be told by mail stays untold, for the day on which a mail server is configured.
          const told = mailTransport() ? await tellExpiries(db) : 0
          if (told > 0) log.info({ told }, 'told of what ends soon')
        },
      },
      crontab: [
        '* * * * * forget-old ?jobKey=forget-old&max=3',
        '* * * * * measure-usage ?jobKey=measure-usage&max=3',
        '*/10 * * * * tell-expiries ?jobKey=tell-expiries&max=3',
      ].join('\n'),
    },
  }
}

/** Makes the queue's own tables, so that jobs can be put into it before anything works them off. */
export const prepareJobs = (connectionString: string) => runMigrations({ connectionString, logger })

/** Milliseconds that a stop waits for the jobs that are under way: a mail that is being sent. What takes longer is ended by `stopping`. */
const PATIENCE = 10_000

/** Stops once the outcome of what is under way stands in the queue: a runner that is stopped before leaves its job locked for hours. */
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

/** The jobs of this process. Several processes share one queue in the database; each job runs once. Answers how to stop them. */
export async function startJobs(whole: Database, connectionString: string): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  const db = acquire(whole, { class: 'job' })
  const sealing = auditSealing(db)
  const { purge, mail, upkeep } = kinds(whole, stopping.signal)
  const start = ({ concurrency, taskList, crontab }: Kind) =>
    run({
      connectionString,
      maxPoolSize: concurrency + 1,
      concurrency,
      noHandleSignals: true,
      logger,
      taskList,
      parsedCronItems: parseCrontab(crontab ?? ''),
    })
  const runners = [
    await start(purge),
    await start(mail),
    await start(upkeep),
    await start({ concurrency: 1, taskList: { 'seal-audit': sealing.task } }),
  ]
  const stops = runners.map(stoppable)
  // Settles when a runner ends; a failure is its own to retry and to log.
  for (const { promise } of runners) promise.catch((error: unknown) => log.error(error, 'the jobs have stopped'))
  const [first] = runners
  // What the last process has left undone goes on now, not with the next minute.
  await first!.addJob('purge', {}, { jobKey: 'purge', maxAttempts: 3 })
  const stopSealing = sealing.start((...job) => first!.addJob(...job))
  const dispatcher = startDispatcher(db)
  return {
    async stop() {
      stopping.abort()
      stopSealing()
      await dispatcher.stop()
      await Promise.all(stops.map((stop) => stop()))
    },
  }
}
