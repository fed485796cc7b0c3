import type { Role } from '#contract/common'
import { personPart } from '#contract/email'
import type { Revocable } from '#contract/members/made-by'
import type { OrganizationMember, PeopleQuery, RemovedOrganizationMember } from '#contract/organizations/organizations'
import { type Database, type Trx, inTransaction } from '#db/client'
import { revokeInvitationsOf } from '#db/queries/organizations/invitations'
import * as rows from '#db/queries/organizations/members'
import { insertOrganizationMember, lockOrganization, updateOrganizationRole } from '#db/queries/organizations/organizations'
import { lockProject } from '#db/queries/projects/projects'
import { audit } from '../audit/audit.ts'
import type { OrgContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { assertFreshToGrant } from '../access/fresh-sign-in.ts'
import { projectsToRevokeIn, revokeMadeInOrganization } from '../members/made-by.ts'
import { leaveProject } from '../members/members.ts'
import { type Page, idCursor, toPage } from '../paging.ts'
import { assertCanInOrganization, assertMayGrantInOrganization, organizationRefusal } from '../access/permissions.ts'
import { assertMatches } from '../versions.ts'
import { type Person, cli } from '../accounts/users.ts'
import { assertRoomForPerson } from '../limits/quotas.ts'

/** Only callers who can act on it see who lacks a second factor. */
const mayManage = ({ actor, org }: OrgContext) => !organizationRefusal(actor, org.role, 'people:manage')

const present = (context: OrgContext, row: rows.PersonRow): OrganizationMember => ({
  userId: row.user_id,
  email: row.email,
  name: row.name,
  avatarUrl: row.avatar_url,
  role: row.role,
  secondFactor: mayManage(context) ? row.has_factor : null,
  emailVerified: mayManage(context) ? row.email_verified_at !== null : null,
  lastSeenAt: row.last_seen_at,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

export async function listOrganizationMembers(
  context: OrgContext,
  { q, role, secondFactor, limit, cursor }: PeopleQuery,
): Promise<Page<OrganizationMember>> {
  assertCanInOrganization(context, 'organization:read')
  if (secondFactor !== undefined) assertCanInOrganization(context, 'people:manage')
  const factor = secondFactor && secondFactor === 'yes'
  const found = await rows.listOrganizationMembers(context.db, context.org.id, {
    q: q === undefined ? undefined : personPart(q),
    role,
    factor,
    after: idCursor(cursor),
    limit,
  })
  return toPage(
    found,
    limit,
    (row) => [row.user_id],
    (row) => present(context, row),
  )
}

export async function setOrganizationRole(
  context: OrgContext,
  userId: string,
  { role }: { role: Role },
): Promise<OrganizationMember> {
  assertCanInOrganization(context, 'people:manage')
  assertMayGrantInOrganization(context, role)
  assertFreshToGrant(context, role)
  return changing(context, userId, async (trx, before) => {
    if (before.role === role) return before
    await updateOrganizationRole(trx, context.org.id, userId, role)
    const after = present(context, (await rows.findPerson(trx, context.org.id, userId))!)
    const target = { kind: 'user', id: userId, name: before.email }
    await audit(trx, context, 'organization.member-updated', target, { before: { role: before.role }, after: { role } })
    return after
  })
}

/**
 * Removes, all or nothing, what they had there: memberships of its projects, personal tokens for it and open invitations. What
 * they made goes if asked for, as far as the caller may revoke it.
 */
export async function removeOrganizationMember(
  context: OrgContext,
  userId: string,
  revoke?: readonly Revocable[],
): Promise<RemovedOrganizationMember> {
  assertCanInOrganization(context, userId === context.actor.id ? 'organization:read' : 'people:manage')
  return changing(context, userId, async (trx, { email, role }) => {
    const { org } = context
    const person = { kind: 'user' as const, id: userId, name: email }
    const places = await projectsToRevokeIn(trx, context, userId, revoke ?? [])
    await lockProjectsOf(trx, org.id, userId, places)
    await rows.deleteOrganizationMember(trx, org.id, userId)
    // Listed again: someone may have added them to another project while we waited.
    const projects = await lockProjectsOf(trx, org.id, userId)
    const revoked = revoke && (await revokeMadeInOrganization(trx, context, places, userId, revoke))
    for (const project of projects) await leaveProject(trx, context, project, person)
    const tokens = await rows.revokePersonalTokensOf(trx, org.id, userId)
    for (const { id, name } of tokens) await audit(trx, context, 'personal-token.revoked', { kind: 'personal-token', id, name })
    for (const { id } of await revokeInvitationsOf(trx, org.id, email))
      await audit(trx, context, 'invitation.revoked', { kind: 'invitation', id, name: email })
    await audit(trx, context, 'organization.member-removed', person, { before: { role } })
    return { userId, removed: true, projects: projects.length, personalTokens: tokens.length, ...(revoked && { revoked }) }
  })
}

/** Always in the same order, to prevent deadlocks. */
async function lockProjectsOf(trx: Trx, orgId: string, userId: string, also: { id: string }[] = []) {
  const projects = await rows.listProjectsOfMember(trx, orgId, userId)
  const ids = new Set([...projects, ...also].map(({ id }) => id))
  for (const id of [...ids].toSorted()) await lockProject(trx, orgId, id)
  return projects
}

/** What every change of a person shares: lock, protection of owners, version and last owner. */
async function changing<After>(
  context: OrgContext,
  userId: string,
  change: (trx: Trx, before: OrganizationMember) => Promise<After>,
): Promise<After> {
  return inTransaction(context.db, async (trx) => {
    const { org, actor } = context
    await lockOrganization(trx, org.id)
    const row = await rows.findPerson(trx, org.id, userId)
    if (!row) throw new DomainError('member_not_found', 'No such person in this organization')
    const before = present(context, row)
    if (before.role === 'owner' && userId !== actor.id) assertCanInOrganization(context, 'organization-owners:manage')
    assertMatches(context, before)
    if (userId !== actor.id) assertFreshToGrant(context, before.role)
    const after = await change(trx, before)
    if (before.role === 'owner' && !(await rows.hasOwner(trx, org.id)))
      throw new DomainError('last_owner', 'An organization must keep one owner. Make somebody else an owner first')
    return after
  })
}

export async function addOrganizationMember(db: Database | Trx, org: { id: string }, user: Person, role: Role): Promise<void> {
  await inTransaction(db, async (trx) => {
    await assertRoomForPerson(trx, org, user.id)
    const added = await insertOrganizationMember(trx, { org_id: org.id, user_id: user.id, role })
    if (!added) throw new DomainError('already_member', `${user.email} is already in this organization`)
    await audit(
      trx,
      { ...cli, org },
      'organization.member-added',
      { kind: 'user', id: user.id, name: user.email },
      { after: { role } },
    )
  })
}

/** Break-glass: makes a user an owner of the organization, member or not, whatever the quota. */
export async function grantOwner(db: Database | Trx, org: { id: string }, user: Person): Promise<void> {
  await inTransaction(db, async (trx) => {
    const changed = await updateOrganizationRole(trx, org.id, user.id, 'owner')
    if (!changed) await insertOrganizationMember(trx, { org_id: org.id, user_id: user.id, role: 'owner' })
    await audit(trx, { ...cli, org }, 'organization.owner-granted', { kind: 'user', id: user.id, name: user.email })
  })
}
