import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import type { Role } from '../../schema.ts'
import { type PersonPart, containing } from '../json.ts'
import { withinBytes } from '../page-bytes.ts'

export type ReviewFilter = {
  /** A project of the organization; null means the whole organization. */
  project: { id: string } | { slug: string } | null
  q: PersonPart | undefined
  kind: string | undefined
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

/** One row a person, whatever the number of their projects. */
const people = (orgId: string) => sql`
  select o.user_id, o.role, o.created_at, u.email, u.name, greatest(
    u.last_signed_in_at,
    (select max(s.last_seen_at) from sessions s where s.user_id = o.user_id),
    (select max(t.last_used_at) from personal_tokens t where t.user_id = o.user_id and (t.org_id = o.org_id or t.org_id is null))
  ) as seen_at
  from organization_members o join users u on u.id = o.user_id
  where o.org_id = ${orgId}
`

function projects(orgId: string, project: ReviewFilter['project']) {
  const only = project === null ? sql`true` : 'id' in project ? sql`p.id = ${project.id}::uuid` : sql`p.slug = ${project.slug}`
  return sql`select p.id, p.slug, p.name from projects p where p.org_id = ${orgId} and p.deleted_at is null and ${only}`
}

const owners = sql`
  select m.project_id, count(*) as n, count(*) filter (
    where m.expires_at is null and m.env_id is null and m.cell_scopes is null and m.verbs = '{}'
  ) as lasting
  from project_members m join shown s on s.id = m.project_id
  where m.role = 'owner' and (m.expires_at is null or m.expires_at > now())
  group by m.project_id
`

/**
 * For a project: its members and tokens, and who reaches it through the organization. For the organization: everyone and
 * everything.
 */
const entries = (orgId: string, wholeOrganization: boolean) => sql`
  select 'person' as kind, p.user_id as id, null::uuid as project_id, p.user_id, p.name, p.email, p.role, null::uuid as env_id,
    null::text[] as cell_scopes, '{}'::text[] as verbs, null::timestamptz as expires_at, p.seen_at, p.created_at,
    null::text as created_by, null::text[] as allowed_addresses
  from people p where ${wholeOrganization} or p.role in ('owner', 'admin')
  union all
  select 'membership', m.id, m.project_id, m.user_id, p.name, p.email, m.role, m.env_id, m.cell_scopes, m.verbs, m.expires_at, p.seen_at,
    m.created_at, null, null
  from project_members m join shown s on s.id = m.project_id join people p on p.user_id = m.user_id
  union all
  select 'project-token', t.id, t.project_id, null, t.name, null, t.role, t.env_id, t.cell_scopes, t.verbs, t.expires_at, t.last_used_at,
    t.created_at, t.created_by, t.allowed_addresses
  from project_tokens t join shown s on s.id = t.project_id where t.revoked_at is null
  union all
  select 'personal-token', t.id, null, t.user_id, t.name, p.email, p.role, null, null, '{}', t.expires_at, t.last_used_at, t.created_at,
    p.email, t.allowed_addresses
  from personal_tokens t join people p on p.user_id = t.user_id
  where ${wholeOrganization} and t.revoked_at is null and (t.org_id = ${orgId} or t.org_id is null)
`

/** Access that no recorded action has used. Reading is not recorded, so a viewer's access is never too wide. */
const wider = (orgId: string, days: number, administration: readonly string[]) => sql`
  e.kind <> 'personal-token' and e.role <> 'viewer' and e.verbs <> '{read:*}'
  and (e.expires_at is null or e.expires_at > now())
  and e.created_at < now() - make_interval(days => ${days})
  and case
    when e.kind = 'person' then e.role in ('owner', 'admin') and not exists (
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

function reasons(orgId: string, { days, within, administration }: ReviewFilter) {
  const isToken = sql`e.allowed_addresses is not null`
  const rules = {
    'never-signed-in': sql`not ${isToken} and e.seen_at is null`,
    'not-seen': sql`e.seen_at < now() - make_interval(days => ${days})`,
    expiring: sql`e.expires_at > now() and e.expires_at <= now() + make_interval(days => ${within})`,
    expired: sql`e.expires_at <= now()`,
    'wider-than-used': wider(orgId, days, administration),
    'only-owner': sql`e.kind = 'membership' and e.role = 'owner' and o.lasting = 1 and e.expires_at is null and e.env_id is null
      and e.cell_scopes is null and e.verbs = '{}'`,
    'many-owners': sql`e.kind = 'membership' and e.role = 'owner' and o.n > 3`,
    'never-used': sql`${isToken} and e.seen_at is null`,
    'no-expiry': sql`${isToken} and e.expires_at is null`,
    'too-long': sql`${isToken} and org.max_token_days is not null
      and (e.expires_at is null or e.expires_at > e.created_at + make_interval(days => org.max_token_days))`,
    'any-address': sql`${isToken} and e.allowed_addresses = '{}'`,
  }
  return Object.entries(rules).map(([name, rule]) => sql`case when ${rule} then ${sql.lit(name)} end`)
}

/** Sort keys as text, in an order that equals the order of the values. */
const sortKeys = {
  name: sql`lower(e.name)`,
  expires: sql`to_char(coalesce(e.expires_at, '9999-12-31') at time zone 'UTC', 'YYYYMMDDHH24MISSUS')`,
  seen: sql`to_char(coalesce(e.seen_at, '0001-01-01') at time zone 'UTC', 'YYYYMMDDHH24MISSUS')`,
}

/** Every person and token with access, in one statement whatever the number of projects. */
export async function listAccessReview(db: Database | Trx, orgId: string, page: ReviewPage): Promise<ReviewRow[]> {
  const { project, q, kind, role, reason, by, descending, after, limit } = page
  const where = [
    sql`true`,
    ...(q === undefined ? [] : [sql`(e.name ilike ${containing(q.name)} or e.email ilike ${containing(q.address)})`]),
    ...(kind === undefined ? [] : [sql`e.kind = ${kind}`]),
    ...(role === undefined ? [] : [sql`e.role = ${role}::role`]),
  ]
  const conditions = [
    sql`true`,
    ...(reason === undefined ? [] : [sql`${reason} = any(j.reasons)`]),
    ...(after === undefined
      ? []
      : [sql`(j.sort_key, j.id) ${sql.raw(descending ? '<' : '>')} (${after.name}, ${after.id}::uuid)`]),
  ]
  const direction = sql.raw(descending ? 'desc' : 'asc')
  const query = sql<ReviewRow>`
    with people as materialized (${people(orgId)}), shown as materialized (${projects(orgId, project)}), owners as (${owners}),
    entries as (${entries(orgId, project === null)}),
    judged as (
      select e.*, ${sortKeys[by]} as sort_key, array_remove(array[${sql.join(reasons(orgId, page))}]::text[], null) as reasons
      from entries e join organizations org on org.id = ${orgId} left join owners o on o.project_id = e.project_id
      where ${sql.join(where, sql` and `)}
    )
    select j.*, s.slug as project_slug, s.name as project_name, env.name as env_name
    from judged j left join shown s on s.id = j.project_id
    left join environments env on env.project_id = j.project_id and env.id = j.env_id
    where ${sql.join(conditions, sql` and `)}
    order by j.sort_key ${direction}, j.id ${direction}
    limit ${limit + 1}
  `
  return withinBytes(db, query, ['cell_scopes', 'allowed_addresses'], sql`q.sort_key ${direction}, q.id ${direction}`)
}
