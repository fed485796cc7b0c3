import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Database, Trx } from '../client.ts'
import type { DB } from '../schema.ts'

/** How many bytes of large columns a page may make the database send: more than any page shows, and little enough for memory. */
const MOST = 6 * 1024 * 1024
/** The same for a batch of a list that is gathered in a file: it needs no page in memory at once. */
export const BATCH_BYTES = 512 * 1024

/** A value's approximate size as text; only a compressed value is unpacked to be measured. */
const sizeOf = (column: string) =>
  sql`case when pg_column_compression(${sql.ref(column)}) is null then pg_column_size(${sql.ref(column)}) else octet_length(${sql.ref(column)}::text) end`

const followed = new WeakSet<object>()

/** Whether a query had more rows after this one, the last that was sent. */
export const isFollowed = (row: object | undefined): boolean => row !== undefined && followed.has(row)

/**
 * The first rows of a query with a limit, up to a number of bytes in these columns, but at least one row. `order` sorts the rows
 * `q` as the query does.
 */
export async function withinBytes<Row extends object>(
  db: Database | Trx,
  query: RawBuilder<Row> | SelectQueryBuilder<DB, never, Row>,
  columns: string[],
  order: RawBuilder<unknown>,
  most = MOST,
): Promise<Row[]> {
  const size = sql.join(
    columns.map((column) => sql`coalesce(${sizeOf(`q.${column}`)}, 0)`),
    sql` + `,
  )
  const { rows } = await sql<Row & { before_bytes?: number; has_more?: boolean }>`select * from (
      select q.*, sum(${size}) over w - (${size}) as before_bytes, lead(true) over w is not null as has_more from (${query}) q window w as (order by ${order})
    ) q where before_bytes < ${most} order by ${order}`.execute(db)
  const last = rows.at(-1)
  if (last?.has_more) followed.add(last)
  for (const row of rows) {
    delete row.before_bytes
    delete row.has_more
  }
  return rows
}
