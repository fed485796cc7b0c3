import type { Access, AccessQuery, Explained, ExplainedAction } from '#contract/review/access'
import { ProjectAction } from '#contract/access/permissions'
import { roles } from '#contract/words'
import { findEntities } from '#db/queries/data/entities'
import { findEnvironment, findEnvironmentById } from '#db/queries/projects/environments'
import { findProtection } from '#db/queries/projects/projects'
import { type Subject, subjectOf } from './access-subjects.ts'
import type { Grant, ProjectContext } from '../context.ts'
import { findByKeys, singleEntity } from '../data/entities.ts'
import { explainAction, explained } from '../access/explanation.ts'
import { assertCan } from '../access/permissions.ts'
import { protectionRefusal } from '../projects/projects.ts'
import { admitsCells, admitsEnvironment } from '../access/scope.ts'
import { reading } from '../writing.ts'

/** What the caller, another person or a token may do here, and which rule allows or refuses each action. */
export async function getAccess(context: ProjectContext, query: AccessQuery): Promise<Access> {
  assertCan(context, 'project:read')
  const { db, project } = context
  const subject = await subjectOf(context, query)
  const { grant, userId, tokenId, from } = subject
  const standing = { ...subject, projectId: project.id }
  const can = ProjectAction.options.map((action) => [action, explainAction(standing, action)] as const)
  const environment = grant?.envId ? await findEnvironmentById(db, project.id, grant.envId) : undefined
  const { env, entity } = query
  const abilities = Object.fromEntries(can) as Access['can']
  return {
    userId,
    tokenId,
    role: grant?.role ?? null,
    source: grant?.source ?? null,
    from,
    envName: environment?.name ?? null,
    cellScopes: grant?.cellScopes ?? null,
    verbs: grant?.verbs ?? [],
    expiresAt: grant?.expiresAt ?? null,
    permissions: can.filter(([, ability]) => ability.allowed).map(([action]) => action),
    can: abilities,
    grants: grantsOf(abilities),
    destroying: await destroying(context, subject, abilities),
    ...(env !== undefined && entity !== undefined && { entity: await explain(context, grant, env, entity) }),
  }
}

/** As `assertMayGrant` decides: an owner is made and changed by owners alone. */
const grantsOf = (can: Access['can']) =>
  Object.fromEntries(
    roles.map((role) => {
      const { verbs: _, ...ability } = can[role === 'owner' ? 'owners:manage' : 'members:manage']
      return [role, ability]
    }),
  ) as Access['grants']

/** The permission first, then the project's protection: the order in which the verbs check them. */
async function destroying(
  { db, org, project }: ProjectContext,
  { inBrowser }: Subject,
  can: Access['can'],
): Promise<Access['destroying']> {
  const isProtected = protectionRefusal(await findProtection(db, org.id, project.id))
  const unlessProtected = (ability: ExplainedAction): Explained => (ability.allowed ? explained(isProtected, ability) : ability)
  return {
    nuke: { ...unlessProtected(can['apply:write']), asks: inBrowser ? ['confirmation', 'fresh_sign_in'] : [] },
    delete: { ...unlessProtected(can['project:delete']), asks: [] },
  }
}

/** Whether this grant shows this entity, and by which rule. Never mentions an entity that the asker cannot see. */
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
      ? await findByKeys(entity, {}, (key) => findEntities(db, reading(context), environment.id, key, asker.cellScopes))
      : []
  const found = seen.length > 0 ? singleEntity(seen, entity) : undefined
  if (!environment || !found)
    return { visible: false, rule: 'no_such_entity', reason: `There is no entity ${entity} in ${env} that you can see` }
  if (!grant) return { visible: false, rule: 'no_access', reason: 'No access to this project' }
  if (!admitsEnvironment(grant, environment.id)) {
    return { visible: false, rule: 'outside_environment', reason: `The access does not include the environment ${env}` }
  }
  if (grant.cellScopes === null) return { visible: true, rule: 'unrestricted', reason: 'The access is not limited to cells' }
  if (admitsCells(grant.cellScopes, found.cells)) {
    const through = found.cells.filter((cell) => grant.cellScopes?.includes(cell))
    return { visible: true, rule: 'in_cell_scope', reason: `It is in ${through.join(', ')}, which the access includes` }
  }
  if (found.cells.length === 0)
    return { visible: false, rule: 'no_cell', reason: 'It is not in a cell, and the access is limited to cells' }
  return {
    visible: false,
    rule: 'outside_cell_scope',
    reason: `It is only in ${found.cells.join(', ')}, which the access does not include`,
  }
}
