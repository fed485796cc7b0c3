import type { WithReason } from '#contract/common'
import type { Deleted, NamedQuery } from '#contract/v1/common'
import type { V1CreateProject, V1CreatedProject, V1Project, V1UpdateProject } from '#contract/v1/projects'
import { type Database, type Trx, inTransaction } from '#db/client'
import { findOrganizationToCreateIn } from '#db/queries/organizations/organizations'
import * as shared from '#db/queries/projects/projects'
import { listMembershipsOf } from '#db/queries/v1/members'
import * as rows from '#db/queries/v1/projects'
import type { ActorContext, Grant, OrgContext, ProjectContext, UserActor } from '../context.ts'
import { DomainError } from '../errors.ts'
import { slugFrom } from './home.ts'
import { newId } from '../ids.ts'
import type { Page } from '../paging.ts'
import { assertCan, effectiveGrant, isAtLeast, membershipOf } from '../access/permissions.ts'
import { createProject, deleteProject, updateProject } from '../projects/projects.ts'
import { derivedToken } from '../tokens/text.ts'
import { assertWelcome, keepTokenRule } from '../tokens/lifetime.ts'
import { issueDerived } from '../tokens/tokens.ts'
import { presentMembership } from './memberships.ts'
import { newestFirst, pageOf } from './paging.ts'

type UserContext = ActorContext & { actor: UserActor }

/** Agents and core instances belong to an environment and to no cell. */
const seenBy = (grant: Pick<Grant, 'envId' | 'cellScopes'>, project: { id: string; generation: number }): rows.Seen => ({
  projectId: project.id,
  generation: project.generation,
  envId: grant.envId,
  hidden: grant.cellScopes !== null,
})

type Row = { id: string; name: string; created_at: string }

/** Projects as the API shows them, with the caller's own memberships, if any. */
async function presenter(db: Database | Trx, userId: string | null, seen: rows.Seen[]) {
  const counts = await rows.countInProjects(db, seen)
  const ids = seen.map(({ projectId }) => projectId)
  const own = userId === null ? [] : await listMembershipsOf(db, userId, ids)
  const memberships = new Map(own.map((row) => [row.project_id, presentMembership(row)]))
  return (row: Row): V1Project => {
    const { members, agents, core_instances } = counts.get(row.id)!
    const membership = memberships.get(row.id)
    return {
      id: row.id,
      name: row.name,
      membersCount: members,
      agentsCount: agents,
      aggregatorsCount: core_instances,
      createdAt: row.created_at,
      ...(membership && { membership }),
    }
  }
}

/** The projects that a person is a member of, in all their organizations; not those they only administer (seed). */
export async function listV1Projects({ db, actor }: UserContext, query: NamedQuery): Promise<Page<V1Project>> {
  const page = newestFirst(query)
  const found = await rows.listProjectsOfUser(db, actor.id, { ...page, orgId: actor.orgId, name: query.name })
  const seen = found.map((row) => seenBy(effectiveGrant(row.org_role, membershipOf(row))!, row))
  return pageOf(found, page, await presenter(db, actor.id, seen))
}

export async function getV1Project(context: ProjectContext): Promise<V1Project> {
  assertCan(context, 'project:read')
  const { db, actor, org, project, grant } = context
  const present = await presenter(db, actor.kind === 'user' ? actor.id : null, [seenBy(grant, project)])
  return present(await shared.getProject(db, org.id, project.id))
}

/**
 * In the oldest organization where the caller may create projects, with the environment and the token `default`. This API allows
 * equal names, so the slug comes from the name, with a suffix where it is taken.
 */
export async function createV1Project(context: UserContext, { name }: V1CreateProject): Promise<V1CreatedProject> {
  const { actor } = context
  return inTransaction(context.db, async (trx) => {
    const org = await findOrganizationToCreateIn(trx, actor.id, actor.orgId)
    if (!org)
      throw new DomainError('forbidden', 'You can’t create projects in any of your organizations. Ask an owner or admin of one')
    assertWelcome(context, { slug: org.slug, maxTokenDays: org.max_token_days })
    await keepTokenRule(trx, { org })
    const inOrg: OrgContext = { ...context, db: trx, org }
    const slug = await freeSlug(trx, org.id, slugFrom(name, 'project'))
    const project = await createProject(inOrg, { name, slug })
    const token = await issueDerived(trx, { ...inOrg, project }, { name: 'default', verbs: [] })
    const [membership] = await listMembershipsOf(trx, actor.id, [project.id])
    return {
      id: project.id,
      token: derivedToken({ id: token.id, projectId: project.id }),
      createdAt: project.createdAt,
      membership: presentMembership(membership!),
    }
  })
}

/** Adds a random suffix where the slug is taken. Of two concurrent calls with the same slug, one is refused and may retry. */
const freeSlug = async (trx: Trx, orgId: string, preferred: string): Promise<string> =>
  (await shared.isSlugTaken(trx, orgId, preferred)) ? `${preferred.slice(0, 35)}-${newId().slice(-12)}` : preferred

export async function updateV1Project(context: ProjectContext, input: V1UpdateProject): Promise<void> {
  assertCan(context, 'project:update')
  await updateProject(context, { name: input.name, metadata: undefined })
}

/** Only the creator (seed); in the Org API an admin may too. */
export async function deleteV1Project(context: ProjectContext, reason: WithReason): Promise<Deleted> {
  assertCan(context, 'project:delete')
  if (!isAtLeast(context.grant.role, 'owner')) throw new DomainError('forbidden', 'Only the creator of a project can delete it')
  const { deletedAt } = await deleteProject(context, reason)
  return { deleted: true, deletedAt }
}
