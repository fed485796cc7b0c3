import { publicOrigin } from '#config/settings'
import type { Database } from '#db/client'
import { invitationToMail, mailedInvitationLink, recordMailFailure } from '#domain/organizations/invitations'
import { log } from '#server/log'
import { isRefusal, replyOf } from './refusal.ts'
import { mailFrom, mailTransport } from './transport.ts'

/**
 * Mails an invitation that can still be accepted, and records whether that failed permanently. Without a mail server, logs its link
 * for the operator to pass on.
 */
export async function mailInvitation(db: Database, invitationId: string, { isLastTry }: { isLastTry: boolean }): Promise<void> {
  const invitation = await invitationToMail(db, invitationId)
  if (!invitation) return
  const link = mailedInvitationLink(invitation, publicOrigin() ?? '')
  const transport = mailTransport()
  if (!transport) {
    log.info({ email: invitation.email, link }, 'no mail server is configured; pass on this invitation link')
    return
  }
  try {
    await transport.sendMail({ from: mailFrom(), to: { name: '', address: invitation.email }, ...texts(invitation, link) })
  } catch (error) {
    if (isLastTry || isRefusal(error)) await recordMailFailure(db, invitation, replyOf(error))
    throw error
  }
  await recordMailFailure(db, invitation, null)
}

type Invitation = NonNullable<Awaited<ReturnType<typeof invitationToMail>>>

/** Plain text only, so that user-chosen names cannot become markup. */
function texts({ organization, projects, invitedBy, expiresAt }: Invitation, link: string) {
  const what = projects.length > 0 ? projects.join(', ') : organization
  const who = invitedBy ?? `The project ${what}`
  return {
    subject: `${who} invites you to ${what}`,
    text: [
      `${who} invites you to join ${what} in ${organization}.`,
      `To accept, open this link before ${expiresAt.slice(0, 16).replace('T', ' ')} UTC and use this email address:`,
      link,
      'If you did not expect this invitation, you can ignore this email.',
    ].join('\n\n'),
  }
}
