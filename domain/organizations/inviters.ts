import type { VerbGrant } from '#contract/common'
import type { Database, Trx } from '#db/client'
import type { InvitationRow, InvitedProjectRow } from '#db/queries/organizations/invitations'
import { findOrganizationMember } from '#db/queries/organizations/organizations'
import { findToken } from '#db/queries/tokens/tokens'
import { findStanding } from '#db/queries/accounts/viewings'
import type { Grant } from '../context.ts'
import { DomainError } from '../errors.ts'
import { effectiveGrant, isAtLeast, mayGrant, membershipOf, organizationRefusal, refusal } from '../access/permissions.ts'

/**
 * Throws unless the inviter may still grant this when it is accepted. They may have left, lost the role, been limited or expired
 * since.
 */
export async function assertInviterStillMay(
  db: Database | Trx,
  invitation: InvitationRow,
  projects: InvitedProjectRow[],
): Promise<void> {
  if (invitation.to_organization && !(await mayInviteToOrganization(db, invitation))) throw lostAccess()
  for (const project of projects) if (!(await mayGive(db, invitation, project))) throw lostAccess()
}

const lostAccess = () =>
  new DomainError('inviter_lost_access', 'The inviter may no longer grant the access in this invitation. Ask for a new one')

async function mayInviteToOrganization(db: Database | Trx, { org_id, invited_by, role }: InvitationRow): Promise<boolean> {
  const sender = invited_by === null ? undefined : await findOrganizationMember(db, org_id, invited_by)
  if (!sender || organizationRefusal({ kind: 'user', via: 'session' }, sender.role, 'invitations:manage')) return false
  return isAtLeast(sender.role, role)
}

async function mayGive(db: Database | Trx, invitation: InvitationRow, project: InvitedProjectRow): Promise<boolean> {
  const grant = await senderGrant(db, invitation, project.project_id)
  if (!grant || refusal(grant, 'members:manage')) return false
  return mayGrant(grant, { role: project.role, verbs: project.verbs as VerbGrant[], expiresAt: project.expires_at })
}

async function senderGrant(
  db: Database | Trx,
  { org_id, invited_by, invited_by_token }: InvitationRow,
  projectId: string,
): Promise<Grant | undefined> {
  if (invited_by !== null) {
    const standing = await findStanding(db, org_id, projectId, invited_by)
    return standing && effectiveGrant(standing.org_role, membershipOf(standing))
  }
  const token = invited_by_token === null ? undefined : await findToken(db, projectId, invited_by_token)
  if (!token || token.expired) return undefined
  const { role, env_id: envId, cell_scopes: cellScopes, verbs, expires_at: expiresAt } = token
  return { role, source: 'token', envId, cellScopes, verbs: verbs as VerbGrant[], expiresAt }
}
