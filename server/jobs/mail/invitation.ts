import { publicOrigin } from '#config/settings'
import type { Database } from '#db/client'
import { invitationToMail, mailedInvitationLink } from '#domain/organizations/invitations'
import { log } from '#server/log'
import { mailFrom, mailTransport } from './transport.ts'

/** Mails an invitation that can still be accepted. Without a mail server, logs its link for the operator to pass on. */
export async function mailInvitation(db: Database, invitationId: string): Promise<void> {
  const invitation = await invitationToMail(db, invitationId)
  if (!invitation) return
  const link = mailedInvitationLink(invitation, publicOrigin() ?? '')
  const transport = mailTransport()
  if (!transport) {
    log.info({ email: invitation.email, link }, 'no mail server is configured; the invitation’s link')
    return
  }
  await transport.sendMail({ from: mailFrom(), to: { name: '', address: invitation.email }, ...texts(invitation, link) })
}

type Invitation = NonNullable<Awaited<ReturnType<typeof invitationToMail>>>

/** Plain text only, so that user-chosen names cannot become markup. */
function texts({ organization, projects, invitedBy, expiresAt }: Invitation, link: string) {
  const what = projects.length > 0 ? projects.join(', ') : organization
  const who = invitedBy ?? `The project ${what}`
  return {
    subject: `${who} invites you to ${what}`,
    text: [
      `${who} invites you to join ${what} of ${organization}.`,
      `Accept here, with this address, until ${expiresAt.slice(0, 16).replace('T', ' ')} UTC:`,
      link,
      'If you did not expect this, you need not do anything.',
    ].join('\n\n'),
  }
}
