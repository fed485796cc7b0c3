import { type RawBuilder, sql } from 'kysely'
import type { Database, Trx } from '../client.ts'
import type { PlacementPolicy } from '../schema.ts'
import type { AfterName } from './entity-types.ts'
import { json } from './json.ts'
import { type Generation, countingDelete, countingInsert } from './project-rows.ts'

const at = (db: Database | Trx, { projectId, generation }: Generation) =>
  db
    .selectFrom('cells as c')
    .select([
      'c.name',
      'c.display_name',
      'c.entity_type',
      'c.placement_policy',
      'c.constraints',
      'c.derived_property',
      'c.derived_values',
      'c.created_at',
      'c.updated_at',
      sql<string[]>`array(select p.parent from cell_parents p where p.project_id = c.project_id and p.generation = c.generation
        and p.cell = c.name order by p.parent)`.as('parents'),
    ])
    .where('c.project_id', '=', projectId)
    .where('c.generation', '=', generation)

export function listCells(db: Database | Trx, where: Generation, { after, limit }: { after: AfterName; limit: number }) {
  return at(db, where)
    .$if(after !== undefined, (q) =>
      q.where(sql<boolean>`(c.created_at, c.name) > (${after!.createdAt}::timestamptz, ${after!.name})`),
    )
    .orderBy('c.created_at')
    .orderBy('c.name')
    .limit(limit + 1)
    .execute()
}

export function findCell(db: Database | Trx, where: Generation, name: string) {
  return at(db, where).where('c.name', '=', name).executeTakeFirst()
}

export type CellRow = NonNullable<Awaited<ReturnType<typeof findCell>>>

export type CellSpec = {
  name: string
  display_name: string
  entity_type: string
  placement_policy: PlacementPolicy
  constraints: unknown
  derived_property: string | null
  derived_values: string[] | null
}

/** False when the name is taken. */
export async function insertCell(trx: Trx, where: Generation, cell: CellSpec): Promise<boolean> {
  const inserted = await countingInsert<{ name: string }>(
    trx,
    where,
    'cells',
    sql`insert into cells (project_id, generation, name, display_name, entity_type, placement_policy, constraints, derived_property, derived_values)
      values (${where.projectId}, ${where.generation}, ${cell.name}, ${cell.display_name}, ${cell.entity_type},
        ${cell.placement_policy}::placement_policy, ${json(cell.constraints)}, ${cell.derived_property}, ${cell.derived_values}::text[])
      on conflict do nothing returning name`,
  )
  return inserted.length === 1
}

export async function updateCell(
  trx: Trx,
  { projectId, generation }: Generation,
  { name, constraints, ...cell }: CellSpec,
): Promise<void> {
  await trx
    .updateTable('cells')
    .set({ ...cell, constraints: json(constraints), updated_at: sql<string>`clock_timestamp()` })
    .where('project_id', '=', projectId)
    .where('generation', '=', generation)
    .where('name', '=', name)
    .execute()
}

/** The cell, its place in the hierarchy and its members; the entities stay. */
export async function deleteCell(trx: Trx, where: Generation, name: string): Promise<void> {
  const key = sql`project_id = ${where.projectId} and generation = ${where.generation}`
  await countingDelete(
    trx,
    where,
    'effective_cell_members',
    sql`delete from effective_cell_members where ${key} and cell = ${name} returning cell`,
  )
  await countingDelete(trx, where, 'cell_members', sql`delete from cell_members where ${key} and cell = ${name} returning cell`)
  await countingDelete(trx, where, 'cell_parents', sql`delete from cell_parents where ${key} and cell = ${name} returning cell`)
  await countingDelete(trx, where, 'cells', sql`delete from cells where ${key} and name = ${name} returning name`)
}

export async function replaceParents(trx: Trx, where: Generation, cell: string, parents: string[]): Promise<void> {
  const { projectId, generation } = where
  await countingDelete(
    trx,
    where,
    'cell_parents',
    sql`delete from cell_parents where project_id = ${projectId} and generation = ${generation} and cell = ${cell}
      and parent <> all(${parents}::text[]) returning parent`,
  )
  await countingInsert(
    trx,
    where,
    'cell_parents',
    sql`insert into cell_parents (project_id, generation, cell, parent)
      select ${projectId}::uuid, ${generation}::int, ${cell}::text, parent from unnest(${parents}::text[]) parent
      on conflict do nothing returning parent`,
  )
}

/** The cells of these names, for checking parents. */
export function listCellTypes(trx: Trx, { projectId, generation }: Generation, names: string[]) {
  return trx
    .selectFrom('cells')
    .select(['name', 'entity_type'])
    .where('project_id', '=', projectId)
    .where('generation', '=', generation)
    .where(sql<boolean>`name = any(${names}::text[])`)
    .execute()
}

export async function listChildren(trx: Trx, { projectId, generation }: Generation, name: string): Promise<string[]> {
  const rows = await trx
    .selectFrom('cell_parents')
    .select('cell')
    .where('project_id', '=', projectId)
    .where('generation', '=', generation)
    .where('parent', '=', name)
    .orderBy('cell')
    .execute()
  return rows.map((row) => row.cell)
}

/** The cell itself and all above it. */
export async function listSelfAndAncestors(
  db: Database | Trx,
  { projectId, generation }: Generation,
  names: string[],
): Promise<string[]> {
  const { rows } = await sql<{ cell: string }>`
    with recursive up (cell) as (
      select unnest(${names}::text[])
      union
      select p.parent from up join cell_parents p on p.project_id = ${projectId} and p.generation = ${generation} and p.cell = up.cell
    ) select cell from up`.execute(db)
  return rows.map((row) => row.cell)
}

/** These cells and all below them, as a query of one column: what a cell scope reaches. */
export const selfAndDescendants = ({ projectId, generation }: Generation, names: string[]): RawBuilder<{ cell: string }> => sql`
  with recursive down (cell) as (
    select unnest(${names}::text[])
    union
    select p.cell from down join cell_parents p on p.project_id = ${projectId} and p.generation = ${generation} and p.parent = down.cell
  ) select cell from down`

export async function listSelfAndDescendants(db: Database | Trx, at: Generation, names: string[]): Promise<string[]> {
  const { rows } = await selfAndDescendants(at, names).execute(db)
  return rows.map((row) => row.cell)
}

export async function hasExplicitMembers(trx: Trx, { projectId, generation }: Generation, cell: string): Promise<boolean> {
  const row = await trx
    .selectFrom('cell_members')
    .select('cell')
    .where('project_id', '=', projectId)
    .where('generation', '=', generation)
    .where('cell', '=', cell)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** False when it already was a member. */
export async function insertCellMember(trx: Trx, where: Generation, cell: string, entityId: string): Promise<boolean> {
  const rows = await countingInsert(
    trx,
    where,
    'cell_members',
    sql`insert into cell_members (project_id, generation, cell, entity_id)
      values (${where.projectId}, ${where.generation}, ${cell}, ${entityId}) on conflict do nothing returning cell`,
  )
  return rows.length === 1
}

export async function deleteCellMember(trx: Trx, where: Generation, cell: string, entityId: string): Promise<boolean> {
  const rows = await countingDelete(
    trx,
    where,
    'cell_members',
    sql`delete from cell_members where project_id = ${where.projectId} and generation = ${where.generation} and cell = ${cell}
      and entity_id = ${entityId} returning cell`,
  )
  return rows.length === 1
}
