import type { Role } from '#contract/common'
import { personPart } from '#contract/email'
import type { Revocable } from '#contract/members/made-by'
import {
  type OrganizationMember,
  type PeopleQuery,
  type RemovedOrganizationMember,
  mostOwnerless,
} from '#contract/organizations/organizations'
import { type Database, type Trx, inTransaction } from '#db/client'
import { revokeInvitationsOf } from '#db/queries/organizations/invitations'
import * as rows from '#db/queries/organizations/members'
import { insertOrganizationMember, lockOrganization, updateOrganizationRole } from '#db/queries/organizations/organizations'
import { lockProjects } from '#db/queries/projects/projects'
import { deleteFavoritesOf } from '#db/queries/projects/summaries'
import { forgetReview } from '#db/queries/review/people-review'
import { audit, because } from '../audit/audit.ts'
import type { OrgContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { assertFreshToGrant } from '../access/fresh-sign-in.ts'
import { projectsToRevokeIn, revokeMadeInOrganization } from '../members/made-by.ts'
import { leaveProjects } from '../members/members.ts'
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

const noSuchPerson = () => new DomainError('member_not_found', 'No such person in this organization')

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

export async function getOrganizationMember(context: OrgContext, userId: string): Promise<OrganizationMember> {
  assertCanInOrganization(context, 'organization:read')
  const row = await rows.findPerson(context.db, context.org.id, userId)
  if (!row) throw noSuchPerson()
  return present(context, row)
}

/**
 * Removes, all or nothing, what they had there: memberships of its projects, personal tokens for it and open invitations. What
 * they made goes if asked for, as far as the caller may revoke it. The organization is locked first, then the projects by id.
 */
export async function removeOrganizationMember(
  context: OrgContext,
  userId: string,
  revoke?: readonly Revocable[],
  reason?: string | null,
): Promise<RemovedOrganizationMember> {
  assertCanInOrganization(context, userId === context.actor.id ? 'organization:read' : 'people:manage')
  return changing(context, userId, async (trx, { email, role }) => {
    const { org } = context
    const person = { kind: 'user' as const, id: userId, name: email }
    const places = await projectsToRevokeIn(trx, context, userId, revoke ?? [])
    const known = await rows.listProjectIdsOfMember(trx, org.id, userId)
    await lockProjects(trx, org.id, [...known, ...places.map(({ id }) => id)])
    await rows.deleteOrganizationMember(trx, org.id, userId)
    // Listed again: someone may have added them to another project while we waited.
    const projects = await rows.listProjectIdsOfMember(trx, org.id, userId)
    await lockProjects(trx, org.id, projects)
    assertNoneOwnerless(email, await rows.listProjectsOnlyOwnedBy(trx, org.id, userId))
    const revoked = revoke && (await revokeMadeInOrganization(trx, context, places, userId, revoke))
    await leaveProjects(trx, context, projects, person)
    await deleteFavoritesOf(trx, org.id, userId)
    await forgetReview(trx, org.id, userId)
    const tokens = await rows.revokePersonalTokensOf(trx, org.id, userId)
    for (const { id, name } of tokens) await audit(trx, context, 'personal-token.revoked', { kind: 'personal-token', id, name })
    for (const { id } of await revokeInvitationsOf(trx, org.id, email))
      await audit(trx, context, 'invitation.revoked', { kind: 'invitation', id, name: email })
    const why = reason ? { after: because(reason) } : {}
    await audit(trx, context, 'organization.member-removed', person, { before: { role }, ...why })
    return { userId, removed: true, projects: projects.length, personalTokens: tokens.length, ...(revoked && { revoked }) }
  })
}

/** Throws for projects that would be left without a permanent owner, and names them. */
function assertNoneOwnerless(email: string, projects: { slug: string }[]): void {
  if (projects.length === 0) return
  const named = projects.slice(0, mostOwnerless).map(({ slug }) => slug)
  const more = projects.length - named.length
  const all = more > 0 ? [...named, `${more} more`] : named
  throw new DomainError(
    'last_owner',
    `${email} is the last permanent owner of ${all.length === 1 ? 'the project' : 'these projects:'} ${all.join(', ')}. Make somebody else an owner first`,
    named.map((slug) => ({ path: 'projects', message: slug })),
  )
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
    if (!row) throw noSuchPerson()
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
