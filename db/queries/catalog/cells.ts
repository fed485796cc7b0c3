import { type RawBuilder, sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import type { PlacementPolicy } from '../../schema.ts'
import { containing, json } from '../json.ts'
import { type Generation, countingDelete, countingInsert } from '../project-rows.ts'
import { type PageByName, queryByName } from './by-name.ts'

const parentsIn = ({ projectId, generation }: Generation) =>
  sql<string[]>`array(select p.parent from cell_parents p where p.project_id = ${projectId} and p.generation = ${generation}
    and p.cell = c.name order by p.parent)`.as('parents')

const alone = (db: Database | Trx, { projectId, generation }: Generation) =>
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
    ])
    .where('c.project_id', '=', projectId)
    .where('c.generation', '=', generation)

const at = (db: Database | Trx, where: Generation) => alone(db, where).select(parentsIn(where))

/** Looks for the parents of what is on the page alone. `q`: a part of the name or of the display name. */
export const listCells = (db: Database | Trx, where: Generation, page: PageByName, q?: string) =>
  db
    .selectFrom(
      queryByName(
        alone(db, where).$if(q !== undefined, (cells) =>
          cells.where((eb) => eb.or([eb('c.name', 'ilike', containing(q!)), eb('c.display_name', 'ilike', containing(q!))])),
        ),
        'c',
        page,
      ).as('c'),
    )
    .selectAll('c')
    .select(parentsIn(where))
    .orderBy('c.created_at')
    .orderBy('c.name')
    .execute()

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

/** Upserts any number of cells with their parents, in four statements. */
export async function upsertCells(trx: Trx, where: Generation, cells: (CellSpec & { parents: string[] })[]): Promise<void> {
  const { projectId, generation } = where
  const incoming = sql`jsonb_to_recordset(${json(cells)}) as r (name text, display_name text, entity_type text, placement_policy placement_policy,
    constraints jsonb, derived_property text, derived_values text[], parents text[])`
  await sql`update cells c set display_name = r.display_name, placement_policy = r.placement_policy, constraints = r.constraints,
      derived_property = r.derived_property, derived_values = r.derived_values, updated_at = statement_timestamp()
    from ${incoming} where c.project_id = ${projectId} and c.generation = ${generation} and c.name = r.name`.execute(trx)
  await countingInsert(
    trx,
    where,
    'cells',
    sql`insert into cells (project_id, generation, name, display_name, entity_type, placement_policy, constraints, derived_property, derived_values)
      select ${projectId}::uuid, ${generation}::int, r.name, r.display_name, r.entity_type, r.placement_policy, r.constraints, r.derived_property,
        r.derived_values from ${incoming} on conflict do nothing returning name`,
  )
  await countingDelete(
    trx,
    where,
    'cell_parents',
    sql`delete from cell_parents p using ${incoming} where p.project_id = ${projectId} and p.generation = ${generation} and p.cell = r.name
      and p.parent <> all(r.parents) returning p.parent`,
  )
  await countingInsert(
    trx,
    where,
    'cell_parents',
    sql`insert into cell_parents (project_id, generation, cell, parent)
      select ${projectId}::uuid, ${generation}::int, r.name, parent from ${incoming} cross join lateral unnest(r.parents) parent
      on conflict do nothing returning parent`,
  )
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

/** The cell itself and all cells above it. */
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

/** These cells and all cells below them, as a query of one column: the cells that a scope includes. */
export const selfAndDescendants = ({ projectId, generation }: Generation, names: string[]): RawBuilder<{ cell: string }> => sql`
  with recursive down (cell) as (
    select unnest(${names}::text[])
    union
    select p.cell from down join cell_parents p on p.project_id = ${projectId} and p.generation = ${generation} and p.parent = down.cell
  ) select cell from down`

export async function listSelfAndDescendants(db: Database | Trx, where: Generation, names: string[]): Promise<string[]> {
  const { rows } = await selfAndDescendants(where, names).execute(db)
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

/** Those of these cells that have explicit members. */
export async function listExplicitCells(trx: Trx, { projectId, generation }: Generation, cells: string[]): Promise<string[]> {
  const { rows } = await sql<{ cell: string }>`select c as cell from unnest(${cells}::text[]) c
    where exists (select from cell_members m where m.project_id = ${projectId} and m.generation = ${generation} and m.cell = c offset 0)`.execute(
    trx,
  )
  return rows.map((row) => row.cell)
}

/** False when it was a member already. */
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
