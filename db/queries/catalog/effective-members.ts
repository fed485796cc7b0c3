import { type RawBuilder, sql } from 'kysely'
import type { Trx } from '../../client.ts'
import { nfc } from '../forms.ts'
import { type Generation, counted } from '../project-rows.ts'

/** Which effective membership to update: that of some entities in every cell, or that of some cells for every entity. */
export type Stale = { entityIds: string[] } | { cells: string[] }

/**
 * Explicit members, and entities whose property has one of a derived cell's values. An entity's value is read once for all cells
 * of its property and joined with them (`offset 0` keeps the planner from reading it once for each cell). They are compared in NFC.
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
    select m.cell, m.entity_type, m.derived_property, unnest(coalesce(m.derived_values, array[m.cell])) as value from ${derived} offset 0
  ) c on c.entity_type = v.entity_type and c.derived_property = v.derived_property and ${nfc(sql`c.value`)} = ${nfc(sql`v.value`)}`
}

/** The rows that should exist: from the entities up to every cell above them, or only to these cells. */
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
  // Row by row, as above: a caller that limits the number of rows causes no more to be computed.
  return sql`with recursive below (cell) as (
      select unnest(${stale.cells}::text[])
      union
      select p.cell from below b join cell_parents p on ${edges} and p.parent = b.cell
    ), direct as (${found}), holding (cell, env_id, entity_id) as (
      select cell, env_id, entity_id from direct
      union
      select p.parent, h.env_id, h.entity_id from holding h join cell_parents p on ${edges} and p.cell = h.cell
        where p.parent in (select cell from below)
    ) select cell, env_id, entity_id from holding where cell in (select unnest(${stale.cells}::text[]))`
}

/** An entity that would be in too many cells. */
export type Crowded = { id: string; name: string }

/**
 * Updates `effective_cell_members` for what a write touched, in one statement whatever the number of rows. The caller holds the
 * locks that keep its input unchanged: the project's row for a change of cells, otherwise the entities' rows.
 * Where entities would be in more than `most` cells, and in more than before, it writes nothing and returns some of them, nearly
 * always all.
 */
export async function refreshEffectiveMembers(trx: Trx, at: Generation, stale: Stale, most: number): Promise<Crowded[]> {
  // Tables without statistics look empty to the planner, which would then compare two long lists row by row.
  const isLong = 'cells' in stale || stale.entityIds.length > 100
  if (isLong) await sql`set local enable_nestloop = off`.execute(trx)
  const { rows } = await sql<Crowded>`
    with desired as materialized (${desired(at, stale)} limit ${mostRows(at, stale, most)}),
    crowded as materialized (${crowded(at, stale, most)}),
    deleted as (
      delete from effective_cell_members m where ${touched(at, stale)} and not exists (select from crowded)
        and not exists (select from desired d where d.cell = m.cell and d.env_id = m.env_id and d.entity_id = m.entity_id)
      returning m.cell
    ), inserted as (
      insert into effective_cell_members (project_id, generation, env_id, cell, entity_id)
      select ${at.projectId}::uuid, ${at.generation}::int, d.env_id, d.cell, d.entity_id from desired d where not exists (select from crowded)
      on conflict do nothing returning cell
    ), ${counted(at, 'effective_cell_members', sql`(select count(*) from inserted) - (select count(*) from deleted)`)}
    select e.id, e.name from crowded c
      join entities e on e.project_id = ${at.projectId} and e.generation = ${at.generation} and e.id = c.entity_id`.execute(trx)
  if (isLong) await sql`set local enable_nestloop to default`.execute(trx)
  return rows
}

/** The rows of effective membership that are updated, as `m`. */
const touched = (
  { projectId, generation }: Generation,
  stale: Stale,
) => sql`m.project_id = ${projectId} and m.generation = ${generation}
  and ${'entityIds' in stale ? sql`m.entity_id = any(${stale.entityIds}::uuid[])` : sql`m.cell = any(${stale.cells}::text[])`}`

/** With more rows than this, some entities exceed `most` and their number before, so no more rows are computed. */
const mostRows = (at: Generation, stale: Stale, most: number) => sql`(
  select (${
    'entityIds' in stale
      ? sql`${stale.entityIds.length}::int8`
      : sql`(select coalesce(sum(n), 0)::int8 from row_counts where project_id = ${at.projectId} and generation = ${at.generation} and table_name = 'entities')`
  } + 1) * ${2 * most}::int + count(*) from effective_cell_members m where ${touched(at, stale)})`

/**
 * The entities of `desired` with more than `most` cells and more than before. With `most` cells or fewer in all, it looks for
 * none.
 */
const crowded = (at: Generation, stale: Stale, most: number) => sql`
  select d.entity_id from (select entity_id, count(*) as n from desired group by entity_id) d
  left join (
    select m.entity_id, count(*) as n, count(*) filter (where ${'cells' in stale ? sql`m.cell in (select unnest(${stale.cells}::text[]))` : sql`true`}) as stale
    from effective_cell_members m where m.project_id = ${at.projectId} and m.generation = ${at.generation}
      and ${'cells' in stale ? sql`m.entity_id in (select entity_id from desired)` : sql`m.entity_id = any(${stale.entityIds}::uuid[])`}
    group by m.entity_id
  ) b on b.entity_id = d.entity_id
  where d.n > coalesce(b.stale, 0) and d.n + coalesce(b.n - b.stale, 0) > ${most}
    and (select count(*) from (select from cells where project_id = ${at.projectId} and generation = ${at.generation} limit ${most + 1}) c) > ${most}
  limit 1000`

/**
 * Whether an entity is an effective member of one of these cells. Does one lookup by entity for each row (`is true` prevents one
 * by each cell) and never a join (`offset 0`): the planner takes tables without statistics for empty and would compare them row
 * by row.
 */
export const inCells = ({ projectId, generation }: Generation, entity: RawBuilder<unknown>, cells: string[]) =>
  sql`exists (select from effective_cell_members m where m.project_id = ${projectId} and m.generation = ${generation}
  and m.entity_id = ${entity} and (m.cell = any(${cells}::text[])) is true offset 0)`

export type Difference = { cell: string; entity_id: string; what: 'missing' | 'surplus' }

/**
 * Where `effective_cell_members` differs from what explicit membership, properties and the hierarchy give, at most `limit` rows.
 * Empty means exact.
 */
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
