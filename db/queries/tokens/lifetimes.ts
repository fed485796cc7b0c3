import { type RawBuilder, sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'

/** Tokens that are already older than the maximum get a week for their replacement. */
const GRACE_DAYS = 7

/** When a token ends with a maximum of this many days. */
const end = (days: number) =>
  sql<string>`greatest(t.created_at + make_interval(days => ${days}), now() + make_interval(days => ${GRACE_DAYS}))`

/** Live tokens that end later than that. */
const beyond = (days: number) => sql<boolean>`(t.expires_at is null or t.expires_at > ${end(days)}) and t.revoked_at is null`

const projectsOf = (orgId: string) =>
  sql`t.project_id in (select p.id from projects p where p.org_id = ${orgId} and p.deleted_at is null)`

export async function countTokensBeyond(db: Database | Trx, orgId: string, days: number) {
  const count = (table: string, whose: RawBuilder<unknown>) =>
    sql<number>`(select count(*)::int from ${sql.table(table)} t where ${whose} and ${beyond(days)})`
  const { rows } = await sql<{ projectTokens: number; personalTokens: number }>`
    select ${count('project_tokens', projectsOf(orgId))} as "projectTokens",
           ${count('personal_tokens', sql`t.org_id = ${orgId}`)} as "personalTokens"
  `.execute(db)
  return rows[0]!
}

type Shortened = { id: string; name: string; was: string | null; is: string }

/** Shortens tokens to the maximum and returns them. Call it under the organization's lock. */
export async function shortenTokens(trx: Trx, orgId: string, days: number) {
  const shorten = (table: string, whose: RawBuilder<unknown>, also: RawBuilder<unknown>) => sql`
    update ${sql.table(table)} t
    set expires_at = ${end(days)}
    from (select t.id, t.expires_at from ${sql.table(table)} t where ${whose} and ${beyond(days)} for update) old
    where t.id = old.id
    returning t.id, t.name, old.expires_at as was, t.expires_at as is${also}
  `
  const projectTokens = await shorten('project_tokens', projectsOf(orgId), sql`, t.project_id`).execute(trx)
  const personalTokens = await shorten('personal_tokens', sql`t.org_id = ${orgId}`, sql``).execute(trx)
  return {
    projectTokens: projectTokens.rows as (Shortened & { project_id: string })[],
    personalTokens: personalTokens.rows as Shortened[],
  }
}
