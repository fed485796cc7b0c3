import { type Kysely, sql } from 'kysely'
import type { Place } from './canary.ts'

/**
 * Everything that the database holds as text, table by table, including tables that are not ours, such as the job queue. Bytes
 * are in hex.
 */
export async function databaseTexts<DB>(db: Kysely<DB>): Promise<Place[]> {
  const { rows: tables } = await sql<{ schema: string; name: string }>`
    select schemaname as schema, tablename as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2`.execute(db)
  return Promise.all(
    tables.map(async ({ schema, name }) => {
      const { rows } = await sql<{
        row: string
      }>`select to_jsonb(t)::text as row from ${sql.table(`${schema}.${name}`)} t`.execute(db)
      return { name: `table ${schema}.${name}`, text: rows.map(({ row }) => row).join('\n') }
    }),
  )
}
