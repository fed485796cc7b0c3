import type { VerbGrant } from '#contract/common'
import { personPart } from '#contract/email'
import type { Revocable, Revoked } from '#contract/members/made-by'
import type { AddMember, Member, MemberQuery, RemovedMember, UpdateMember } from '#contract/members/members'
import type { Trx } from '#db/client'
import * as rows from '#db/queries/members/members'
import type { Generation } from '#db/queries/project-rows'
import { keepOrganizationMember } from '#db/queries/organizations/members'
import { audit, auditInProjects } from '../audit/audit.ts'
import type { Grant, OrgContext, ProjectContext } from '../context.ts'
import { environmentIdOf } from '../projects/environments.ts'
import { DomainError } from '../errors.ts'
import { assertFreshToGrant } from '../access/fresh-sign-in.ts'
import { isId, newId } from '../ids.ts'
import { revokeMadeInProject } from './made-by.ts'
import { type Page, timeCursor, toPage } from '../paging.ts'
import { assertCan, assertMayGrant, isPermanentOwner } from '../access/permissions.ts'
import { assertEndsAfter } from '../access/ends.ts'
import { storedScopes } from '../stored-names.ts'
import { assertMatches } from '../versions.ts'
import { writingProject } from '../writing.ts'

type Owner = Pick<Grant, 'role' | 'envId' | 'cellScopes' | 'verbs' | 'expiresAt'> & { userId: string }

/** A project always keeps one owner who is unscoped and does not expire. */
export const hasPermanentOwner = (owners: Owner[]) => owners.some(isPermanentOwner)

const present = (row: rows.MemberRow): Member => ({
  id: row.id,
  userId: row.user_id,
  email: row.email,
  name: row.name,
  avatarUrl: row.avatar_url,
  role: row.role,
  envName: row.env_name,
  cellScopes: row.cell_scopes,
  permissions: row.verbs as VerbGrant[],
  source: row.source,
  expiresAt: row.expires_at,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

const notFound = () => new DomainError('member_not_found', 'No such member in this project')

export async function listMembers(context: ProjectContext, query: MemberQuery): Promise<Page<Member>> {
  assertCan(context, 'project:read')
  const after = timeCursor(query.cursor, isId)
  const found = await rows.listMembers(context.db, context.org.id, context.project.id, {
    ...query,
    q: query.q === undefined ? undefined : personPart(query.q),
    role: query.role,
    env: query.env,
    scope: query.scope,
    after: after && { createdAt: after.createdAt, userId: after.key },
  })
  return toPage(found, query.limit, (row) => [row.created_at, row.user_id], present)
}

export async function getMember(context: ProjectContext, userId: string): Promise<Member> {
  assertCan(context, 'project:read')
  const row = await rows.findMember(context.db, context.org.id, context.project.id, userId)
  if (!row) throw notFound()
  return present(row)
}

export async function addMember(context: ProjectContext, input: AddMember): Promise<Member> {
  assertCan(context, 'members:manage')
  assertMayGrant(context, { role: input.role, expiresAt: input.expiresAt ?? null, verbs: input.permissions ?? [] })
  assertFreshToGrant(context, input.role)
  const { org, project } = context
  return writingProject(context, async (trx, _, at) => {
    const envId = await environmentIdOf(trx, project.id, input.envName)
    if (!(await keepOrganizationMember(trx, org.id, input.userId))) {
      throw new DomainError('user_not_found', 'This person isn’t in the organization. Invite them first', [
        { path: 'userId', message: 'is not a person in this organization' },
      ])
    }
    const added = await rows.insertMember(trx, {
      id: newId(),
      project_id: project.id,
      user_id: input.userId,
      role: input.role,
      env_id: envId,
      cell_scopes: await storedScopes(trx, at, input.cellScopes),
      verbs: input.permissions ?? [],
      expires_at: input.expiresAt ?? null,
    })
    if (!added) throw new DomainError('already_member', 'This person is already a member of the project')
    const member = await reread(trx, context, input.userId)
    await audit(trx, context, 'member.added', { kind: 'user', id: input.userId, name: member.email }, { after: member })
    return member
  })
}

export async function updateMember(context: ProjectContext, userId: string, input: UpdateMember): Promise<Member> {
  assertCan(context, 'members:manage')
  return changing(context, userId, eventOf(input), async (trx, before, at) => {
    assertEndsAfter(before.createdAt, input.expiresAt)
    const expiresAt = input.expiresAt === undefined ? before.expiresAt : input.expiresAt
    assertMayGrant(context, { role: input.role ?? before.role, expiresAt, verbs: before.permissions })
    await rows.updateMember(trx, context.project.id, userId, {
      ...(input.role === undefined ? {} : { role: input.role }),
      ...(input.envName === undefined ? {} : { env_id: await environmentIdOf(trx, context.project.id, input.envName) }),
      ...(input.cellScopes === undefined ? {} : { cell_scopes: await storedScopes(trx, at, input.cellScopes) }),
      ...(input.expiresAt === undefined ? {} : { expires_at: input.expiresAt }),
    })
    return reread(trx, context, userId)
  })
}

/** A change of the cells alone has the name that it has at the URL of the cells. */
const eventOf = ({ role, envName, cellScopes, expiresAt }: UpdateMember) =>
  cellScopes !== undefined && role === undefined && envName === undefined && expiresAt === undefined
    ? 'member.scoped'
    : 'member.updated'

export async function setCellScopes(
  context: ProjectContext,
  userId: string,
  { cellScopes }: { cellScopes: string[] | null },
): Promise<Member> {
  assertCan(context, 'members:manage')
  return changing(context, userId, 'member.scoped', async (trx, before, at) => {
    assertMayGrant(context, { ...before, verbs: before.permissions })
    await rows.updateMember(trx, context.project.id, userId, { cell_scopes: await storedScopes(trx, at, cellScopes) })
    return reread(trx, context, userId)
  })
}

/** Sets the verbs of the v1 API. Members may reduce their own; changing those of others takes a caller who manages members. */
export async function setVerbs(context: ProjectContext, userId: string, verbs: VerbGrant[]): Promise<Member> {
  assertCan(context, userId === context.actor.id ? 'project:read' : 'members:manage')
  return changing(context, userId, 'member.updated', async (trx, before) => {
    assertMayGrant(context, { ...before, verbs: before.permissions })
    assertMayGrant(context, { ...before, verbs })
    await rows.updateMember(trx, context.project.id, userId, { verbs })
    return reread(trx, context, userId)
  })
}

/** Also revokes what they made if asked to, as far as the caller may revoke it. */
export async function removeMember(
  context: ProjectContext,
  userId: string,
  revoke?: readonly Revocable[],
): Promise<RemovedMember> {
  assertCan(context, userId === context.actor.id ? 'project:read' : 'members:manage')
  let revoked: Revoked | undefined
  await changing(context, userId, 'member.removed', async (trx) => {
    revoked = revoke && (await revokeMadeInProject(trx, context, userId, revoke))
    await rows.deleteMember(trx, context.project.id, userId)
    return null
  })
  return { userId, removed: true, ...(revoked && { revoked }) }
}

/** Ends the memberships of a person who leaves the organization. Call it under the locks of these projects. */
export async function leaveProjects(
  trx: Trx,
  context: OrgContext,
  projectIds: string[],
  person: { kind: 'user'; id: string; name: string },
): Promise<void> {
  const left = await rows.listOwnMemberships(trx, projectIds, person.id)
  await rows.deleteMemberships(trx, projectIds, person.id)
  const changes = left.map(({ project_id: id, project_slug: slug, ...row }) => ({
    project: { id, slug },
    before: present(row),
  }))
  await auditInProjects(trx, context, 'member.removed', person, changes)
}

/** What every change of a membership shares: lock, protection of owners, version, last owner and event. */
async function changing<After extends Member | null>(
  context: ProjectContext,
  userId: string,
  action: 'member.updated' | 'member.scoped' | 'member.removed',
  change: (trx: Trx, before: Member, at: Generation) => Promise<After>,
): Promise<After> {
  return writingProject(context, async (trx, _, at) => {
    const row = await rows.findMember(trx, context.org.id, context.project.id, userId)
    if (!row) throw notFound()
    const before = present(row)
    if (before.source === 'organization') {
      throw new DomainError('inherited', 'This access comes from the organization. Change it under the organization’s people')
    }
    if (before.role === 'owner' && userId !== context.actor.id) assertCan(context, 'owners:manage')
    assertMatches(context, before)
    const after = await change(trx, before, at)
    if (userId !== context.actor.id) assertFreshToGrant(context, before.role, after?.role ?? before.role)
    if (before.role === 'owner' && !hasPermanentOwner(await listOwners(trx, context.project.id))) {
      throw new DomainError(
        'last_owner',
        'A project must keep one permanent owner: one without a scope or an expiry. Make somebody else an owner first',
      )
    }
    await audit(trx, context, action, { kind: 'user', id: userId, name: before.email }, { before, after })
    return after
  })
}

async function reread(trx: Trx, { org, project }: ProjectContext, userId: string): Promise<Member> {
  const row = await rows.findMember(trx, org.id, project.id, userId)
  if (!row) throw notFound()
  return present(row)
}

async function listOwners(trx: Trx, projectId: string): Promise<Owner[]> {
  const owners = await rows.listOwners(trx, projectId)
  return owners.map((row) => ({
    userId: row.user_id,
    role: row.role,
    envId: row.env_id,
    cellScopes: row.cell_scopes,
    verbs: row.verbs as VerbGrant[],
    expiresAt: row.expires_at,
  }))
}
