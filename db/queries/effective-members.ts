import { type RawBuilder, sql } from 'kysely'
import type { Trx } from '../client.ts'
import { type Generation, countingDelete, countingInsert } from './project-rows.ts'

/** Whose effective membership to bring up to date: that of some entities in every cell, or that of some cells for every entity. */
export type Stale = { entityIds: string[] } | { cells: string[] }

/**
 * Rows that somebody wrote, and entities whose property has one of a derived cell's values. An entity's value is read once for all cells
 * of its property (`offset 0` keeps the planner from reading it once a cell), and then meets them in one join.
 */
function direct(
  { projectId, generation }: Generation,
  which: { entity: (id: RawBuilder<unknown>) => RawBuilder<unknown>; cell: RawBuilder<unknown> },
) {
  const derived = sql`(select *, name as cell from cells where project_id = ${projectId} and generation = ${generation}) m
    where m.derived_property is not null and ${which.cell}`
  return sql`
  select m.cell, e.env_id, e.id as entity_id from cell_members m
    join entities e on e.project_id = m.project_id and e.generation = m.generation and e.id = m.entity_id
    where m.project_id = ${projectId} and m.generation = ${generation} and ${which.entity(sql`m.entity_id`)} and ${which.cell}
  union all
  select c.cell, v.env_id, v.id from (
    select e.id, e.env_id, e.entity_type, p.derived_property, e.properties ->> p.derived_property as value
      from (select distinct m.entity_type, m.derived_property from ${derived}) p
      join entities e on e.project_id = ${projectId} and e.generation = ${generation} and e.entity_type = p.entity_type
      where ${which.entity(sql`e.id`)} offset 0
  ) v join (
    select d.cell, d.entity_type, d.derived_property, value from (select m.* from ${derived}) d
      cross join lateral unnest(coalesce(d.derived_values, array[d.cell])) value
  ) c on c.entity_type = v.entity_type and c.derived_property = v.derived_property and c.value = v.value`
}

/** What should be there: from the entities up to every cell above them, or from the cells down to every entity below them. */
function desired(at: Generation, stale: Stale): RawBuilder<unknown> {
  const edges = sql`p.project_id = ${at.projectId} and p.generation = ${at.generation}`
  if ('entityIds' in stale) {
    const found = direct(at, { entity: (id) => sql`${id} = any(${stale.entityIds}::uuid[])`, cell: sql`true` })
    return sql`with recursive direct as (${found}), holding (cell, env_id, entity_id) as (
      select cell, env_id, entity_id from direct
      union
      select p.parent, h.env_id, h.entity_id from holding h join cell_parents p on ${edges} and p.cell = h.cell
    ) select cell, env_id, entity_id from holding`
  }
  const found = direct(at, { entity: () => sql`true`, cell: sql`m.cell in (select cell from below)` })
  return sql`with recursive below (top, cell) as (
      select c, c from unnest(${stale.cells}::text[]) c
      union
      select b.top, p.cell from below b join cell_parents p on ${edges} and p.parent = b.cell
    ), direct as (${found})
    select distinct b.top as cell, d.env_id, d.entity_id from direct d join below b on b.cell = d.cell`
}

/**
 * Makes `effective_cell_members` exact again for what a write has touched, in two statements whatever the number of rows. The
 * caller holds what keeps the input still: the project's row for a change of cells, the entities' rows otherwise. Of entities that would be in
 * more than `most` cells it writes no more than shows that they are: see `findCrowded`.
 */
export async function refreshEffectiveMembers(trx: Trx, at: Generation, stale: Stale, most: number): Promise<void> {
  // Tables that were never analysed look empty to the planner, which would compare two long lists row by row.
  const isLong = 'cells' in stale || stale.entityIds.length > 100
  if (isLong) await sql`set local enable_nestloop = off`.execute(trx)
  const touched =
    'entityIds' in stale ? sql`m.entity_id = any(${stale.entityIds}::uuid[])` : sql`m.cell = any(${stale.cells}::text[])`
  await countingDelete(
    trx,
    at,
    'effective_cell_members',
    sql`delete from effective_cell_members m where m.project_id = ${at.projectId} and m.generation = ${at.generation} and ${touched}
      and not exists (select from (${desired(at, stale)}) d where d.cell = m.cell and d.env_id = m.env_id and d.entity_id = m.entity_id)
      returning m.cell`,
  )
  await countingInsert(
    trx,
    at,
    'effective_cell_members',
    sql`insert into effective_cell_members (project_id, generation, env_id, cell, entity_id)
      select ${at.projectId}::uuid, ${at.generation}::int, d.env_id, d.cell, d.entity_id from (${desired(at, stale)}) d
      ${'entityIds' in stale ? sql`limit ${stale.entityIds.length * most + 1}` : sql``}
      on conflict do nothing returning cell`,
  )
  if (isLong) await sql`set local enable_nestloop to default`.execute(trx)
}

/**
 * The entity that a column names is an effective member of one of these cells: one look-up by the entity for each row (`is true`: not one
 * by each cell), and never a join (`offset 0`), which would compare tables that were never analysed, and so look empty, row by row.
 */
export const inCells = ({ projectId, generation }: Generation, entity: RawBuilder<unknown>, cells: string[]) =>
  sql`exists (select from effective_cell_members m where m.project_id = ${projectId} and m.generation = ${generation}
  and m.entity_id = ${entity} and (m.cell = any(${cells}::text[])) is true offset 0)`

/** One of what was just brought up to date that is in more than `most` cells. */
export async function findCrowded(
  trx: Trx,
  { projectId, generation }: Generation,
  stale: Stale,
  most: number,
): Promise<string | undefined> {
  const where = sql`m.project_id = ${projectId} and m.generation = ${generation}`
  if ('entityIds' in stale) {
    const { rows } = await sql<{ entity_id: string }>`select m.entity_id from effective_cell_members m
      where ${where} and m.entity_id = any(${stale.entityIds}::uuid[]) group by m.entity_id having count(*) > ${most} limit 1`.execute(
      trx,
    )
    return rows[0]?.entity_id
  }
  // Where there are no more cells than that, nothing can be in more of them.
  const { rows: enough } =
    await sql`select from cells where project_id = ${projectId} and generation = ${generation} offset ${most} limit 1`.execute(
      trx,
    )
  if (enough.length === 0) return undefined
  const { rows } = await sql<{ entity_id: string }>`select m.entity_id from effective_cell_members m
    where ${where} and m.entity_id in (
      select c.entity_id from effective_cell_members c where c.project_id = ${projectId} and c.generation = ${generation}
        and c.cell = any(${stale.cells}::text[])
    ) group by m.entity_id having count(*) > ${most} limit 1`.execute(trx)
  return rows[0]?.entity_id
}

export type Difference = { cell: string; entity_id: string; what: 'missing' | 'surplus' }

/** Where `effective_cell_members` is not what explicit membership, properties and the hierarchy say; at most `limit` of it. Empty = exact. */
export async function listDifferences(db: Trx, at: Generation, limit: number): Promise<Difference[]> {
  const { rows: cells } = await sql<{ name: string }>`select name from cells
    where project_id = ${at.projectId} and generation = ${at.generation}`.execute(db)
  const should = desired(at, { cells: cells.map((cell) => cell.name) })
  const stored = sql`select cell, env_id, entity_id from effective_cell_members where project_id = ${at.projectId} and generation = ${at.generation}`
  const { rows } = await sql<Difference>`
    select cell, entity_id, 'missing' as what from ((${should}) except (${stored})) missing
    union all
    select cell, entity_id, 'surplus' from ((${stored}) except (${should})) surplus
    order by 1, 2 limit ${limit}`.execute(db)
  return rows
}
