import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Role } from '#contract/common'
import { firstProblem } from '#contract/issues'
import { AddMember, UpdateMember } from '#contract/members/members'
import {
  type ApplyFile,
  type FileChange,
  type FileMember,
  type FilePlan,
  type OrganizationFile,
  type PlanFile,
  fileLimits,
} from '#contract/organizations/file'
import { InvitePeople } from '#contract/organizations/invitations'
import { UpdateOrganization } from '#contract/organizations/organizations'
import { UpdateProject } from '#contract/projects/projects'
import { type Trx, inTransaction } from '#db/client'
import { lockOrganization } from '#db/queries/organizations/organizations'
import { findProject, lockProjects } from '#db/queries/projects/projects'
import { inSavepoint } from '#db/savepoint'
import { assertFreshSignIn } from '../access/fresh-sign-in.ts'
import { assertCanInOrganization, effectiveGrant, membershipOf } from '../access/permissions.ts'
import type { OrgContext, ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { addMember, removeMember, setVerbs, updateMember } from '../members/members.ts'
import { createEnvironment, deleteEnvironment } from '../projects/environments.ts'
import { createProject, updateProject } from '../projects/projects.ts'
import { projectGone } from '../writing.ts'
import { accessChanges, accessIn } from './file-access.ts'
import { assertSound, changesOf } from './file-changes.ts'
import { type State, fileOf, projectsOf, readState } from './file-state.ts'
import { removeOrganizationMember, setOrganizationRole } from './members.ts'
import { invitePeople } from './organization-invitations.ts'
import { updateOrganization } from './organizations.ts'

export async function exportOrganization(context: OrgContext): Promise<OrganizationFile> {
  assertCanInOrganization(context, 'people:manage')
  return fileOf(await readState(context.db, context))
}

/** Thrown by a plan to roll back, once its result is known. */
class Planned extends Error {
  readonly plan: FilePlan
  constructor(plan: FilePlan) {
    super('planned')
    this.plan = plan
  }
}

/** Does what the apply would do and rolls it back, so that it also answers what an apply would refuse. */
export async function planFile(context: OrgContext, request: PlanFile): Promise<FilePlan> {
  assertCanInOrganization(context, 'people:manage')
  assertFreshSignIn(context)
  return inTransaction(context.db, (trx) =>
    inSavepoint(trx, async () => {
      throw new Planned(await change(trx, context, request))
    }).catch((error: unknown) => {
      if (error instanceof Planned) return error.plan
      throw error
    }),
  )
}

/** All or nothing, and only what the plan with this revision said. */
export async function applyFile(context: OrgContext, request: ApplyFile): Promise<FilePlan> {
  assertCanInOrganization(context, 'people:manage')
  assertFreshSignIn(context)
  return inTransaction(context.db, (trx) => inSavepoint(trx, () => change(trx, context, request, request.revision)))
}

/** Names exactly these changes: what they begin with, and what they end with. */
const revisionOf = (changes: FileChange[]) => createHash('sha256').update(JSON.stringify(changes)).digest('base64url')

async function change(trx: Trx, outside: OrgContext, request: PlanFile, revision?: string): Promise<FilePlan> {
  assertSound(request)
  // The verbs open no transaction inside this one, and an `If-Match` is about none of what they change.
  const context = { ...outside, db: trx, ifMatch: null }
  const named = new Set(request.file.projects?.map(({ slug }) => slug))
  await lockAll(trx, context, request, named)
  const state = await readState(trx, context, named)
  const changes = changesOf(state, request, context.actor.kind === 'user' ? context.actor.email : '')
  const found = revisionOf(changes)
  if (revision !== undefined && revision !== found)
    throw new DomainError('plan_changed', 'The organization was changed after this plan, or the file was. Plan again')
  if (changes.length > fileLimits.changes)
    throw new DomainError(
      'invalid_request',
      `The file changes more than ${fileLimits.changes.toLocaleString('en')} things at once. Apply it in parts`,
    )
  const touched = changes.some(({ kind }) => kind === 'person')
    ? (await projectsOf(trx, context.org.id)).map(({ slug }) => slug)
    : named
  const before = await accessIn(trx, context, touched)
  for (const one of changes) {
    // oxlint-disable-next-line no-await-in-loop -- each stands on those before it
    await perform(context, state, one)
  }
  const access = await accessChanges(trx, before, await accessIn(trx, context, new Set([...touched, ...named])))
  return { revision: found, changes, access }
}

/** The organization first, then the projects by id: the order of every verb that locks several. A removal may end memberships in any. */
async function lockAll(trx: Trx, { org }: OrgContext, { file, prune }: PlanFile, named: ReadonlySet<string>): Promise<void> {
  await lockOrganization(trx, org.id)
  const isRemoving = prune && file.people !== undefined
  const projects = (await projectsOf(trx, org.id)).filter(({ slug }) => isRemoving || named.has(slug))
  await lockProjects(
    trx,
    org.id,
    projects.map(({ id }) => id),
  )
}

/** One change, by the verb that a single request would call: it checks, writes and records. */
async function perform(context: OrgContext, state: State, { kind, action, project: slug, name, before, after }: FileChange) {
  const userId = state.people.find(({ email }) => email === name)?.userId
  switch (kind) {
    case 'settings':
      return updateOrganization(context, UpdateOrganization.parse(after))
    case 'project': {
      const { name: called, metadata } = after as { name: string; metadata?: unknown }
      if (action === 'add') await createProject(context, { name: called, slug: slug! })
      const rest = action === 'add' ? { metadata } : { name: called, metadata }
      return metadata === undefined && action === 'add'
        ? undefined
        : updateProject(await projectOf(context, slug!), UpdateProject.parse(rest))
    }
    case 'environment': {
      const project = await projectOf(context, slug!)
      return action === 'add' ? createEnvironment(project, { name }) : deleteEnvironment(project, name)
    }
    case 'person':
      return action === 'remove'
        ? removeOrganizationMember(context, userId!)
        : setOrganizationRole(context, userId!, after as { role: Role })
    case 'invitation':
      return invite(context, name, after as Invited)
    case 'member': {
      const project = await projectOf(context, slug!)
      const known = state.projects.find((one) => one.slug === slug)?.userIds.get(name) ?? userId!
      if (action === 'remove') return removeMember(project, known)
      return setMember(project, known, after as FileMember, before as FileMember | null)
    }
    default:
      return kind satisfies never
  }
}

async function projectOf(context: OrgContext, slug: string): Promise<ProjectContext> {
  const { db, org, actor } = context
  const row = await findProject(db, org.id, { slug }, actor.kind === 'user' ? actor.id : null)
  const grant = effectiveGrant(org.role, membershipOf(row))
  if (!row || !grant) throw projectGone()
  return { ...context, project: { id: row.id, slug: row.slug, generation: row.generation }, grant }
}

async function setMember(project: ProjectContext, userId: string, member: FileMember, before: FileMember | null) {
  const { email, role, environment: envName, cells: cellScopes, permissions, expiresAt } = member
  const access = { role, envName, cellScopes, expiresAt }
  if (!before) return addMember(project, checked(AddMember.safeParse({ ...access, userId, permissions }), email))
  const isOtherwiseSame = isDeepStrictEqual({ ...before, permissions }, member)
  if (!isDeepStrictEqual(permissions, before.permissions)) await setVerbs(project, userId, permissions)
  if (isOtherwiseSame) return undefined
  return updateMember(project, userId, checked(UpdateMember.safeParse(access), email))
}

type Parsed<Value> = { success: true; data: Value } | { success: false; error: Parameters<typeof firstProblem>[0] }

function checked<Value>(parsed: Parsed<Value>, email: string): Value {
  if (parsed.success) return parsed.data
  throw new DomainError('invalid_request', firstProblem(parsed.error, `The membership of ${email}`))
}

type Invited = { role: Role; projects: (FileMember & { slug: string })[] }

/** An invitation promises no verbs, and a refusal of it refuses the file. */
async function invite(context: OrgContext, email: string, { role, projects }: Invited) {
  const limited = projects.find(({ permissions }) => permissions.length > 0)
  if (limited)
    throw new DomainError(
      'invalid_request',
      `${email} has not joined yet, so an invitation can’t limit them to verbs in ${limited.slug}`,
    )
  const rows = projects.map((one) => ({
    slug: one.slug,
    role: one.role,
    envName: one.environment,
    cellScopes: one.cells,
    expiresAt: one.expiresAt,
  }))
  const { results } = await invitePeople(
    context,
    checked(InvitePeople.safeParse({ invitations: [{ email, role, projects: rows }] }), email),
  )
  const error = results[0]!.error
  if (error) throw new DomainError(error.code as never, `${email}: ${error.message}`)
}
