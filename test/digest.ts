import { type Kysely, sql } from 'kysely'

/** What is noted about a request that changes nothing. */
const noted = sql`'{last_used_at,last_used_address,last_seen_at}'::text[]`

/** Counts requests, refused ones most of all. */
const counters = 'sign_in_throttles'

/** One text for all that the database holds: two are the same when nothing was changed in between. */
export async function digest<DB>(db: Kysely<DB>): Promise<string> {
  const { rows: tables } = await sql<{
    name: string
  }>`select tablename as name from pg_tables where schemaname = 'public' and tablename <> ${counters} order by 1`.execute(db)
  const parts = tables.map(
    ({ name }) => sql`select ${name} || md5(coalesce(string_agg(row, '' order by row), '')) as part
    from (select (to_jsonb(t) - ${noted})::text as row from ${sql.table(name)} t) rows`,
  )
  const { rows } = await sql<{ part: string }>`${sql.join(parts, sql` union all `)} order by part`.execute(db)
  return rows.map(({ part }) => part).join('\n')
}
