import type { Confirm, PageQuery, WithReason } from '#contract/common'
import type { CreateProject, Project, ProjectQuery, SetProtection, UpdateProject } from '#contract/projects/projects'
import { inTransaction } from '#db/client'
import { insertEnvironment } from '#db/queries/projects/environments'
import { insertMember } from '#db/queries/members/members'
import { keepOrganizationMember } from '#db/queries/organizations/members'
import * as rows from '#db/queries/projects/projects'
import { audit, because } from '../audit/audit.ts'
import type { OrgContext, ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { assertFreshSignIn } from '../access/fresh-sign-in.ts'
import { isId, newId } from '../ids.ts'
import { type Page, idCursor, nameCursor, toPage } from '../paging.ts'
import { type Refusal, assertCan, assertCanInOrganization, isAtLeast } from '../access/permissions.ts'
import { assertRoom } from '../limits/quotas.ts'
import { retentionHours } from '#config/settings'
import { assertMatches } from '../versions.ts'
import { projectGone, writingProject } from '../writing.ts'

export const presentProject = (row: rows.ProjectRow): Project => ({
  id: row.id,
  orgId: row.org_id,
  name: row.name,
  slug: row.slug,
  metadata: row.metadata as Project['metadata'],
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

/** Owners and admins of the organization see all its projects, others the projects they belong to, a project token its own. */
export function visibleTo({ actor, org }: OrgContext): rows.Whose {
  if (actor.kind === 'project_token') return { projectId: actor.projectId }
  if (actor.viewing) return { projectId: actor.viewing.project.id }
  return org.role && isAtLeast(org.role, 'admin') ? { all: true } : { userId: actor.id }
}

export function toProjectPage({ q, sort, cursor, limit }: ProjectQuery): rows.ProjectPage {
  const by = sort.endsWith('name') ? 'name' : 'id'
  const id = by === 'id' ? idCursor(cursor) : undefined
  return {
    q,
    by,
    descending: sort.startsWith('-'),
    limit,
    after: by === 'name' ? nameCursor(cursor) : id === undefined ? undefined : { name: '', id },
  }
}

export const keyOf = (query: ProjectQuery) => (row: { id: string; name: string }) =>
  query.sort.endsWith('name') ? [row.name, row.id] : [row.id]

export async function listProjects(context: OrgContext, query: ProjectQuery): Promise<Page<Project>> {
  assertCanInOrganization(context, 'projects:list')
  const found = await rows.listProjects(context.db, context.org.id, visibleTo(context), toProjectPage(query))
  return toPage(found, query.limit, keyOf(query), presentProject)
}

/** Creates the project with its environment `default` and the caller as owner, all or nothing. */
export async function createProject(context: OrgContext, { name, slug }: CreateProject): Promise<Project> {
  assertCanInOrganization(context, 'projects:create')
  const { actor, org, db } = context
  return inTransaction(db, async (trx) => {
    // A person who is being removed from the organization must not end up owning one of its projects.
    if (!(await keepOrganizationMember(trx, org.id, actor.id)))
      throw new DomainError('organization_not_found', 'No such organization')
    await assertRoom(trx, org, 'projects')
    const row = await rows.insertProject(trx, { id: newId(), org_id: org.id, slug, name })
    if (!row) {
      throw new DomainError(
        'slug_taken',
        `The slug ${slug} is taken in this organization, perhaps by a deleted project that can still be restored. Choose another slug`,
        [{ path: 'slug', message: 'is taken' }],
      )
    }
    await insertEnvironment(trx, { id: newId(), project_id: row.id, name: 'default', is_default: true })
    await insertMember(trx, {
      id: newId(),
      project_id: row.id,
      user_id: actor.id,
      role: 'owner',
      env_id: null,
      cell_scopes: null,
      expires_at: null,
    })
    const project = presentProject(row)
    await audit(
      trx,
      { ...context, project: row },
      'project.created',
      { kind: 'project', id: row.id, name: slug },
      { after: project },
    )
    return project
  })
}

export async function getProject(context: ProjectContext): Promise<Project> {
  assertCan(context, 'project:read')
  return presentProject(await rows.getProject(context.db, context.org.id, context.project.id))
}

export async function updateProject(context: ProjectContext, { name, metadata }: UpdateProject): Promise<Project> {
  assertCan(context, 'project:update')
  return writingProject(context, async (trx, locked) => {
    const before = presentProject(locked)
    assertMatches(context, before)
    if (name === undefined && metadata === undefined) return before
    const after = presentProject(
      await rows.updateProject(trx, locked.org_id, locked.id, {
        ...(name === undefined ? {} : { name }),
        ...(metadata === undefined ? {} : { metadata }),
      }),
    )
    await audit(trx, context, 'project.updated', { kind: 'project', id: locked.id, name: locked.slug }, { before, after })
    return after
  })
}

type Protection = { protected: boolean; protection_reason: string | null }

/** A protected project can be neither deleted nor nuked. */
export function protectionRefusal(project: Protection): Refusal | undefined {
  if (!project.protected) return undefined
  const why = project.protection_reason ? `: ${project.protection_reason.replace(/\.$/, '')}` : ''
  const sentence = `This project is protected from nuke and deletion${why}. An owner can remove the protection`
  return { code: 'deletion_protected', sentence, rule: 'protected' }
}

export function assertNotProtected(locked: Protection): void {
  const why = protectionRefusal(locked)
  if (why) throw new DomainError(why.code, why.sentence)
}

/** What destroys permanently, or comes from a browser, spells the slug. */
export function assertConfirmed({ slug }: { slug: string }, confirm: string | undefined): void {
  if (confirm === slug) return
  throw new DomainError('confirmation_required', 'Send { "confirm": "<the slug of the project>" } to confirm', [
    { path: 'confirm', message: 'must be the slug of the project' },
  ])
}

export async function deleteProject(context: ProjectContext, { reason = null }: WithReason = {}) {
  assertCan(context, 'project:delete')
  assertFreshSignIn(context)
  return writingProject(context, async (trx, locked) => {
    const before = presentProject(locked)
    assertMatches(context, before)
    assertNotProtected(locked)
    const gone = await rows.markDeleted(trx, locked.org_id, locked.id, { retentionHours: retentionHours(), reason })
    await audit(
      trx,
      context,
      'project.deleted',
      { kind: 'project', id: locked.id, name: locked.slug },
      { before, ...(reason && { after: { reason } }) },
    )
    return { id: locked.id, deleted: true as const, deletedAt: gone.deleted_at!, restoreBefore: gone.restore_before! }
  })
}

export async function listDeletedProjects(context: OrgContext, { limit, cursor }: PageQuery) {
  assertCanInOrganization(context, 'projects:restore')
  const found = await rows.listDeletedProjects(context.db, context.org.id, idCursor(cursor), limit)
  return toPage(
    found,
    limit,
    (row) => [row.id],
    ({ id, name, slug, deleted_at, restore_before, deletion_reason }) => ({
      id,
      name,
      slug,
      deletedAt: deleted_at,
      restoreBefore: restore_before,
      reason: deletion_reason,
    }),
  )
}

/** By id only: a slug in the URL would name the live project that has it. */
export async function restoreProject(context: OrgContext, projectId: string, { reason }: WithReason = {}): Promise<Project> {
  assertCanInOrganization(context, 'projects:restore')
  if (!isId(projectId)) throw projectGone()
  return inTransaction(context.db, async (trx) => {
    const locked = await rows.lockDeletedProject(trx, context.org.id, projectId)
    if (!locked) throw projectGone()
    if (!locked.deleted_at) throw new DomainError('not_restorable', 'This project is not deleted')
    if (locked.too_late)
      throw new DomainError('purged', 'This project can no longer be restored: it was purged, or its retention period is over')
    const project = presentProject(await rows.undeleteProject(trx, context.org.id, projectId))
    await audit(
      trx,
      { ...context, project },
      'project.restored',
      { kind: 'project', id: projectId, name: project.slug },
      { after: { ...project, ...because(reason) } },
    )
    return project
  })
}

/** By id only, like a restore. Nobody can restore it from now on, and its slug is free; the purge deletes the rest. */
export async function purgeDeletedProject(context: OrgContext, projectId: string, { confirm }: Confirm) {
  assertCanInOrganization(context, 'projects:purge')
  assertFreshSignIn(context)
  if (!isId(projectId)) throw projectGone()
  return inTransaction(context.db, async (trx) => {
    const locked = await rows.lockDeletedProject(trx, context.org.id, projectId)
    if (!locked) throw projectGone()
    if (!locked.deleted_at) throw new DomainError('not_purgeable', 'This project is not deleted. Delete it first')
    if (locked.too_late) throw new DomainError('purged', 'This project was purged already, or its retention period is over')
    assertConfirmed(locked, confirm)
    assertNotProtected(locked)
    const before = { ...presentProject(locked), restoreBefore: locked.restore_before }
    const target = { kind: 'project', id: locked.id, name: locked.slug }
    await audit(trx, { ...context, project: locked }, 'project.purged', target, { before })
    await rows.markPurging(trx, context.org.id, locked.id)
    return { id: locked.id, purged: true as const }
  })
}

export async function getProtection(context: ProjectContext) {
  assertCan(context, 'project:read')
  const row = await rows.findProtection(context.db, context.org.id, context.project.id)
  return { protected: row.protected, reason: row.protection_reason }
}

export async function setProtection(context: ProjectContext, input: SetProtection) {
  assertCan(context, 'project:protect')
  return writingProject(context, async (trx, locked) => {
    const before = { protected: locked.protected, reason: locked.protection_reason }
    const after = { protected: input.protected, reason: input.protected ? (input.reason ?? null) : null }
    await rows.setProtection(trx, locked.org_id, locked.id, after.protected, after.reason)
    const action = after.protected ? 'project.protected' : 'project.unprotected'
    await audit(trx, context, action, { kind: 'project', id: locked.id, name: locked.slug }, { before, after })
    return after
  })
}
