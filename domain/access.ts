import type { Access, AccessQuery } from '#contract/access'
import { operations } from '#contract/operations'
import { ProjectAction } from '#contract/permissions'
import { findEntities } from '#db/queries/entities'
import { findEnvironment, findEnvironmentById } from '#db/queries/environments'
import { findOrganizationMember } from '#db/queries/organizations'
import { findProject } from '#db/queries/projects'
import type { Grant, ProjectContext } from './context.ts'
import { theOne, whichEntity } from './entities.ts'
import { DomainError } from './errors.ts'
import { type Refusal, assertCan, effectiveGrant, membershipOf, refusal, verbOf, verbRefusal } from './permissions.ts'
import { admitsCells, admitsEnvironment } from './scope.ts'
import { reading } from './writing.ts'

/** What the caller, or for whoever manages members somebody else, may do here, and why not where he may not. */
export async function getAccess(context: ProjectContext, { userId, env, entity }: AccessQuery): Promise<Access> {
  assertCan(context, userId === undefined || userId === context.actor.id ? 'project:read' : 'members:manage')
  const { db, project, actor } = context
  const grant = userId === undefined || userId === actor.id ? context.grant : await grantOf(context, userId)
  const environment = grant?.envId ? await findEnvironmentById(db, project.id, grant.envId) : undefined
  const why = (action: ProjectAction) => (grant ? withheld(grant, action)?.sentence : 'No access to this project')
  const can = ProjectAction.options.map((action) => {
    const reason = why(action) ?? null
    return [action, { allowed: reason === null, reason }] as const
  })
  return {
    userId: userId ?? (actor.kind === 'user' ? actor.id : null),
    role: grant?.role ?? null,
    source: grant?.source ?? null,
    envName: environment?.name ?? null,
    cellScopes: grant?.cellScopes ?? null,
    expiresAt: grant?.expiresAt ?? null,
    permissions: can.filter(([, ability]) => ability.allowed).map(([action]) => action),
    can: Object.fromEntries(can) as Access['can'],
    ...(env !== undefined && entity !== undefined && { entity: await explain(context, grant, env, entity) }),
  }
}

const operationsOf = Map.groupBy(operations, ({ permission }) => permission as string)

/** An action needs every verb that its operations need: who has but some of them is told so, and never meets a refusal. */
function withheld(grant: Grant, action: ProjectAction): Refusal | undefined {
  // Who may see a project may leave it: that DELETE is no part of reading.
  const needed = operationsOf.get(action)?.filter(({ method }) => method === 'GET' || !action.endsWith(':read'))
  const verbs = new Set(needed?.map(({ method }) => verbOf[method]))
  return refusal(grant, action) ?? [...verbs].map((verb) => verbRefusal(grant, verb)).find((why) => why !== undefined)
}

async function grantOf({ db, org, project }: ProjectContext, userId: string): Promise<Grant | undefined> {
  const person = await findOrganizationMember(db, org.id, userId)
  if (!person) throw new DomainError('user_not_found', 'No such user in this organisation')
  const row = await findProject(db, org.id, { id: project.id }, userId)
  return effectiveGrant(person.role, membershipOf(row))
}

/** Is this entity visible with this grant, and which rule says so? Never tells the asker of an entity that he cannot see himself. */
async function explain(
  context: ProjectContext,
  grant: Grant | undefined,
  env: string,
  entity: string,
): Promise<NonNullable<Access['entity']>> {
  const { db, project } = context
  const environment = await findEnvironment(db, project.id, env)
  const asker = context.grant
  const seen =
    environment && admitsEnvironment(asker, environment.id)
      ? await findEntities(db, reading(context), environment.id, whichEntity(entity, {}), asker.cellScopes)
      : []
  const found = seen.length > 0 ? theOne(seen, entity) : undefined
  if (!environment || !found)
    return { visible: false, rule: 'no_such_entity', reason: `There is no entity ${entity} in ${env} that you can see` }
  if (!grant) return { visible: false, rule: 'no_access', reason: 'No access to this project' }
  if (!admitsEnvironment(grant, environment.id)) {
    return { visible: false, rule: 'outside_environment', reason: `The access is limited to another environment than ${env}` }
  }
  if (grant.cellScopes === null) return { visible: true, rule: 'unrestricted', reason: 'The access is not limited to cells' }
  if (admitsCells(grant.cellScopes, found.cells)) {
    const through = found.cells.filter((cell) => grant.cellScopes?.includes(cell))
    return { visible: true, rule: 'in_cell_scope', reason: `It is in ${through.join(', ')}, which the access includes` }
  }
  if (found.cells.length === 0)
    return { visible: false, rule: 'no_cell', reason: 'It is in no cell, and the access is limited to cells' }
  return {
    visible: false,
    rule: 'outside_cell_scope',
    reason: `It is only in ${found.cells.join(', ')}, which the access does not include`,
  }
}
