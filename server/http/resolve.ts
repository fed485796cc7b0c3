import { Slug } from '#contract/common'
import { OrganizationAction } from '#contract/access/permissions'
import type { Permission } from '#contract/operation'
import { findOrganization } from '#db/queries/organizations/organizations'
import { findProject } from '#db/queries/projects/projects'
import type { ActorContext, Grant, OrgContext, ProjectContext, UserActor, Verb } from '#domain/context'
import { missing } from '#contract/errors'
import { DomainError } from '#domain/errors'
import { isId } from '#domain/ids'
import { assertWelcome } from '#domain/tokens/lifetime'
import {
  assertCan,
  assertCanInOrganization,
  assertInBrowser,
  effectiveGrant,
  isProjectAction,
  membershipOf,
  viewingRefusal,
} from '#domain/access/permissions'
import { noteOrganization } from './record.ts'

export type Params = Record<string, string>

/** Undefined for text that can be neither id nor slug; Postgres could not even take a NUL. */
function keyOf(idOrSlug: string): { id: string } | { slug: string } | undefined {
  if (isId(idOrSlug)) return { id: idOrSlug.toLowerCase() }
  return Slug.safeParse(idOrSlug).success ? { slug: idOrSlug } : undefined
}

/** The organization of the URL, for its members. Throws 404 for everybody else. */
export async function resolveOrganization(context: ActorContext, idOrSlug: string): Promise<OrgContext> {
  const { actor, db } = context
  const key = keyOf(idOrSlug)
  const row = key && (await findOrganization(db, key, actor.kind === 'user' ? actor.id : null))
  const belongs =
    row &&
    (actor.kind === 'user' ? row.role !== null && (actor.orgId === null || actor.orgId === row.id) : actor.orgId === row.id)
  if (!belongs) throw new DomainError('organization_not_found', 'No such organization')
  assertWelcome(context, { slug: row.slug, maxTokenDays: row.max_token_days })
  const viewing = actor.kind === 'user' ? actor.viewing : undefined
  return { ...context, org: { id: row.id, slug: row.slug, role: viewing ? viewing.org.role : row.role } }
}

/** The project of the URL with the actor's access to it. Throws 404 for an actor without any. */
export async function resolveProject(context: OrgContext, idOrSlug: string): Promise<ProjectContext> {
  const { actor, db, org, verb } = context
  const key = keyOf(idOrSlug)
  const row = key && (await findProject(db, org.id, key, actor.kind === 'user' ? actor.id : null))
  if (actor.kind === 'user') assertWhileViewing(actor, verb, row?.id ?? null)
  const grant = grantOn(context, row)
  if (!row || !grant) throw new DomainError('project_not_found', 'No such project')
  return { ...context, project: { id: row.id, slug: row.slug, generation: row.generation }, grant }
}

function grantOn({ actor, org }: OrgContext, row: Awaited<ReturnType<typeof findProject>>): Grant | undefined {
  if (actor.kind === 'project_token') return actor.projectId === row?.id ? actor.grant : undefined
  if (actor.viewing && actor.viewing.project.id === row?.id) return actor.viewing.grant
  return effectiveGrant(org.role, membershipOf(row))
}

/** Called for every use of a session: while it views a project as another member, it may only read, and only that project. */
export function assertWhileViewing({ viewing }: UserActor, verb: Verb, projectId: string | null): void {
  const why = viewingRefusal(viewing, verb, projectId)
  if (why) throw new DomainError(why.code, why.sentence)
}

export type Resolved = { actor: ActorContext; org: OrgContext; project: ProjectContext }

/** Resolves the URL as far as the permission reaches, and refuses callers without it before anything else is read. */
export async function resolve(
  context: ActorContext,
  permission: Permission,
  params: Params,
  request: Request,
): Promise<Partial<Resolved> & { actor: ActorContext }> {
  if (permission === 'session') assertInBrowser(context)
  if (isProjectAction(permission)) {
    const org = await resolveOrganization(context, params['orgId'] ?? params['o'] ?? '')
    noteOrganization(request, org.org.id)
    const project = await resolveProject(org, params['projectId'] ?? params['p'] ?? '')
    assertCan(project, permission)
    return { actor: context, org, project }
  }
  const organizationAction = OrganizationAction.safeParse(permission)
  if (!organizationAction.success) return { actor: context }
  const org = await resolveOrganization(context, params['orgId'] ?? '')
  noteOrganization(request, org.org.id)
  assertCanInOrganization(org, organizationAction.data)
  return { actor: context, org }
}

/** Parameters that are a UUID; `orgId` and `projectId` may be slugs. */
const slugsToo = new Set(['orgId', 'projectId', 'o', 'p', 'envName'])

/** A malformed id gets 404. */
export function assertIds(params: Params): void {
  for (const [name, value] of Object.entries(params)) {
    const code = slugsToo.has(name) ? undefined : missing[name]
    if (code && !isId(value)) throw new DomainError(code, `No such ${name.replace(/Id$/, '')}: ${name} is not a UUID`)
    if (value.includes('\0') || !value.isWellFormed()) throw new DomainError('not_found', 'No such resource')
  }
}
