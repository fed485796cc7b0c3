import { type RawBuilder, sql } from 'kysely'
import type { Database, Trx } from '../client.ts'
import { plannedWithValues } from '../prepared.ts'

/**
 * The tables that a nuke empties, children before parents: the order in which a purge may delete them. Each is keyed by
 * (project_id, generation, …). `schema.test.ts` fails for a table with a `project_id` that is neither here nor in `keptTables`.
 */
export const wipedTables = [
  'effective_cell_members',
  'cell_members',
  'relationships',
  'entities',
  'relationship_types',
  'cell_parents',
  'cells',
  'entity_types',
  'secret_values',
  'secrets',
  'catalog_revisions',
  'agents',
  'core_instances',
] as const
export type WipedTable = (typeof wipedTables)[number]

/** What a nuke keeps, and why. */
export const keptTables = {
  environments: 'part of the project itself, which a nuke keeps',
  project_members: 'part of the project itself, which a nuke keeps',
  project_tokens: 'part of the project itself, which a nuke keeps',
  repo_links: 'part of the project itself, which a nuke keeps',
  invitation_projects: 'a nuke keeps open invitations',
  favorite_projects: 'who keeps the project at hand; ends with the project and the person',
  viewings: 'who views the project as another member; expires by itself',
  audit_events: 'the history of the project outlives its data',
  notices: 'owners are notified of nukes',
  wipes: 'the receipts of nukes',
  row_counts: 'row counts of each generation; deleted by the purge',
} as const satisfies Record<string, string>

/** One generation of one project: the rows that a statement covers. */
export type Generation = { projectId: string; generation: number }

/**
 * The only way to write project data. Runs a statement that inserts into or deletes from `table` and ends in `returning …`, and
 * adds to `row_counts` in the same statement. The key includes the backend's pid, so that two writers never wait for each other.
 */
export async function countingInsert<Row>(
  trx: Trx,
  at: Generation,
  table: WipedTable,
  statement: RawBuilder<Row>,
): Promise<Row[]> {
  return counting(trx, at, table, statement, 1)
}

export async function countingDelete<Row>(
  trx: Trx,
  at: Generation,
  table: WipedTable,
  statement: RawBuilder<Row>,
): Promise<Row[]> {
  return counting(trx, at, table, statement, -1)
}

async function counting<Row>(
  trx: Trx,
  at: Generation,
  table: WipedTable,
  statement: RawBuilder<Row>,
  sign: 1 | -1,
): Promise<Row[]> {
  const { rows } = await sql<Row>`
    with changed as (${statement}), ${counted(at, table, sql`${sql.lit(sign)} * (select count(*) from changed)`)}
    select * from changed`.execute(trx)
  return rows
}

/** The part of a statement that adds to `row_counts` the number of rows by which its other parts grew a table. */
export const counted = (at: Generation, table: WipedTable, growth: RawBuilder<unknown>) => sql`counted as (
      insert into row_counts (project_id, generation, table_name, backend, n)
      select ${at.projectId}::uuid, ${at.generation}::int, ${table}, pg_backend_pid(), g.n from (select ${growth} as n) g where g.n <> 0
      on conflict (project_id, generation, table_name, backend) do update set n = row_counts.n + excluded.n
    )`

/** The exact number of rows of each wiped table in this generation, zeros included, without counting them. */
export async function sumRowCounts(
  db: Database | Trx,
  { projectId, generation }: Generation,
): Promise<Record<WipedTable, number>> {
  const rows = await db
    .selectFrom('row_counts')
    .select(['table_name', sql<number>`sum(n)::int8`.as('n')])
    .where('project_id', '=', projectId)
    .where('generation', '=', generation)
    .groupBy('table_name')
    .execute()
  const counts = Object.fromEntries(wipedTables.map((table) => [table, 0])) as Record<WipedTable, number>
  for (const row of rows) counts[row.table_name as WipedTable] = row.n
  return counts
}

/**
 * The number of rows for the next statement, a callback with the milliseconds each took, and a signal that cancels the running
 * one, even while it waits for a lock.
 */
export type PurgePace = { limit: () => number; took?: (ms: number) => void; signal?: AbortSignal | undefined }

/**
 * Its commit does not wait for the disk, nor makes others wait: whatever a crash loses is deleted again, and the final mark
 * flushes all.
 */
const unhurried = sql`(select set_config('synchronous_commit', 'off', true)) is not null`

/**
 * Deletes a dead generation's rows of one table in several statements, in the order of their key. Each statement names both ends
 * of its key range and is planned with them, so that its cost does not depend on what is left. Yields how many each deleted.
 */
export async function* purgeRows(
  db: Database | Trx,
  at: Generation,
  table: WipedTable,
  { limit, took, signal }: PurgePace,
): AsyncGenerator<number> {
  const key = sql.raw(purgeKey[table])
  const dead = sql`${sql.table(table)} where project_id = ${at.projectId} and generation = ${at.generation}`
  const options = { signal, inflightQueryAbortStrategy: 'cancel query' } as const
  let beyond = sql``
  for (;;) {
    const edges = sql<
      Record<string, string>
    >`${plannedWithValues} select ${key} from ${dead} ${beyond} order by ${key} offset ${limit() - 1} limit 1`
    const { rows } = await edges.execute(db, options)
    const edge = rows[0] && sql.join(Object.values(rows[0]))
    const upTo = edge ? sql`and (${key}) <= (${edge})` : sql``
    const deleting = sql`${plannedWithValues} delete from ${dead} ${beyond} ${upTo} and ${unhurried}`
    const start = performance.now()
    const { numAffectedRows = 0n } = await deleting.execute(db, options)
    took?.(performance.now() - start)
    if (numAffectedRows > 0n) yield Number(numAffectedRows)
    if (!edge) return
    beyond = sql`and (${key}) > (${edge})`
  }
}

/** The rest of each primary key. */
const purgeKey = {
  effective_cell_members: 'cell, env_id, entity_id',
  cell_members: 'cell, entity_id',
  entities: 'id',
  cell_parents: 'cell, parent',
  cells: 'name',
  entity_types: 'name',
  relationships: 'id',
  relationship_types: 'name',
  secret_values: 'secret, env_id',
  secrets: 'name',
  catalog_revisions: 'id',
  agents: 'id',
  core_instances: 'id',
} as const satisfies Record<WipedTable, string>

export async function deleteRowCounts(db: Database | Trx, { projectId, generation }: Generation): Promise<void> {
  await db.deleteFrom('row_counts').where('project_id', '=', projectId).where('generation', '=', generation).execute()
}

/** Every generation of a project that has, or once had, rows. */
export async function listGenerations(db: Database | Trx, projectId: string): Promise<number[]> {
  const rows = await db.selectFrom('row_counts').select('generation').distinct().where('project_id', '=', projectId).execute()
  return rows.map((row) => row.generation)
}

/** Counts the rows one by one: what `sumRowCounts` must return. */
export async function countRows(db: Database | Trx, { projectId, generation }: Generation): Promise<Record<WipedTable, number>> {
  const counts: [WipedTable, number][] = []
  for (const table of wipedTables) {
    const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}
      where project_id = ${projectId} and generation = ${generation}`.execute(db)
    counts.push([table, rows[0]!.n])
  }
  return Object.fromEntries(counts) as Record<WipedTable, number>
}
