import { type RawBuilder, sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import type { Role } from '../../schema.ts'
import { plannedWithValues } from '../../prepared.ts'
import { type PersonPart, containing } from '../json.ts'
import { withinBytes } from '../page-bytes.ts'
import { stampAsTime, stampOf } from '../stamps.ts'

export type ReviewFilter = {
  /** A live project of the organization, with no id if there is none; null means the whole organization. */
  project: { id: string | null } | null
  q: PersonPart | undefined
  kind: string | undefined
  userId: string | undefined
  role: Role | undefined
  reason: string | undefined
  days: number
  within: number
  /** The actions that only an admin takes. */
  administration: readonly string[]
  by: 'name' | 'expires' | 'seen'
  descending: boolean
}
export type ReviewPage = ReviewFilter & { after: { name: string; id: string } | undefined; limit: number }

export type ReviewRow = {
  id: string
  kind: 'person' | 'membership' | 'project-token' | 'personal-token'
  project_id: string | null
  project_slug: string | null
  project_name: string | null
  user_id: string | null
  name: string
  email: string | null
  role: Role
  env_name: string | null
  cell_scopes: string[] | null
  verbs: string[]
  expires_at: string | null
  seen_at: string | null
  created_at: string
  created_by: string | null
  allowed_addresses: string[] | null
  reasons: string[]
  sort_key: string
}

type Kind = ReviewRow['kind']

/**
 * Each person of the organization, with their last use of the console or of a personal token that works in it. Sorted by last use,
 * the organization's list needs that of everybody, once (`people`).
 */
const needsEverybody = ({ by, project }: ReviewFilter) => by === 'seen' && project === null
const people = (orgId: string, filter: ReviewFilter) => (needsEverybody(filter) ? sql`people` : sql`(${peopleOf(orgId)})`)
const peopleOf = (orgId: string) => sql`
  select o.user_id, o.role, o.created_at, u.name, u.email, greatest(
    u.last_signed_in_at,
    (select max(s.last_seen_at) from sessions s where s.user_id = u.id),
    (select max(t.last_used_at) from personal_tokens t where t.user_id = u.id and (t.org_id = ${orgId} or t.org_id is null))
  ) as seen_at
  from organization_members o join users u on u.id = o.user_id where o.org_id = ${orgId}
`

/** Sorted before their memberships are read (`offset 0`), because the planner would sort all memberships of all people instead. */
const sortedPeople = (value: RawBuilder<unknown>, direction: RawBuilder<unknown>) =>
  sql`(select p.*, ${value} as sort_value from people p order by sort_value ${direction} offset 0)`

/** The memberships of a person `p` in the order of their index, which the planner takes for too few to matter. */
const memberships = (shown: RawBuilder<unknown>, direction: RawBuilder<unknown>) => sql`(
  select m.* from project_members m join projects s on s.id = m.project_id
  where m.user_id = p.user_id and ${shown} order by m.id ${direction} offset 0
) m`

const directionOf = ({ descending }: ReviewFilter) => sql.raw(descending ? 'desc' : 'asc')

const none = {
  projectId: sql`null::uuid`,
  text: sql`null::text`,
  list: sql`null::text[]`,
  verbs: sql`'{}'::text[]`,
  time: sql`null::timestamptz`,
}

/**
 * For a project: its members and tokens, and who reaches it through the organization. For the organization: everyone and
 * everything. Each kind by itself, so that it can be read in the order of an index of its own. `isByPerson`: the memberships of a
 * person `p`.
 */
function entries(kind: Kind, orgId: string, filter: ReviewFilter, isByPerson: boolean) {
  const { project } = filter
  const only = project === null ? sql`true` : sql`s.id = ${project.id}::uuid`
  const shown = sql`s.org_id = ${orgId} and s.deleted_at is null and ${only}`
  const columns = sql`project_id, user_id, name, email, role, env_id, cell_scopes, verbs, expires_at, seen_at, created_at, created_by, allowed_addresses`
  const parts: Record<Kind, RawBuilder<unknown>> = {
    person: sql`
      select p.user_id, ${none.projectId}, p.user_id, p.name, p.email, p.role, null::uuid, ${none.list}, ${none.verbs}, ${none.time}, p.seen_at,
        p.created_at, ${none.text}, ${none.list}
      from ${people(orgId, filter)} p where ${project === null ? sql`true` : sql`p.role in ('owner', 'admin')`}`,
    membership: sql`
      select m.id, m.project_id, m.user_id, p.name, p.email, m.role, m.env_id, m.cell_scopes, m.verbs, m.expires_at, p.seen_at, m.created_at,
        ${none.text}, ${none.list}
      from ${
        isByPerson
          ? memberships(shown, directionOf(filter))
          : sql`project_members m join ${people(orgId, filter)} p on p.user_id = m.user_id join projects s on s.id = m.project_id where ${shown}`
      }`,
    'project-token': sql`
      select t.id, t.project_id, null::uuid, t.name, ${none.text}, t.role, t.env_id, t.cell_scopes, t.verbs, t.expires_at, t.last_used_at,
        t.created_at, t.created_by, t.allowed_addresses
      from project_tokens t join projects s on s.id = t.project_id where t.revoked_at is null and ${shown}`,
    'personal-token': sql`
      select t.id, ${none.projectId}, t.user_id, t.name, p.email, p.role, null::uuid, ${none.list}, ${none.verbs}, t.expires_at, t.last_used_at,
        t.created_at, p.email, t.allowed_addresses
      from personal_tokens t join ${people(orgId, filter)} p on p.user_id = t.user_id
      where t.revoked_at is null and (t.org_id = ${orgId} or t.org_id is null)`,
  }
  return sql`(${parts[kind]}) e (id, ${columns})`
}

/** The owners of the entry's project, no more than it takes to know the answer. */
const owners = (condition: RawBuilder<unknown>, most: number) => sql`(select count(*) from (
  select from project_members m where m.project_id = e.project_id and m.role = 'owner' and (m.expires_at is null or m.expires_at > now())
    and ${condition} limit ${sql.lit(most)}) m)`
const manyOwners = sql`${owners(sql`true`, 4)} > 3`
const oneLastingOwner = sql`${owners(sql`m.expires_at is null and m.env_id is null and m.cell_scopes is null and m.verbs = '{}'`, 2)} = 1`

/** Access that no recorded action has used. Reading is not recorded, so a viewer's access is never too wide. */
const wider = (kind: Kind, orgId: string, days: number, administration: readonly string[]) => sql`
  ${sql.lit(kind !== 'personal-token')} and e.role <> 'viewer' and e.verbs <> '{read:*}'
  and (e.expires_at is null or e.expires_at > now())
  and e.created_at < now() - make_interval(days => ${days})
  and case
    when ${sql.lit(kind === 'person')} then e.role in ('owner', 'admin') and not exists (
      select from audit_events a where a.actor_id = e.id and a.org_id = ${orgId} and a.created_at >= now() - make_interval(days => ${days})
        and (a.project_id is null or a.action = any(${[...administration]}::text[]))
    )
    when e.role in ('owner', 'admin') and e.env_id is null and e.cell_scopes is null then not exists (
      select from audit_events a where a.actor_id = coalesce(e.user_id, e.id) and a.project_id = e.project_id
        and a.action = any(${[...administration]}::text[]) and a.created_at >= now() - make_interval(days => ${days})
    )
    else not exists (
      select from audit_events a where a.actor_id = coalesce(e.user_id, e.id) and a.project_id = e.project_id
        and a.created_at >= now() - make_interval(days => ${days})
    )
  end
`

/** The rules that can hold for a kind of entry. */
function rulesOf(kind: Kind, orgId: string, { days, within, administration }: ReviewFilter): Record<string, RawBuilder<unknown>> {
  const ofTokens = {
    'never-used': sql`e.seen_at is null`,
    'no-expiry': sql`e.expires_at is null`,
    'too-long': sql`org.max_token_days is not null
      and (e.expires_at is null or e.expires_at > e.created_at + make_interval(days => org.max_token_days))`,
    'any-address': sql`e.allowed_addresses = '{}'`,
  }
  const ofMemberships = {
    'only-owner': sql`e.role = 'owner' and e.expires_at is null and e.env_id is null and e.cell_scopes is null and e.verbs = '{}'
      and ${oneLastingOwner}`,
    'many-owners': sql`e.role = 'owner' and ${manyOwners}`,
  }
  const isToken = kind === 'project-token' || kind === 'personal-token'
  return {
    ...(!isToken && { 'never-signed-in': sql`e.seen_at is null` }),
    'not-seen': sql`e.seen_at < now() - make_interval(days => ${days})`,
    expiring: sql`e.expires_at > now() and e.expires_at <= now() + make_interval(days => ${within})`,
    expired: sql`e.expires_at <= now()`,
    ...(kind !== 'personal-token' && { 'wider-than-used': wider(kind, orgId, days, administration) }),
    ...(kind === 'membership' && ofMemberships),
    ...(isToken && ofTokens),
  }
}

const END = sql`timestamptz '9999-12-31 00:00:00+00'`
const BEGINNING = sql`timestamptz '0001-01-01 00:00:00+00'`

/** What entries, or people `p`, are sorted by, and the same as text for a cursor, in the same order. */
const orders = {
  name: { value: (of: Alias) => sql`lower(${of}.name)`, key: sql`lower(e.name)`, read: (key: string) => sql`${key}::text` },
  expires: {
    value: (of: Alias) => sql`coalesce(${of}.expires_at, ${END})`,
    key: stampOf(sql`coalesce(e.expires_at, ${END})`),
    read: stampAsTime,
  },
  seen: {
    value: (of: Alias) => sql`coalesce(${of}.seen_at, ${BEGINNING})`,
    key: stampOf(sql`coalesce(e.seen_at, ${BEGINNING})`),
    read: stampAsTime,
  },
}
type Alias = typeof entry
const [entry, person] = [sql.raw('e'), sql.raw('p')]

const kinds: Kind[] = ['person', 'membership', 'project-token', 'personal-token']

/**
 * A name or an address that contains a text. The token's name and its person's address are in two tables, and only apart can each
 * use its index.
 */
function searches(kind: Kind, of: Alias, q: ReviewFilter['q']): RawBuilder<unknown>[] {
  if (q === undefined) return [sql`true`]
  const name = sql`${of}.name ilike ${containing(q.name)}`
  const address = sql`${of}.email ilike ${containing(q.address)}`
  return kind === 'personal-token' ? [name, sql`${address} and not ${name}`] : [sql`(${name} or ${address})`]
}

const and = (conditions: RawBuilder<unknown>[]) => sql.join(conditions, sql` and `)

/** The first entries of a kind that fit, judged only where they are shown: as many statements as it has searches. */
function judged(kind: Kind, orgId: string, page: ReviewPage): RawBuilder<unknown>[] {
  const { project, q, userId, role, reason, by, descending, after, limit } = page
  const rules = rulesOf(kind, orgId, page)
  // Of each person no more memberships than a page, so that one who is in all projects is not read whole. Few memberships end.
  const endsSoon = reason === 'expired' || reason === 'expiring'
  const isByPerson = kind === 'membership' && project === null && userId === undefined && by !== 'expires' && !endsSoon
  const of = isByPerson ? person : entry
  const { value, key, read } = orders[by]
  const beyond = sql.raw(descending ? '<' : '>')
  const direction = directionOf(page)
  // Beside the next condition: an index of names alone can use this one.
  const near = after === undefined ? sql`true` : sql`${value(of)} ${beyond}= ${read(after.name)}`
  const where = [
    ...(userId === undefined ? [] : [sql`e.user_id = ${userId}::uuid`]),
    ...(role === undefined ? [] : [sql`e.role = ${role}::role`]),
    ...(reason === undefined ? [] : [rules[reason] ?? sql`false`]),
    after === undefined ? sql`true` : sql`(${value(of)}, e.id) ${beyond} (${read(after.name)}, ${after.id}::uuid)`,
  ]
  const sorted = isByPerson && by === 'seen' ? sql`p.sort_value` : value(of)
  const reasons = Object.entries(rules).map(([name, rule]) => sql`case when ${rule} then ${sql.lit(name)} end`)
  const organization = sql`join organizations org on org.id = ${orgId}`
  const all = entries(kind, orgId, page, isByPerson)
  const from = isByPerson
    ? sql`${by === 'seen' ? sortedPeople(value(person), direction) : people(orgId, page)} p ${organization}
        cross join lateral (select e.* from ${all} where ${and(where)} order by e.id ${direction} limit ${limit + 1}) e`
    : sql`${all} ${organization}`
  return searches(kind, of, q).map(
    (fits) => sql`(select ${sql.lit(kind)} as kind, e.*, ${key} as sort_key, ${sorted} as sort_value,
        array_remove(array[${sql.join(reasons)}]::text[], null) as reasons
      from ${from}
      where ${and(isByPerson ? [fits, near] : [fits, near, ...where])}
      order by ${sorted} ${direction}, e.id ${direction} limit ${limit + 1})`,
  )
}

/**
 * Every person and token with access, whatever the number of projects: of each kind the first of the page in the order of the
 * list, then the first of those.
 */
export async function listAccessReview(db: Database | Trx, orgId: string, page: ReviewPage): Promise<ReviewRow[]> {
  const { kind, project, userId, limit } = page
  const direction = directionOf(page)
  // A personal token is no part of a project, and a project token is nobody's.
  const left = [project !== null && 'personal-token', userId !== undefined && 'project-token']
  const chosen = kinds.filter((one) => (kind ?? one) === one && !left.includes(one))
  if (chosen.length === 0) return []
  const all = sql.join(
    chosen.flatMap((one) => judged(one, orgId, page)),
    sql` union all `,
  )
  const query = sql<ReviewRow>`
    ${plannedWithValues} ${needsEverybody(page) ? sql`with people as materialized (${peopleOf(orgId)})` : sql``}
    select j.*, s.slug as project_slug, s.name as project_name, env.name as env_name
    from (select * from (${all}) j order by j.sort_value ${direction}, j.id ${direction} limit ${limit + 1}) j
    left join projects s on s.org_id = ${orgId} and s.id = j.project_id
    left join environments env on env.project_id = j.project_id and env.id = j.env_id
    order by j.sort_value ${direction}, j.id ${direction}
  `
  return withinBytes(db, query, ['cell_scopes', 'allowed_addresses'], sql`q.sort_value ${direction}, q.id ${direction}`)
}
