import { publicOrigin } from '#config/settings'
import type { Role } from '#contract/common'
import type { Invitation, InvitationQuery, Invite, InvitePeople, InvitedPeople } from '#contract/organizations/invitations'
import { Email } from '#contract/email'
import { firstProblem } from '#contract/issues'
import { type Trx, inTransaction } from '#db/client'
import * as rows from '#db/queries/organizations/invitations'
import { addJob } from '#db/queries/jobs'
import { lockOrganization, findOrganizationMember } from '#db/queries/organizations/organizations'
import { findUserByEmail } from '#db/queries/accounts/users'
import { audit } from '../audit/audit.ts'
import type { OrgContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { assertFreshToGrant } from '../access/fresh-sign-in.ts'
import { newId } from '../ids.ts'
import { INVITATION_DAYS, invitationLink } from './invitations.ts'
import { type PromisedProject, resolveInvitedProjects } from './invited-projects.ts'
import { type Page, idCursor, toPage } from '../paging.ts'
import { assertCanInOrganization, assertMayGrantInOrganization, isAtLeast } from '../access/permissions.ts'
import { assertMayMail, assertRoom, lockQuotas } from '../limits/quotas.ts'

/** The holder of a link can become what it promises, so only its sender and callers with at least that role see it. */
function mayHandle({ actor, org }: OrgContext, { invited_by, role }: rows.InvitationRow, projects: { role: Role }[]): boolean {
  if (invited_by === actor.id) return true
  return [role, ...projects.map((project) => project.role)].every((given) => org.role !== null && isAtLeast(org.role, given))
}

function present(context: OrgContext, row: rows.InvitationRow, projects: rows.InvitedProjectRow[]): Invitation {
  const manage = mayHandle(context, row, projects)
  const state = row.accepted ? 'accepted' : row.revoked ? 'revoked' : row.expired ? 'expired' : 'pending'
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    projects: projects.map((project) => ({
      projectId: project.project_id,
      slug: project.slug,
      name: project.name,
      role: project.role,
      envName: project.env_name,
      cellScopes: project.cell_scopes,
      expiresAt: project.expires_at,
    })),
    invitedBy: row.invited_by === null ? null : { id: row.invited_by, name: row.invited_by_name ?? '' },
    state,
    link: manage && state === 'pending' ? invitationLink(row, publicOrigin() ?? '') : null,
    manage,
    mailFailedAt: row.mail_failed_at,
    mailFailure: row.mail_failure,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
  }
}

export async function listInvitations(context: OrgContext, query: InvitationQuery): Promise<Page<Invitation>> {
  assertCanInOrganization(context, 'invitations:manage')
  const { state, email, cursor, limit } = query
  const address = email === undefined ? undefined : (Email.safeParse(email).data ?? '')
  const found = await rows.listInvitations(context.db, context.org.id, { state, address, after: idCursor(cursor), limit })
  const projects = await rows.listProjectsOfInvitations(
    context.db,
    context.org.id,
    found.map(({ id }) => id),
  )
  const of = (id: string) => projects.filter(({ invitation_id }) => invitation_id === id)
  return toPage(
    found,
    limit,
    (row) => [row.id],
    (row) => present(context, row, of(row.id)),
  )
}

/** Each row stands alone: a wrong one does not stop the others. The mails go out after the commit. */
export async function invitePeople(context: OrgContext, { invitations }: InvitePeople): Promise<InvitedPeople> {
  assertCanInOrganization(context, 'invitations:manage')
  assertFreshToGrant(context, ...invitations.flatMap(({ role, projects }) => [role, ...projects.map((one) => one.role)]))
  return inTransaction(context.db, async (trx) => {
    await lockOrganization(trx, context.org.id)
    const results: InvitedPeople['results'] = []
    const seen = new Set<string>()
    for (const invite of invitations) {
      // One after the other: each decides on what those before it have left.
      // oxlint-disable-next-line no-await-in-loop
      results.push(await answered(invite.email, () => inviteOne(trx, context, invite, seen)))
    }
    return { results }
  })
}

/** A refusal is the answer of one row; any other error aborts the whole call. */
async function answered(email: string, invite: () => Promise<Invitation>): Promise<InvitedPeople['results'][number]> {
  try {
    return { email, invitation: await invite(), error: null }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return { email, invitation: null, error: { code: error.code, message: error.message } }
  }
}

async function inviteOne(trx: Trx, context: OrgContext, invite: Invite, seen: Set<string>): Promise<Invitation> {
  const { org, actor } = context
  const email = await invitableAddress(trx, context, invite, seen)
  const projects = await resolveInvitedProjects(trx, context, invite.projects)
  const ids = projects.map(({ project_id }) => project_id)
  await assertRoom(trx, org, 'members')
  await assertMayMail(trx, org)
  const replaced = await rows.revokeReplaced(trx, org.id, email, ids)
  for (const { id } of replaced) await audit(trx, context, 'invitation.revoked', { kind: 'invitation', id, name: email })
  const id = newId()
  await rows.insertInvitation(trx, {
    id,
    org_id: org.id,
    email,
    role: invite.role,
    invited_by: actor.kind === 'user' ? actor.id : null,
    redirect_uri: null,
    to_organization: true,
    days: INVITATION_DAYS,
  })
  for (const { envName: _, slug: __, ...project } of projects)
    await rows.insertInvitedProject(trx, { invitation_id: id, ...project })
  await addJob(trx, 'mail-invitation', { invitationId: id }, context.org.id)
  await audit(
    trx,
    context,
    'invitation.created',
    { kind: 'invitation', id, name: email },
    { after: auditedFields(invite.role, projects) },
  )
  return reread(trx, context, id)
}

const auditedFields = (role: Role, projects: PromisedProject[]) => ({
  role,
  projects: projects.map(({ slug, role: inProject, envName, cell_scopes, expires_at }) => ({
    slug,
    role: inProject,
    envName,
    cellScopes: cell_scopes,
    expiresAt: expires_at,
  })),
})

/** The address as stored. Throws if it cannot be invited at all, or not by this actor with this role. */
async function invitableAddress(trx: Trx, context: OrgContext, invite: Invite, seen: Set<string>): Promise<string> {
  const { org, actor } = context
  const parsed = Email.safeParse(invite.email)
  if (!parsed.success) throw new DomainError('invalid_email', firstProblem(parsed.error, 'The address'))
  const email = parsed.data
  if (seen.has(email)) throw new DomainError('invited_twice', 'This address is in the list twice')
  seen.add(email)
  if (actor.kind === 'user' && actor.email === email) throw new DomainError('invited_yourself', 'You can’t invite yourself')
  assertMayGrantInOrganization(context, invite.role)
  const user = await findUserByEmail(trx, email)
  if (user && (await findOrganizationMember(trx, org.id, user.id)))
    throw new DomainError(
      'already_member',
      'This person is already in the organization. Add them to projects under the members of each project',
    )
  return email
}

/** Also for an expired invitation: its link works again, as long as a new one would. */
export async function resendInvitation(context: OrgContext, id: string): Promise<Invitation> {
  assertCanInOrganization(context, 'invitations:manage')
  return changing(context, id, async (trx, row) => {
    await assertMayMail(trx, context.org)
    const projects = await rows.listInvitedProjects(trx, context.org.id, id)
    assertFreshToGrant(context, row.role, ...projects.map(({ role }) => role))
    await rows.extendInvitation(trx, context.org.id, id, context.actor.id, INVITATION_DAYS)
    await addJob(trx, 'mail-invitation', { invitationId: id }, context.org.id)
    await audit(trx, context, 'invitation.resent', { kind: 'invitation', id, name: row.email })
    return reread(trx, context, id)
  })
}

export async function revokeInvitation(context: OrgContext, id: string): Promise<{ id: string; revoked: true }> {
  assertCanInOrganization(context, 'invitations:manage')
  return changing(context, id, async (trx, row) => {
    await rows.revokeInvitation(trx, context.org.id, id)
    await audit(trx, context, 'invitation.revoked', { kind: 'invitation', id, name: row.email })
    return { id, revoked: true }
  })
}

const notFound = () => new DomainError('invitation_not_found', 'No such invitation in this organization')

async function reread(trx: Trx, context: OrgContext, id: string): Promise<Invitation> {
  const row = await rows.findInvitationOf(trx, context.org.id, id)
  if (!row) throw notFound()
  return present(context, row, await rows.listInvitedProjects(trx, context.org.id, id))
}

async function changing<After>(
  context: OrgContext,
  id: string,
  change: (trx: Trx, row: rows.InvitationRow) => Promise<After>,
): Promise<After> {
  return inTransaction(context.db, async (trx) => {
    await lockQuotas(trx, context.org)
    const row = await rows.lockInvitation(trx, context.org.id, id)
    if (!row) throw notFound()
    if (!mayHandle(context, row, await rows.listInvitedProjects(trx, context.org.id, id)))
      throw new DomainError(
        'forbidden',
        'This invitation grants a higher role than yours. Ask somebody with that role to change it',
      )
    if (row.accepted || row.revoked) throw new DomainError('invitation_gone', 'This invitation was already accepted or revoked')
    return change(trx, row)
  })
}
