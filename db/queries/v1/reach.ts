import { sql } from 'kysely'
import type { Database } from '../../client.ts'
import { preparedFirst } from '../../prepared.ts'

/** A live project by its id alone, with what the user is in its organisation and in itself. */
export const findProjectForUser = preparedFirst((db, projectId: string, userId: string | null) =>
  db
    .selectFrom('projects as p')
    .innerJoin('organizations as o', 'o.id', 'p.org_id')
    .leftJoin('organization_members as om', (join) => join.onRef('om.org_id', '=', 'p.org_id').on('om.user_id', '=', userId))
    .leftJoin('project_members as m', (join) =>
      join
        .onRef('m.project_id', '=', 'p.id')
        .on('m.user_id', '=', userId)
        .on((eb) => eb.or([eb('m.expires_at', 'is', null), eb('m.expires_at', '>', sql<string>`now()`)])),
    )
    .select(['p.id', 'p.slug', 'p.generation', 'p.org_id', 'o.slug as org_slug', 'o.max_token_days', 'om.role as org_role'])
    .select(['m.role', 'm.env_id', 'm.cell_scopes', 'm.verbs', 'm.expires_at'])
    .where('p.id', '=', projectId)
    .where('p.deleted_at', 'is', null),
)

const tokenProject = preparedFirst((db, id: string) =>
  db.selectFrom('project_tokens').select('project_id').where('id', '=', id).where('revoked_at', 'is', null),
)
const memberProject = preparedFirst((db, id: string) =>
  db.selectFrom('project_members').select('project_id').where('id', '=', id),
)
const environmentProject = preparedFirst((db, id: string) =>
  db.selectFrom('environments').select('project_id').where('id', '=', id),
)
/**
 * An import brings rows with the ids that they had elsewhere, so an agent's id is its own only among what the caller could reach: the
 * projects of his organisations, or the one of his token.
 */
const registeredProject = (table: 'agents' | 'core_instances') =>
  preparedFirst((db, id: string, userId: string | null, projectId: string | null) =>
    db
      .selectFrom(`${table as 'agents'} as r`)
      .innerJoin('projects as p', (join) => join.onRef('p.id', '=', 'r.project_id').onRef('p.generation', '=', 'r.generation'))
      .leftJoin('organization_members as o', (join) => join.onRef('o.org_id', '=', 'p.org_id').on('o.user_id', '=', userId))
      .select('r.project_id')
      .where('r.id', '=', id)
      .where('p.deleted_at', 'is', null)
      .where((eb) => eb.or([eb('o.user_id', 'is not', null), eb('r.project_id', '=', projectId)]))
      .orderBy('r.project_id')
      .limit(1),
  )
const agentProject = registeredProject('agents')
const coreInstanceProject = registeredProject('core_instances')

/** Whose reach is asked for: a user's, or that of a token of one project. */
export type Reach = { userId: string | null; projectId: string | null }
type Find = typeof tokenProject
type FindRegistered = typeof agentProject

const idOf = (find: Find) => async (db: Database, id: string) => (await find(db, id))?.project_id
const registeredIdOf =
  (find: FindRegistered) =>
  async (db: Database, id: string, { userId, projectId }: Reach) =>
    (await find(db, id, userId, projectId))?.project_id

/** Which project an id belongs to, across all tenants: only for finding out whether the caller may know of it. */
export const projectOf = {
  token: idOf(tokenProject),
  member: idOf(memberProject),
  environment: idOf(environmentProject),
  agent: registeredIdOf(agentProject),
  coreInstance: registeredIdOf(coreInstanceProject),
}
