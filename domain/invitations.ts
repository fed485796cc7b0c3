import type { VerbGrant } from '#contract/common'
import type { Database } from '#db/client'
import * as rows from '#db/queries/invitations'
import { addJob } from '#db/queries/jobs'
import { findMember } from '#db/queries/members'
import { findUserByEmail } from '#db/queries/users'
import { audit } from './audit.ts'
import type { ProjectContext } from './context.ts'
import { DomainError } from './errors.ts'
import { newId } from './ids.ts'
import { assertCan, assertMayGrant } from './permissions.ts'
import { assertMayMail } from './quotas.ts'
import { signedText } from './signed-text.ts'
import { writingProject } from './writing.ts'

/** How long an invitation can be accepted. */
export const INVITATION_DAYS = 7

type Invite = { email: string; role: 'member'; verbs: VerbGrant[]; redirectUri: string | null }

/** The secret of an invitation's link: derived, so that its mail can be sent again and nothing secret is stored. */
export const invitationToken = (id: string) => signedText('invitation', { InvitationID: id })

/** Where the link of an invitation leads: to the page that the inviter named, else to ours. */
export function invitationLink(row: { id: string; redirect_uri: string | null }, ownOrigin: string): string {
  const token = invitationToken(row.id)
  if (row.redirect_uri === null) return `${ownOrigin}/invite/${token}`
  const url = new URL(row.redirect_uri)
  url.searchParams.set('token', token)
  return url.href
}

/** Asks somebody to join a project; the mail goes out once this is committed. A newer one takes the place of an older one. */
export async function inviteToProject(
  context: ProjectContext,
  { email, role, verbs, redirectUri }: Invite,
): Promise<{ id: string }> {
  assertCan(context, 'members:manage')
  assertMayGrant(context, { role, verbs, expiresAt: context.grant.expiresAt })
  const { actor, org, project } = context
  if (actor.kind === 'user' && actor.email === email) throw new DomainError('invited_yourself', 'You cannot invite yourself')
  return writingProject(context, async (trx) => {
    const known = await findUserByEmail(trx, email)
    const member = known && (await findMember(trx, org.id, project.id, known.id))
    if (member?.source === 'project') throw new DomainError('already_member', `${email} already is a member of this project`)
    await assertMayMail(trx, org)
    await rows.revokeInvitationsTo(trx, project.id, email)
    const id = newId()
    await rows.insertInvitation(trx, {
      id,
      org_id: org.id,
      email,
      role: 'member',
      invited_by: actor.kind === 'user' ? actor.id : null,
      invited_by_token: actor.kind === 'user' ? null : actor.id,
      redirect_uri: redirectUri,
      days: INVITATION_DAYS,
    })
    // For as long as the inviter's own access lasts.
    const expires_at = context.grant.expiresAt
    await rows.insertInvitedProject(trx, { invitation_id: id, project_id: project.id, role, verbs, expires_at })
    await addJob(trx, 'mail-invitation', { invitationId: id })
    await audit(
      trx,
      context,
      'member.invited',
      { kind: 'invitation', id, name: email },
      { after: { email, role, permissions: verbs } },
    )
    return { id }
  })
}

/** What the mail of an invitation says; undefined once it can no longer be accepted. */
export async function invitationToMail(db: Database, id: string) {
  const invitation = await rows.findInvitation(db, id)
  if (!invitation || invitation.accepted || invitation.revoked || invitation.expired) return undefined
  const projects = await rows.listInvitedProjects(db, invitation.org_id, id)
  return {
    id,
    redirect_uri: invitation.redirect_uri,
    email: invitation.email,
    organization: invitation.org_name,
    projects: projects.map(({ name }) => name),
    invitedBy: invitation.invited_by_name,
    expiresAt: invitation.expires_at,
  }
}
