import { type RawBuilder, sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { plannedWithValues } from '../../prepared.ts'
import type { Role } from '../../schema.ts'
import { type PersonPart, containing } from '../json.ts'

export type PeopleReviewFilter = {
  q: PersonPart | undefined
  mark: string | undefined
  state: string | undefined
  days: number
  userId?: string
}
export type PeopleReviewPage = PeopleReviewFilter & {
  /** How much each mark weighs. */
  weights: Record<string, number>
  after: { risk: number; name: string; id: string } | undefined
  limit: number
}

type Grant = {
  slug: string
  name: string
  role: Role
  envName: string | null
  cells: number | null
  expiresAt: string | null
}
export type PeopleReviewRow = {
  user_id: string
  name: string
  email: string
  role: Role
  seen_at: string | null
  created_at: string
  marks: string[]
  risk: number
  sort_name: string
  fingerprint: string
  reviewed_at: string | null
  reviewed_by: string | null
  reviewed_grants: string | null
  memberships: number
  grants: Grant[] | null
}

/** The same expression as that of the index by the end of a membership. */
const END = sql`timestamptz '9999-12-31 00:00:00+00'`

/** The people with a membership that has ended: few, from the index by the end. */
const ended = (orgId: string) => sql`
  select distinct m.user_id from project_members m join projects s on s.id = m.project_id
  where s.org_id = ${orgId} and s.deleted_at is null and coalesce(m.expires_at, ${END}) <= now()`

const isPowerful = sql`o.role in ('owner', 'admin')`
const hasFactor = sql`(exists (select from totp_factors f where f.user_id = o.user_id and f.confirmed_at is not null)
  or exists (select from passkeys k where k.user_id = o.user_id))`

/** The rule of each mark for a person `o`, `u` who was last seen at `seen.at`. */
const rulesOf = (orgId: string, days: number) =>
  ({
    everything: isPowerful,
    'never-signed-in': sql`seen.at is null`,
    'not-seen': sql`seen.at < now() - make_interval(days => ${days})`,
    'no-second-factor': sql`${isPowerful} and not ${hasFactor}`,
    'no-expiry': sql`exists (select from personal_tokens t where t.user_id = o.user_id and t.revoked_at is null
      and (t.org_id = ${orgId} or t.org_id is null) and t.expires_at is null)`,
    expired: sql`o.user_id in (select e.user_id from ended e)`,
  }) satisfies Record<string, RawBuilder<unknown>>

/** Each person of the organization with their marks: one pass over its people, of whom its quota says how many there are. */
function judged(orgId: string, { q, days, userId }: PeopleReviewFilter) {
  const marks = Object.entries(rulesOf(orgId, days)).map(([mark, rule]) => sql`case when ${rule} then ${sql.lit(mark)} end`)
  const fits = q === undefined ? sql`true` : sql`(u.name ilike ${containing(q.name)} or u.email ilike ${containing(q.address)})`
  return sql`
    select o.user_id, o.role, o.created_at, u.name, u.email, seen.at as seen_at,
      array_remove(array[${sql.join(marks)}]::text[], null) as marks
    from organization_members o join users u on u.id = o.user_id
    cross join lateral (select greatest(
      u.last_signed_in_at,
      (select max(s.last_seen_at) from sessions s where s.user_id = u.id),
      (select max(t.last_used_at) from personal_tokens t where t.user_id = u.id and (t.org_id = ${orgId} or t.org_id is null))
    ) as at) seen
    where o.org_id = ${orgId} and ${fits} and ${userId === undefined ? sql`true` : sql`o.user_id = ${userId}::uuid`}`
}

/** The memberships of a person `j` in live projects of the organization. */
const membershipsOf = (orgId: string) => sql`project_members m join projects s on s.id = m.project_id
  where m.user_id = j.user_id and s.org_id = ${orgId} and s.deleted_at is null`

/** Changes with their role, with any membership, and with any personal token. */
const fingerprint = (orgId: string) => sql`md5(concat_ws('|', j.role,
  (select string_agg(m.id || ':' || extract(epoch from m.updated_at), ',' order by m.id) from ${membershipsOf(orgId)}),
  (select string_agg(t.id || ':' || coalesce(extract(epoch from t.expires_at)::text, ''), ',' order by t.id) from personal_tokens t
    where t.user_id = j.user_id and t.revoked_at is null and (t.org_id = ${orgId} or t.org_id is null))
))`

const printed = (time: RawBuilder<unknown>) => sql`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** The first of their memberships, as JSON: without the names of their cells, of which there may be thousands. */
const grantsOf = (orgId: string, most: number) => sql`(
  select json_agg(json_build_object('slug', g.slug, 'name', g.name, 'role', g.role, 'envName', g.env, 'cells', g.cells, 'expiresAt', g.ends))
  from (
    select s.slug, s.name, m.role, cardinality(m.cell_scopes) as cells, ${printed(sql`m.expires_at`)} as ends,
      (select env.name from environments env where env.project_id = m.project_id and env.id = m.env_id) as env
    from ${membershipsOf(orgId)} order by m.id limit ${most}
  ) g
)`

const states = (orgId: string): Record<string, RawBuilder<unknown>> => ({
  never: sql`r.reviewed_at is null`,
  reviewed: sql`r.grants = ${fingerprint(orgId)}`,
  changed: sql`r.grants <> ${fingerprint(orgId)}`,
})

/** By risk, then by name. What a row shows of memberships is read for the rows of the page alone. */
export async function listPeopleReview(
  db: Database | Trx,
  orgId: string,
  { weights, after, limit, ...filter }: PeopleReviewPage,
  grants: number,
): Promise<PeopleReviewRow[]> {
  const { mark, state } = filter
  const risk = sql.join(
    Object.entries(weights).map(
      ([name, weight]) => sql`case when ${sql.lit(name)} = any(j.marks) then ${sql.lit(weight)} else 0 end`,
    ),
    sql` + `,
  )
  const where = [
    ...(mark === undefined ? [] : [sql`${mark}::text = any(j.marks)`]),
    ...(state === undefined ? [] : [states(orgId)[state]!]),
    ...(after === undefined
      ? []
      : [sql`(-(${risk}), lower(j.name), j.user_id) > (${-after.risk}::int, ${after.name}::text, ${after.id}::uuid)`]),
  ]
  const { rows } = await sql<PeopleReviewRow>`
    ${plannedWithValues} with ended as materialized (${ended(orgId)})
    select j.*, ${fingerprint(orgId)} as fingerprint, reviewer.name as reviewed_by,
      (select count(*) from ${membershipsOf(orgId)}) as memberships, ${grantsOf(orgId, grants)} as grants
    from (
      select j.*, ${risk} as risk, lower(j.name) as sort_name, r.reviewed_at, r.reviewed_by as reviewer_id, r.grants as reviewed_grants
      from (${judged(orgId, filter)}) j
      left join access_reviews r on r.org_id = ${orgId} and r.user_id = j.user_id
      where ${sql.join([sql`true`, ...where], sql` and `)}
      order by risk desc, sort_name, j.user_id limit ${limit + 1}
    ) j
    left join users reviewer on reviewer.id = j.reviewer_id
    order by j.risk desc, j.sort_name, j.user_id`.execute(db)
  return rows
}

/** How many people have each mark, and how many were ever reviewed. */
export async function countRisks(db: Database | Trx, orgId: string, days: number) {
  const none = { q: undefined, mark: undefined, state: undefined, days }
  const { rows } = await sql<Record<string, number>>`
    ${plannedWithValues} with ended as materialized (${ended(orgId)})
    select count(*) as people, count(r.reviewed_at) as reviewed,
      ${sql.join(
        Object.keys(rulesOf(orgId, days)).map(
          (name) => sql`count(*) filter (where ${sql.lit(name)} = any(j.marks)) as ${sql.id(name)}`,
        ),
      )}
    from (${judged(orgId, none)}) j
    left join access_reviews r on r.org_id = ${orgId} and r.user_id = j.user_id`.execute(db)
  return rows[0]!
}

export async function keepReview(
  trx: Trx,
  review: { org_id: string; user_id: string; reviewed_by: string; grants: string },
): Promise<void> {
  await trx
    .insertInto('access_reviews')
    .values(review)
    .onConflict((c) =>
      c.columns(['org_id', 'user_id']).doUpdateSet({
        reviewed_by: review.reviewed_by,
        grants: review.grants,
        reviewed_at: sql<string>`clock_timestamp()`,
      }),
    )
    .execute()
}

/** A person who leaves and comes back has not been reviewed. */
export async function forgetReview(trx: Trx, orgId: string, userId: string): Promise<void> {
  await trx.deleteFrom('access_reviews').where('org_id', '=', orgId).where('user_id', '=', userId).execute()
}
