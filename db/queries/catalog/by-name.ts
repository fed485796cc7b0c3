import { type SelectQueryBuilder, sql } from 'kysely'

/** A page of a list by time and name; `after` is the last row of the page before it. */
export type PageByName = { after: { createdAt: string; name: string } | undefined; limit: number }

/** The query of a page, with one row more that tells whether another page follows. */
export function queryByName<DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  table: string,
  { after, limit }: PageByName,
) {
  const createdAt = sql.ref(`${table}.created_at`)
  const name = sql.ref(`${table}.name`)
  return query
    .$if(after !== undefined, (q) =>
      q.where(sql<boolean>`(${createdAt}, ${name}) > (${after!.createdAt}::timestamptz, ${after!.name})`),
    )
    .orderBy(createdAt)
    .orderBy(name)
    .limit(limit + 1)
}

/** The rows of a page, and one more. */
export const pageByName = <DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  table: string,
  page: PageByName,
) => queryByName(query, table, page).execute()
