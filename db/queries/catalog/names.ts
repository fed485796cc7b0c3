import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import type { Generation } from '../project-rows.ts'

export type NamedTable = 'entity_types' | 'relationship_types' | 'cells' | 'secrets'

/** Those of these names that exist. */
export async function listNames(
  db: Database | Trx,
  { projectId, generation }: Generation,
  table: NamedTable,
  names: string[],
): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(table)}
    where project_id = ${projectId} and generation = ${generation} and name = any(${names}::text[])`.execute(db)
  return rows.map((row) => row.name)
}

/** Names that differ only in how their letters are composed, each list with what they name. ASCII is alike with nothing else. */
export async function listAlike(db: Database | Trx, { projectId, generation }: Generation, limit: number) {
  const { rows } = await sql<{ what: string; names: string[] }>`
    select what, array_agg(name order by name) as names from (
      select 'entity type' as what, name, null::uuid as env_id from entity_types
        where project_id = ${projectId} and generation = ${generation} and octet_length(name) > length(name)
      union all select 'relationship type', name, null from relationship_types
        where project_id = ${projectId} and generation = ${generation} and octet_length(name) > length(name)
      union all select 'cell', name, null from cells
        where project_id = ${projectId} and generation = ${generation} and octet_length(name) > length(name)
      union all select 'secret', name, null from secrets
        where project_id = ${projectId} and generation = ${generation} and octet_length(name) > length(name)
      union all select entity_type, name, env_id from entities
        where project_id = ${projectId} and generation = ${generation} and octet_length(name) > length(name)
    ) n group by what, env_id, normalize(name, nfc) having count(*) > 1 order by 1, 2 limit ${limit}`.execute(db)
  return rows
}
