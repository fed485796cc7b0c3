import type { VerbGrant } from '#contract/common'
import { paths } from '#contract/paths'
import type { Database } from '#db/client'
import * as rows from '#db/queries/organizations/invitations'
import { addJob } from '#db/queries/jobs'
import { findMember } from '#db/queries/members/members'
import { findUserByEmail } from '#db/queries/accounts/users'
import { audit } from '../audit/audit.ts'
import type { ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { newId } from '../ids.ts'
import { assertCan, assertMayGrant } from '../access/permissions.ts'
import { assertMayMail } from '../limits/quotas.ts'
import { signedPayload, signedText } from '../crypto/signed-text.ts'
import { writingProject } from '../writing.ts'

/** How long an invitation can be accepted. */
export const INVITATION_DAYS = 7

type Invite = { email: string; role: 'member'; verbs: VerbGrant[]; redirectUri: string | null }

/**
 * The secret of an invitation's link. Derived, so that its mail can be sent again without storing a secret. Shown to its sender.
 */
export const invitationToken = (id: string) => signedText('invitation', { InvitationID: id })

/** The secret that only the mail carries: whoever has it can read the mailbox. */
export const mailedInvitationToken = (id: string) => signedText('mailed-invitation', { InvitationID: id })

/** The invitation of a secret, and whether it came by mail; undefined for a secret that this server did not sign. */
export function invitationOf(token: string): { id: string; mailed: boolean } | undefined {
  const shown = signedPayload('invitation', token)?.['InvitationID']
  if (shown !== undefined) return { id: shown, mailed: false }
  const mailed = signedPayload('mailed-invitation', token)?.['InvitationID']
  return mailed === undefined ? undefined : { id: mailed, mailed: true }
}

type Linked = { id: string; redirect_uri: string | null }

/** The link of an invitation: to the page that the inviter named, else to this server. */
export const invitationLink = (row: Linked, ownOrigin: string): string => linkTo(row, ownOrigin, invitationToken(row.id))

/** The link as mailed. A page that the inviter named receives the secret, so there it must not prove the address. */
export const mailedInvitationLink = (row: Linked, ownOrigin: string): string =>
  linkTo(row, ownOrigin, row.redirect_uri === null ? mailedInvitationToken(row.id) : invitationToken(row.id))

function linkTo({ redirect_uri }: Linked, ownOrigin: string, token: string): string {
  if (redirect_uri === null) return ownOrigin + paths.invitation(token)
  const url = new URL(redirect_uri)
  url.searchParams.set('token', token)
  return url.href
}

/** Invites a person to a project; the mail goes out after the commit. A newer invitation replaces an older one. */
export async function inviteToProject(
  context: ProjectContext,
  { email, role, verbs, redirectUri }: Invite,
): Promise<{ id: string }> {
  assertCan(context, 'members:manage')
  assertMayGrant(context, { role, verbs, expiresAt: context.grant.expiresAt })
  const { actor, org, project } = context
  if (actor.kind === 'user' && actor.email === email) throw new DomainError('invited_yourself', 'You can’t invite yourself')
  return writingProject(context, async (trx) => {
    const known = await findUserByEmail(trx, email)
    const member = known && (await findMember(trx, org.id, project.id, known.id))
    if (member?.source === 'project') throw new DomainError('already_member', `${email} is already a member of this project`)
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
    // Ends with the inviter's own access.
    const expires_at = context.grant.expiresAt
    await rows.insertInvitedProject(trx, { invitation_id: id, project_id: project.id, role, verbs, expires_at })
    await addJob(trx, 'mail-invitation', { invitationId: id }, context.org.id)
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

/** The content of an invitation's mail; undefined once it can no longer be accepted. */
export async function invitationToMail(db: Database, id: string) {
  const invitation = await rows.findInvitation(db, id)
  if (!invitation || invitation.accepted || invitation.revoked || invitation.expired) return undefined
  const projects = await rows.listInvitedProjects(db, invitation.org_id, id)
  return {
    id,
    org_id: invitation.org_id,
    redirect_uri: invitation.redirect_uri,
    email: invitation.email,
    organization: invitation.org_name,
    projects: projects.map(({ name }) => name),
    invitedBy: invitation.invited_by_name,
    expiresAt: invitation.expires_at,
  }
}

/** Its senders then see what the mail server said. Null when the mail has arrived after all. */
export const recordMailFailure = (db: Database, { org_id, id }: { org_id: string; id: string }, failure: string | null) =>
  rows.setMailFailure(db, org_id, id, failure)
