import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import type { Role } from '../../schema.ts'
import { type PersonPart, containing } from '../json.ts'

/**
 * The project's own members, and owners and admins of the organization without a membership (`id` null, `source` organization).
 */
function people(db: Database | Trx, orgId: string, projectId: string) {
  const own = db
    .selectFrom('project_members as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .leftJoin('environments as e', (join) => join.onRef('e.project_id', '=', 'm.project_id').onRef('e.id', '=', 'm.env_id'))
    .select([
      sql<string | null>`m.id`.as('id'),
      'm.user_id',
      'u.email',
      'u.name',
      'u.avatar_url',
      'm.role',
      'e.name as env_name',
      'm.env_id',
      'm.cell_scopes',
      'm.verbs',
      sql<'project' | 'organization'>`'project'`.as('source'),
      'm.expires_at',
      'm.created_at',
      'm.updated_at',
    ])
    .where('m.project_id', '=', projectId)
  const inherited = db
    .selectFrom('organization_members as o')
    .innerJoin('users as u', 'u.id', 'o.user_id')
    .select([
      sql<string | null>`null::uuid`.as('id'),
      'o.user_id',
      'u.email',
      'u.name',
      'u.avatar_url',
      'o.role',
      sql<string | null>`null::text`.as('env_name'),
      sql<string | null>`null::uuid`.as('env_id'),
      sql<string[] | null>`null::text[]`.as('cell_scopes'),
      sql<string[]>`'{}'::text[]`.as('verbs'),
      sql<'project' | 'organization'>`'organization'`.as('source'),
      sql<string | null>`null::timestamptz`.as('expires_at'),
      'o.created_at',
      'o.updated_at',
    ])
    .where('o.org_id', '=', orgId)
    .where('o.role', 'in', ['owner', 'admin'])
    .where(({ not, exists, selectFrom, ref }) =>
      not(
        exists(
          selectFrom('project_members as m')
            .select('m.id')
            .where('m.project_id', '=', projectId)
            .where('m.user_id', '=', ref('o.user_id')),
        ),
      ),
    )
  return db.selectFrom(own.unionAll(inherited).as('p')).selectAll('p')
}

export type MemberPage = {
  q: PersonPart | undefined
  role: Role | undefined
  env: string | undefined
  scope: 'all' | 'some' | 'none' | undefined
  after: { createdAt: string; userId: string } | undefined
  limit: number
}

export function listMembers(
  db: Database | Trx,
  orgId: string,
  projectId: string,
  { q, role, env, scope, after, limit }: MemberPage,
) {
  return people(db, orgId, projectId)
    .$if(q !== undefined, (query) =>
      query.where((eb) => eb.or([eb('p.name', 'ilike', containing(q!.name)), eb('p.email', 'ilike', containing(q!.address))])),
    )
    .$if(role !== undefined, (query) => query.where('p.role', '=', role!))
    .$if(env !== undefined, (query) => query.where('p.env_name', '=', env!))
    .$if(scope === 'all', (query) => query.where('p.cell_scopes', 'is', null))
    .$if(scope === 'some', (query) => query.where(sql<boolean>`cardinality(p.cell_scopes) > 0`))
    .$if(scope === 'none', (query) => query.where(sql<boolean>`cardinality(p.cell_scopes) = 0`))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(p.created_at, p.user_id) > (${after!.createdAt}::timestamptz, ${after!.userId}::uuid)`),
    )
    .orderBy('p.created_at')
    .orderBy('p.user_id')
    .limit(limit + 1)
    .execute()
}

export function findMember(db: Database | Trx, orgId: string, projectId: string, userId: string) {
  return people(db, orgId, projectId).where('p.user_id', '=', userId).executeTakeFirst()
}

export type MemberRow = NonNullable<Awaited<ReturnType<typeof findMember>>>

/** A user's unexpired memberships in these projects. */
export function listMemberships(db: Database | Trx, userId: string, projectIds: string[]) {
  return db
    .selectFrom('project_members')
    .select(['project_id', 'role', 'env_id', 'cell_scopes', 'verbs', 'expires_at'])
    .where('user_id', '=', userId)
    .where(sql<boolean>`project_id = any(${projectIds}::uuid[])`)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', sql<string>`now()`)]))
    .execute()
}

export type NewMember = {
  id: string
  project_id: string
  user_id: string
  role: Role
  env_id: string | null
  cell_scopes: string[] | null
  verbs?: string[]
  expires_at: string | null
}

/** Undefined when the user is a member already. */
export function insertMember(trx: Trx, member: NewMember) {
  return trx
    .insertInto('project_members')
    .values(member)
    .onConflict((c) => c.columns(['project_id', 'user_id']).doNothing())
    .returning('id')
    .executeTakeFirst()
}

export type MemberPatch = {
  role?: Role
  env_id?: string | null
  cell_scopes?: string[] | null
  verbs?: string[]
  expires_at?: string | null
}

export function updateMember(trx: Trx, projectId: string, userId: string, patch: MemberPatch) {
  return trx
    .updateTable('project_members')
    .set({ ...patch, updated_at: sql<string>`clock_timestamp()` })
    .where('project_id', '=', projectId)
    .where('user_id', '=', userId)
    .returning('id')
    .executeTakeFirst()
}

export function deleteMember(trx: Trx, projectId: string, userId: string) {
  return trx
    .deleteFrom('project_members')
    .where('project_id', '=', projectId)
    .where('user_id', '=', userId)
    .returning('id')
    .executeTakeFirst()
}

/** The memberships of a project that could be its lasting owners. Call it under the project's lock (`lockProject`). */
export function listOwners(trx: Trx, projectId: string) {
  return trx
    .selectFrom('project_members')
    .select(['user_id', 'role', 'env_id', 'cell_scopes', 'verbs', 'expires_at'])
    .where('project_id', '=', projectId)
    .where('role', '=', 'owner')
    .execute()
}
