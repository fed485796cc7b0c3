import { sql } from 'kysely'
import type { Database } from '../../client.ts'
import { preparedFirst, preparedList } from '../../prepared.ts'

/** A live project by id only, with the user's roles in its organization and in it. */
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
/** Whose reach is asked for: a user's, within their credential's limits, or that of a token of one project. */
export type Reach = {
  userId: string | null
  /** The only organization where the credential works; null means every one that the user belongs to. */
  orgId: string | null
  projectId: string | null
  /** The lifetime of a personal token that works in all organizations: one of them may not allow that much. */
  life: { createdAt: string; expiresAt: string | null } | null
}

type Flat = [
  userId: string | null,
  orgId: string | null,
  projectId: string | null,
  createdAt: string | null,
  expiresAt: string | null,
]

/**
 * An import keeps ids, so rows in several projects may share an id. Returns at most two that the caller reaches, first those in
 * organizations that accept the token's lifetime.
 */
const registeredProjects = (table: 'agents' | 'core_instances') =>
  preparedList((db, id: string, ...reach: Flat) => {
    const [userId, orgId, projectId, createdAt, expiresAt] = reach
    return db
      .selectFrom(`${table as 'agents'} as r`)
      .innerJoin('projects as p', (join) => join.onRef('p.id', '=', 'r.project_id').onRef('p.generation', '=', 'r.generation'))
      .innerJoin('organizations as o', 'o.id', 'p.org_id')
      .leftJoin('organization_members as om', (join) => join.onRef('om.org_id', '=', 'p.org_id').on('om.user_id', '=', userId))
      .leftJoin('project_members as m', (join) =>
        join
          .onRef('m.project_id', '=', 'p.id')
          .on('m.user_id', '=', userId)
          .on((eb) => eb.or([eb('m.expires_at', 'is', null), eb('m.expires_at', '>', sql<string>`now()`)])),
      )
      .select('r.project_id')
      .select(isWelcome(createdAt, expiresAt).as('welcome'))
      .where('r.id', '=', id)
      .where('p.deleted_at', 'is', null)
      .where((eb) => eb.or([eb('om.role', 'is not', null), eb('r.project_id', '=', projectId)]))
      .where((eb) =>
        eb.or([eb('om.role', 'in', ['owner', 'admin']), eb('m.user_id', 'is not', null), eb('r.project_id', '=', projectId)]),
      )
      .where(sql<boolean>`(${orgId}::uuid is null or p.org_id = ${orgId}::uuid)`)
      .orderBy('welcome', 'desc')
      .orderBy('r.project_id')
      .limit(2)
  })

/** The rule of `domain/tokens/lifetime.ts`; a credential of one organization has no lifetime to check. */
const isWelcome = (createdAt: string | null, expiresAt: string | null) =>
  sql<boolean>`(${createdAt}::timestamptz is null or o.max_token_days is null or coalesce(${expiresAt}::timestamptz, 'infinity')
    <= ${createdAt}::timestamptz + make_interval(days => o.max_token_days))`

const agentProjects = registeredProjects('agents')
const coreInstanceProjects = registeredProjects('core_instances')

type Find = typeof tokenProject
type FindRegistered = typeof agentProjects

const theOne = (find: Find) => async (db: Database, id: string) => {
  const row = await find(db, id)
  return row ? [row.project_id] : []
}
const reachable =
  (find: FindRegistered) =>
  async (db: Database, id: string, { userId, orgId, projectId, life }: Reach) => {
    const rows = await find(db, id, userId, orgId, projectId, life?.createdAt ?? null, life?.expiresAt ?? null)
    const welcome = rows.filter((row) => row.welcome)
    return (welcome.length > 0 ? welcome : rows.slice(0, 1)).map((row) => row.project_id)
  }

/**
 * The projects that an id belongs to. Ids of tokens, members and environments are made by this server and unique across tenants,
 * so there is at most one; use it only to decide whether the caller may know of it. For what an import brings there are at most
 * two, which the caller reaches.
 */
export const projectsOf = {
  token: theOne(tokenProject),
  member: theOne(memberProject),
  environment: theOne(environmentProject),
  agent: reachable(agentProjects),
  coreInstance: reachable(coreInstanceProjects),
}
