import { type Kysely, sql } from 'kysely'

/** Columns that a request records even when it changes nothing. */
const noted = sql`'{last_used_at,last_used_address,last_seen_at}'::text[]`

/** Counts requests, especially refused ones. */
const counters = 'sign_in_throttles'

/** One text for everything in the database: two are equal when nothing changed in between. */
export async function digest<DB>(db: Kysely<DB>): Promise<string> {
  const { rows: tables } = await sql<{
    name: string
    noted: boolean
  }>`select table_name as name, bool_or(column_name::text = any(${noted})) as noted
    from information_schema.columns where table_schema = 'public' and table_name <> ${counters} group by 1 order by 1`.execute(db)
  const parts = tables.map(({ name, noted: isNoted }) => {
    const text = isNoted ? sql`(to_jsonb(t) - ${noted})::text` : sql`t::text`
    return sql`select ${name} || ' ' || count(*) || ' ' || coalesce(sum(hashtextextended(${text}, 0)), 0) as part from ${sql.table(name)} t`
  })
  const { rows } = await sql<{ part: string }>`${sql.join(parts, sql` union all `)} order by part`.execute(db)
  return rows.map(({ part }) => part).join('\n')
}
