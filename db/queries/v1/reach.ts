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
    .select(['p.id', 'p.slug', 'p.generation', 'p.org_id', 'o.slug as org_slug', 'om.role as org_role'])
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
const agentProject = preparedFirst((db, id: string) =>
  db
    .selectFrom('agents as a')
    .innerJoin('projects as p', (join) => join.onRef('p.id', '=', 'a.project_id').onRef('p.generation', '=', 'a.generation'))
    .select('a.project_id')
    .where('a.id', '=', id),
)
const coreInstanceProject = preparedFirst((db, id: string) =>
  db
    .selectFrom('core_instances as c')
    .innerJoin('projects as p', (join) => join.onRef('p.id', '=', 'c.project_id').onRef('p.generation', '=', 'c.generation'))
    .select('c.project_id')
    .where('c.id', '=', id),
)

type Find = typeof tokenProject
const idOf = (find: Find) => async (db: Database, id: string) => (await find(db, id))?.project_id

/** Which project an id belongs to, across all tenants: only for finding out whether the caller may know of it. */
export const projectOf = {
  token: idOf(tokenProject),
  member: idOf(memberProject),
  environment: idOf(environmentProject),
  agent: idOf(agentProject),
  coreInstance: idOf(coreInstanceProject),
}
