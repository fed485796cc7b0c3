import { type RawBuilder, sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { plannedWithValues } from '../../prepared.ts'
import { stampAsTime, stampOf } from '../stamps.ts'
import type { Role } from '../../schema.ts'
import { type Whose, projectColumns, seen } from './projects.ts'

/** Who reads the list: which projects they see, who they are (null: a token), and the role that they have without a membership. */
export type Reader = { whose: Whose; userId: string | null; role: Role | null }

export type SummaryFilter = {
  q: string | undefined
  role: Role | undefined
  isProtected: boolean | undefined
  /** Changed within so many days, or not since. */
  changed: { days: number; within: boolean } | undefined
  isFavorite: boolean | undefined
}
export type SummaryPage = SummaryFilter & {
  by: keyof typeof keys
  descending: boolean
  after: { name: string; id: string } | undefined
  limit: number
}

const members = sql<number>`(select count(*) from project_members m where m.project_id = p.id)`
const rows = sql<number>`(select coalesce(sum(r.n), 0)::int8 from row_counts r where r.project_id = p.id and r.generation = p.generation)`
const lastChange = sql<string>`coalesce((
  select a.created_at from audit_events a where a.project_id = p.id order by a.created_at desc, a.id desc limit 1
), p.updated_at)`

const membership = ({ userId }: Reader) =>
  sql`project_members m where m.project_id = p.id and m.user_id = ${userId}::uuid and (m.expires_at is null or m.expires_at > now())`
const isUnlimited = sql`m.env_id is null and m.cell_scopes is null`

/** The role that the reader can use in a project. */
const roleOf = (reader: Reader): RawBuilder<Role> =>
  'all' in reader.whose
    ? sql`case when exists (select from ${membership(reader)} and m.role = 'owner' and ${isUnlimited} and m.verbs = '{}')
        then 'owner'::role else ${reader.role}::role end`
    : 'projectId' in reader.whose
      ? sql`${reader.role}::role`
      : sql`(select m.role from ${membership(reader)})`

const isFavorite = ({ userId }: Reader) =>
  sql<boolean>`exists (select from favorite_projects f where f.user_id = ${userId}::uuid and f.project_id = p.id)`

type Key = (reader: Reader, descending: boolean) => RawBuilder<unknown>
const last = (descending: boolean) => sql.raw(descending ? '-1' : '9223372036854775807')

/** What the list is sorted by. What a limited reader may not count sorts behind everything else, in both directions. */
const keys = {
  createdAt: () => sql`''`,
  name: () => sql`p.name`,
  slug: () => sql`p.slug`,
  role: (reader) => sql`array_position(array['viewer', 'member', 'admin', 'owner'], ${roleOf(reader)}::text)`,
  members: () => members,
  rows: (reader, descending) =>
    'userId' in reader.whose
      ? sql`case when exists (select from ${membership(reader)} and ${isUnlimited}) then ${rows} else ${last(descending)} end`
      : rows,
  lastChangeAt: () => lastChange,
} as const satisfies Record<string, Key>

const asNumber = (key: string) => sql`${key}::bigint`

/** A key of the cursor as a value of its order. */
const read: Partial<Record<keyof typeof keys, (key: string) => RawBuilder<unknown>>> = {
  role: asNumber,
  members: asNumber,
  rows: asNumber,
  lastChangeAt: stampAsTime,
}

function filtered(reader: Reader, { role, isProtected, changed, isFavorite: wanted }: SummaryFilter) {
  const since = changed && sql`now() - make_interval(days => ${changed.days})`
  const conditions = [
    ...(role === undefined ? [] : [sql`${roleOf(reader)} = ${role}::role`]),
    ...(isProtected === undefined ? [] : [sql`p.protected = ${isProtected}`]),
    ...(changed === undefined ? [] : [sql`${lastChange} ${sql.raw(changed.within ? '>=' : '<')} ${since!}`]),
    ...(wanted === undefined ? [] : [sql`${isFavorite(reader)} = ${wanted}`]),
  ]
  return sql<boolean>`${sql.join([sql`true`, ...conditions], sql` and `)}`
}

/**
 * Projects with members, live rows, protection and the time of the last audited change. By name or creation it reads no more than
 * its page; by what is counted, it counts in every project that the reader sees, of which the organization's quota says how many.
 */
export function listProjectSummaries(db: Database | Trx, orgId: string, reader: Reader, want: SummaryPage) {
  const { by, descending, after, limit } = want
  const [direction, beyond] = descending ? (['desc', sql.raw('<')] as const) : (['asc', sql.raw('>')] as const)
  const key = keys[by](reader, descending)
  const keyOf = read[by] ?? ((text: string) => sql`${text}::text`)
  const printed = by === 'lastChangeAt' ? stampOf(key) : sql`(${key})::text`
  const isById = by === 'createdAt'
  const query = db
    .selectFrom('projects as p')
    .modifyFront(plannedWithValues)
    .select([...projectColumns, 'p.protected', 'p.generation', members.as('members'), rows.as('rows')])
    .select([lastChange.as('last_change_at'), isFavorite(reader).as('favorite'), sql<string>`${printed}`.as('sort_key')])
  return seen(query, orgId, reader.whose, want.q)
    .where(filtered(reader, want))
    .$if(after !== undefined && isById, (q) => q.where(sql<boolean>`p.id ${beyond} ${after!.id}::uuid`))
    .$if(after !== undefined && !isById, (q) =>
      q.where(sql<boolean>`(${key}, p.id) ${beyond} (${keyOf(after!.name)}, ${after!.id}::uuid)`),
    )
    .$if(!isById, (q) => q.orderBy(key, direction))
    .orderBy('p.id', direction)
    .limit(limit + 1)
    .execute()
}

/** How many projects such a list has. */
export async function countProjects(db: Database | Trx, orgId: string, reader: Reader, filter: SummaryFilter): Promise<number> {
  const query = db
    .selectFrom('projects as p')
    .modifyFront(plannedWithValues)
    .select((eb) => eb.fn.countAll<number>().as('n'))
  const { n } = await seen(query, orgId, reader.whose, filter.q).where(filtered(reader, filter)).executeTakeFirstOrThrow()
  return n
}

/** How many favorites a person has in an organization. */
export async function countFavorites(trx: Trx, orgId: string, userId: string): Promise<number> {
  const { n } = await trx
    .selectFrom('favorite_projects as f')
    .innerJoin('projects as p', 'p.id', 'f.project_id')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('f.user_id', '=', userId)
    .where('p.org_id', '=', orgId)
    .executeTakeFirstOrThrow()
  return n
}

export async function insertFavorite(trx: Trx, userId: string, projectId: string): Promise<void> {
  await trx
    .insertInto('favorite_projects')
    .values({ user_id: userId, project_id: projectId })
    .onConflict((c) => c.doNothing())
    .execute()
}

export async function deleteFavorite(db: Database | Trx, userId: string, projectId: string): Promise<void> {
  await db.deleteFrom('favorite_projects').where('user_id', '=', userId).where('project_id', '=', projectId).execute()
}

/** Forgets the favorites of a person who leaves an organization. */
export async function deleteFavoritesOf(trx: Trx, orgId: string, userId: string): Promise<void> {
  await trx
    .deleteFrom('favorite_projects')
    .where('user_id', '=', userId)
    .where('project_id', 'in', (eb) => eb.selectFrom('projects').select('id').where('org_id', '=', orgId))
    .execute()
}
