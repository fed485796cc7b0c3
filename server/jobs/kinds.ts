import type { Task } from 'graphile-worker'
import type { Database } from '#db/client'
import type { ExpiryMail, TakeoverMail } from '#db/queries/jobs'
import { queueExpiryMails } from '#domain/notices/expiry'
import { purgeIdempotencyKeys, purgeNonces, purgeSignInStates, purgeThrottles } from '#domain/nuke/purge'
import { measureUsage } from '#domain/limits/quotas'
import { purgeDeliveries } from '#domain/webhooks/deliveries'
import { log } from '#server/log'
import { mailExpiry } from './mail/expiry.ts'
import { mailInvitation } from './mail/invitation.ts'
import { mailNotice } from './mail/notice.ts'
import { mailPasswordChanged, mailPasswordReset } from './mail/password.ts'
import { isRefusal, replyOf } from './mail/refusal.ts'
import { mailTakeover } from './mail/takeover.ts'
import { mailTransport } from './mail/transport.ts'
import type { Kind } from './queue.ts'

/** A mail that the mail server refuses permanently is not sent again. Any other failure is retried. */
const mailing =
  (task: Task): Task =>
  async (payload, helpers) => {
    try {
      await task(payload, helpers)
    } catch (error) {
      if (!isRefusal(error)) throw error
      log.warn({ mail: helpers.job.task_identifier, reply: replyOf(error) }, 'the mail server refused a mail permanently')
    }
  }

/** `db/queries/jobs.ts` declares the payload of each job. */
export const mail = (db: Database): Kind => ({
  concurrency: 2,
  taskList: {
    'mail-invitation': mailing((payload, { job }) =>
      mailInvitation(db, (payload as { invitationId: string }).invitationId, { isLastTry: job.attempts >= job.max_attempts }),
    ),
    'mail-expiry': mailing((payload) => mailExpiry(db, payload as ExpiryMail)),
    'mail-notice': mailing((payload) => mailNotice(db, payload as { userId: string; noticeId: string })),
    'mail-password-reset': mailing((payload) => mailPasswordReset(db, payload as { email: string; askedAt: string })),
    'mail-account-taken-over': mailing((payload) => mailTakeover(payload as TakeoverMail)),
    'mail-password-changed': mailing((payload) => mailPasswordChanged(payload as { email: string; changedAt: string })),
  },
})

const upkeep = (db: Database): Kind => ({
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
  },
  crontab: ['* * * * * forget-old ?jobKey=forget-old&max=3', '* * * * * measure-usage ?jobKey=measure-usage&max=3'].join('\n'),
})

const expiry = (db: Database, lookForPurges: () => void): Kind => ({
  concurrency: 1,
  taskList: {
    async 'tell-expiries'() {
      // Without a mail server, expiries stay unmarked and are mailed once one is configured.
      const announced = mailTransport() ? await queueExpiryMails(db) : 0
      if (announced > 0) log.info({ announced }, 'announced what expires soon')
    },
    /** Only wakes the purge, which takes long and has a loop of its own. */
    async purge() {
      lookForPurges()
    },
  },
  crontab: '*/10 * * * * tell-expiries ?jobKey=tell-expiries&max=3',
})

/** Each kind has its own workers, and so has mail, so that an unresponsive mail server delays nothing else. */
export const kinds = (db: Database, lookForPurges: () => void): Kind[] => [upkeep(db), expiry(db, lookForPurges)]
