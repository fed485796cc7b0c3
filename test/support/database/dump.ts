import { sql } from 'kysely'
import type { Database } from '#db/client'
import { type Generation, type WipedTable, keptTables, wipedTables } from '#db/queries/project-rows'

type Row = Record<string, unknown>

async function rowsOf(db: Database, table: string, projectId: string): Promise<Row[]> {
  const column = table === 'projects' ? sql.ref('id') : sql.ref('project_id')
  const { rows } = await sql<{
    row: Row
  }>`select to_jsonb(t) as row from ${sql.table(table)} t where ${column} = ${projectId} order by to_jsonb(t)`.execute(db)
  return rows.map(({ row }) => row)
}

/** Every row of a project's data, including dead generations. Two dumps are equal when every value is. */
export async function dumpData(db: Database, projectId: string): Promise<Record<WipedTable, Row[]>> {
  const dump = await Promise.all(wipedTables.map(async (table) => [table, await rowsOf(db, table, projectId)] as const))
  return Object.fromEntries(dump) as Record<WipedTable, Row[]>
}

/** Everything that a nuke must not change: the project, its members, environments, tokens and repo links. */
export async function dumpShell(db: Database, projectId: string): Promise<string> {
  const notes = ['audit_events', 'notices', 'wipes', 'row_counts']
  const tables = Object.keys(keptTables).filter((table) => !notes.includes(table))
  const dump = await Promise.all(tables.map(async (table) => [table, await rowsOf(db, table, projectId)]))
  const [project] = await rowsOf(db, 'projects', projectId)
  const { generation: _, last_generation: __, ...shell } = project!
  return JSON.stringify([...dump, shell])
}

export async function countRows(db: Database, { projectId, generation }: Generation): Promise<Record<WipedTable, number>> {
  const counts = wipedTables.map(async (table) => {
    const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}
      where project_id = ${projectId} and generation = ${generation}`.execute(db)
    return [table, rows[0]!.n] as const
  })
  return Object.fromEntries(await Promise.all(counts)) as Record<WipedTable, number>
}
