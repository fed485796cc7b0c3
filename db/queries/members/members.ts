import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import type { Role } from '../../schema.ts'
import { plannedWithValues } from '../../prepared.ts'
import { type PersonPart, containing } from '../json.ts'

const and = (conditions: RawBuilder<unknown>[]) => sql<boolean>`${sql.join([sql`true`, ...conditions], sql` and `)}`

const memberships = (db: Database | Trx) =>
  db
    .selectFrom('project_members as p')
    .innerJoin('users as u', 'u.id', 'p.user_id')
    .leftJoin('environments as e', (join) => join.onRef('e.project_id', '=', 'p.project_id').onRef('e.id', '=', 'p.env_id'))
    .select([
      sql<string | null>`p.id`.as('id'),
      'p.user_id',
      'u.email',
      'u.name',
      'u.avatar_url',
      'p.role',
      'e.name as env_name',
      'p.env_id',
      'p.cell_scopes',
      'p.verbs',
      sql<'project' | 'organization'>`'project'`.as('source'),
      'p.expires_at',
      'p.created_at',
      'p.updated_at',
    ])

/** The project's own members. */
const own = (db: Database | Trx, projectId: string) => memberships(db).where('p.project_id', '=', projectId)

/** Owners and admins of the organization without a membership (`id` null, `source` organization). */
const inherited = (db: Database | Trx, orgId: string, projectId: string) =>
  db
    .selectFrom('organization_members as p')
    .innerJoin('users as u', 'u.id', 'p.user_id')
    .select([
      sql<string | null>`null::uuid`.as('id'),
      'p.user_id',
      'u.email',
      'u.name',
      'u.avatar_url',
      'p.role',
      sql<string | null>`null::text`.as('env_name'),
      sql<string | null>`null::uuid`.as('env_id'),
      sql<string[] | null>`null::text[]`.as('cell_scopes'),
      sql<string[]>`'{}'::text[]`.as('verbs'),
      sql<'project' | 'organization'>`'organization'`.as('source'),
      sql<string | null>`null::timestamptz`.as('expires_at'),
      'p.created_at',
      'p.updated_at',
    ])
    .where('p.org_id', '=', orgId)
    .where('p.role', 'in', ['owner', 'admin'])
    .where(({ not, exists, selectFrom, ref }) =>
      not(
        exists(
          selectFrom('project_members as m')
            .select('m.id')
            .where('m.project_id', '=', projectId)
            .where('m.user_id', '=', ref('p.user_id')),
        ),
      ),
    )

export type MemberPage = {
  q: PersonPart | undefined
  role: Role | undefined
  env: string | undefined
  scope: 'all' | 'some' | 'none' | undefined
  after: { createdAt: string; userId: string } | undefined
  limit: number
}

/** Each half is read in its own order and no further than the page, then the two are merged. */
export function listMembers(
  db: Database | Trx,
  orgId: string,
  projectId: string,
  { q, role, env, scope, after, limit }: MemberPage,
) {
  const matches = and([
    ...(q === undefined ? [] : [sql`(u.name ilike ${containing(q.name)} or u.email ilike ${containing(q.address)})`]),
    ...(role === undefined ? [] : [sql`p.role = ${role}`]),
    ...(after === undefined ? [] : [sql`(p.created_at, p.user_id) > (${after.createdAt}::timestamptz, ${after.userId}::uuid)`]),
  ])
  const half = <DB, TB extends keyof DB, O>(query: SelectQueryBuilder<DB, TB, O>) =>
    query
      .where(matches)
      .orderBy(sql`p.created_at`)
      .orderBy(sql`p.user_id`)
      .limit(limit + 1)
  const members = half(own(db, projectId))
    .$if(env !== undefined, (query) =>
      query.where('p.env_id', '=', (eb) =>
        eb.selectFrom('environments').select('id').where('project_id', '=', projectId).where('name', '=', env!),
      ),
    )
    .$if(scope === 'all', (query) => query.where('p.cell_scopes', 'is', null))
    .$if(scope === 'some', (query) => query.where(sql<boolean>`cardinality(p.cell_scopes) > 0`))
    .$if(scope === 'none', (query) => query.where(sql<boolean>`cardinality(p.cell_scopes) = 0`))
  // Through the organization, a person sees every environment and every cell.
  const isNarrowed = env !== undefined || scope === 'some' || scope === 'none'
  const whole = db.selectFrom(members.as('m')).selectAll('m')
  const people = isNarrowed ? whole : whole.unionAll(db.selectFrom(half(inherited(db, orgId, projectId)).as('i')).selectAll('i'))
  return db
    .selectFrom(people.as('p'))
    .modifyFront(plannedWithValues)
    .selectAll('p')
    .orderBy('p.created_at')
    .orderBy('p.user_id')
    .limit(limit + 1)
    .execute()
}

/** As many as the list without a filter has rows. */
export async function countMembers(db: Database | Trx, orgId: string, projectId: string): Promise<number> {
  const people = own(db, projectId).clearSelect().select('p.user_id')
  const { n } = await db
    .selectFrom(people.unionAll(inherited(db, orgId, projectId).clearSelect().select('p.user_id')).as('p'))
    .modifyFront(plannedWithValues)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return n
}

export function findMember(db: Database | Trx, orgId: string, projectId: string, userId: string) {
  return own(db, projectId)
    .where('p.user_id', '=', userId)
    .unionAll(inherited(db, orgId, projectId).where('p.user_id', '=', userId))
    .executeTakeFirst()
}

export type MemberRow = NonNullable<Awaited<ReturnType<typeof findMember>>>

/** A person's own memberships in these projects. */
export const listOwnMemberships = (db: Database | Trx, projectIds: string[], userId: string) =>
  memberships(db)
    .innerJoin('projects as s', 's.id', 'p.project_id')
    .select(['p.project_id', 's.slug as project_slug'])
    .where(sql<boolean>`p.project_id = any(${projectIds}::uuid[])`)
    .where('p.user_id', '=', userId)
    .orderBy('p.project_id')
    .execute()

/** A user's unexpired memberships in these projects. */
export function listMemberships(db: Database | Trx, userId: string, projectIds: string[]) {
  return db
    .selectFrom('project_members')
    .modifyFront(plannedWithValues)
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

/** Ends a person's memberships of these projects. */
export async function deleteMemberships(trx: Trx, projectIds: string[], userId: string): Promise<void> {
  await trx
    .deleteFrom('project_members')
    .where(sql<boolean>`project_id = any(${projectIds}::uuid[])`)
    .where('user_id', '=', userId)
    .execute()
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
