import { ownUrl } from '#config/settings'
import type { Database } from '#db/client'
import { markNoticeMailed, noticeToMail } from '#domain/notices/notices'
import { mailFrom, mailTransport } from './transport.ts'

/** Notifies an owner by mail; without a mail server only the console does. */
export async function mailNotice(db: Database, { userId, noticeId }: { userId: string; noticeId: string }): Promise<void> {
  const transport = mailTransport()
  const notice = transport && (await noticeToMail(db, userId, noticeId))
  if (!notice) return
  await transport.sendMail({ from: mailFrom(), to: { name: '', address: notice.email }, ...texts(notice) })
  await markNoticeMailed(db, userId, noticeId)
}

type NoticeMail = NonNullable<Awaited<ReturnType<typeof noticeToMail>>>

const utc = (time: string) => `${time.slice(0, 16).replace('T', ' ')} UTC`

/** Plain text only, so that user-chosen names cannot become markup. */
function texts({ kind, summary, reason, organization, at, undoBefore, path }: NoticeMail) {
  const isTakeover = kind === 'account-taken-over'
  return {
    subject: isTakeover ? 'A person verified their email address' : summary,
    text: [
      `${summary}, at ${utc(at)}, in ${organization}.`,
      ...(reason ? [`Reason: ${reason}`] : []),
      ...(undoBefore ? [`It can be undone until ${utc(undoBefore)}.`] : []),
      ownUrl(path).href,
      isTakeover
        ? 'You get this email because you invited them, or because you own something that their account made.'
        : 'You get this email because you are, or were, an owner.',
    ].join('\n\n'),
  }
}
