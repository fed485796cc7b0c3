import type { V1Operation } from '#contract/v1/operation'
import type { Database } from '#db/client'
import { type Reach, findProjectForUser, projectsOf } from '#db/queries/v1/reach'
import type { Actor, ActorContext, ProjectContext, TokenActor } from '#domain/context'
import type { ErrorCode } from '#contract/errors'
import { DomainError } from '#domain/errors'
import { isId } from '#domain/ids'
import { effectiveGrant, membershipOf } from '#domain/access/permissions'
import { assertWelcome } from '#domain/tokens/lifetime'
import type { Params } from '../resolve.ts'

type Target = {
  invalid: string
  missing: ErrorCode
  projectIds: (db: Database, id: string, reach: Reach) => Promise<string[]>
  /** The thing that this kind of id names has a token of its own. */
  itself?: TokenActor['itself']
}

/** What an id in a path names: the errors for a malformed and an unknown id, and how to find its project. */
const targets: Record<string, Target> = {
  projectID: { invalid: 'invalid project ID', missing: 'project_not_found', projectIds: async (_, id) => [id] },
  tokenID: { invalid: 'invalid token ID', missing: 'token_not_found', projectIds: projectsOf.token },
  memberID: { invalid: 'invalid member ID', missing: 'member_not_found', projectIds: projectsOf.member },
  environmentID: { invalid: 'invalid environment ID', missing: 'environment_not_found', projectIds: projectsOf.environment },
  agentID: { invalid: 'invalid agent ID', missing: 'agent_not_found', projectIds: projectsOf.agent, itself: 'agent' },
  aggregatorID: {
    invalid: 'invalid aggregator ID',
    missing: 'core_instance_not_found',
    projectIds: projectsOf.coreInstance,
    itself: 'core-instance',
  },
}

/** The one id of a v1 path in lower case; undefined for a path without one. A malformed id is 422 with its own sentence. */
export function targetOf(params: Params): { target: Target; id: string } | undefined {
  const [entry] = Object.entries(params)
  if (!entry) return undefined
  const [name, id] = entry
  const target = targets[name]
  if (!target) throw new Error(`no v1 path may have {${name}}`)
  if (!isId(id)) throw new DomainError('invalid_request', target.invalid)
  return { target, id: id.toLowerCase() }
}

/**
 * The first of these actors that reaches the project of the id. Throws 404 when none does. An actor that reaches several projects
 * must name one, since a choice would be a guess.
 */
export async function resolveTarget(
  context: Omit<ActorContext, 'actor'>,
  actors: Actor[],
  { target, id }: { target: Target; id: string },
  { deniesUnknown }: Pick<V1Operation, 'deniesUnknown'>,
): Promise<ProjectContext> {
  let isAmbiguous = false
  for (const actor of actors.filter((one) => mayName(one, target, id))) {
    const projectIds = await target.projectIds(context.db, id, reachOf(actor))
    isAmbiguous ||= projectIds.length > 1
    const [projectId] = projectIds
    const found = projectId === undefined || projectIds.length > 1 ? undefined : await reach({ ...context, actor }, projectId)
    if (found) return found
  }
  if (isAmbiguous)
    throw new DomainError(
      'ambiguous_id',
      'Several of your projects contain this ID, because an import keeps IDs. Send the token of the project that you mean as X-Project-Token',
    )
  throw new DomainError(deniesUnknown ? 'forbidden' : target.missing, 'There is no such resource, or you have no access to it')
}

const reachOf = (actor: Actor): Reach =>
  actor.kind === 'project_token'
    ? { userId: null, orgId: null, projectId: actor.projectId, life: null }
    : { userId: actor.id, orgId: actor.orgId, projectId: null, life: (actor.orgId === null && actor.tokenLife) || null }

/** An agent or core instance can name only itself. */
const mayName = (actor: Actor, target: Target, id: string) =>
  actor.kind === 'user' || actor.itself === undefined || (actor.itself === target.itself && actor.id === id)

/** A live project by its id alone, with the actor's access; undefined when the actor may not know of it. */
export async function reach(context: ActorContext, projectId: string): Promise<ProjectContext | undefined> {
  const { actor, db } = context
  if (actor.kind === 'project_token' && actor.projectId !== projectId) return undefined
  const row = await findProjectForUser(db, projectId, actor.kind === 'user' ? actor.id : null)
  if (!row) return undefined
  if (actor.kind === 'user' && (row.org_role === null || (actor.orgId !== null && actor.orgId !== row.org_id))) return undefined
  const grant = actor.kind === 'user' ? effectiveGrant(row.org_role, membershipOf(row)) : actor.grant
  if (!grant) return undefined
  assertWelcome(context, { slug: row.org_slug, maxTokenDays: row.max_token_days })
  const org = { id: row.org_id, slug: row.org_slug, role: row.org_role }
  return { ...context, org, project: { id: row.id, slug: row.slug, generation: row.generation }, grant }
}
