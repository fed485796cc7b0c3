import { sql } from 'kysely'

/** Rows older than the cursor. The time stays text: converting it to `Date` would repeat or lose the row at the edge. */
export const before = (table: string, { createdAt, key }: { createdAt: string; key: string }) =>
  sql<boolean>`(${sql.ref(`${table}.created_at`)}, ${sql.ref(`${table}.id`)}) < (${createdAt}::timestamptz, ${key}::uuid)`
