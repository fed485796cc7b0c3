import { type Kysely, sql } from 'kysely'

/** Columns that a request records even when it changes nothing. */
const noted = sql`'{last_used_at,last_used_address,last_seen_at}'::text[]`

/** Counts requests, especially refused ones. */
const counters = 'sign_in_throttles'

/** Each table with a row, and whether it has such columns. The schema of a test's database stays as it is. */
const listed = new WeakMap<object, Promise<{ name: string; noted: boolean }[]>>()

function tablesOf<DB>(db: Kysely<DB>): Promise<{ name: string; noted: boolean }[]> {
  const known = listed.get(db)
  if (known) return known
  const tables = sql<{ name: string; noted: boolean }>`select c.relname as name, bool_or(a.attname::text = any(${noted})) as noted
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p', 'v') and c.relnamespace = 'public'::regnamespace and c.relname <> ${counters}
    group by 1 order by 1`
    .execute(db)
    .then(({ rows }) => rows)
  listed.set(db, tables)
  return tables
}

/** One text for everything in the database: two are equal when nothing changed in between. */
export async function digest<DB>(db: Kysely<DB>): Promise<string> {
  const parts = (await tablesOf(db)).map(({ name, noted: isNoted }) => {
    const text = isNoted ? sql`(to_jsonb(t) - ${noted})::text` : sql`t::text`
    return sql`select ${name} || ' ' || count(*) || ' ' || coalesce(sum(hashtextextended(${text}, 0)), 0) as part from ${sql.table(name)} t`
  })
  const { rows } = await sql<{ part: string }>`${sql.join(parts, sql` union all `)} order by part`.execute(db)
  return rows.map(({ part }) => part).join('\n')
}
