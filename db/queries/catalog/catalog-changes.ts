import { sql } from 'kysely'
import type { Trx } from '../../client.ts'
import { json } from '../json.ts'
import { type Generation, countingDelete } from '../project-rows.ts'

export type Dropped = {
  kind: 'EntityType' | 'RelationshipType'
  type: string
  states: string[]
  properties: string[]
  initialState: string
}
export type DroppedUse = { kind: string; type: string; what: 'state' | 'property'; name: string }

const recordset = (
  drops: Dropped[],
) => sql`jsonb_to_recordset(${json(drops)}) as d (kind text, type text, states text[], properties text[],
  "initialState" text)`

/** Which dropped states rows are in, and which dropped properties rows have values for; all types at once. */
export async function listDroppedUses(trx: Trx, { projectId, generation }: Generation, drops: Dropped[]): Promise<DroppedUse[]> {
  const rowsOf = (kind: string, table: string, column: string) => sql`
    select d.kind, d.type, 'state' as what, s as name from ${recordset(drops)} cross join lateral unnest(d.states) s
      where d.kind = ${kind} and exists (select from ${sql.table(table)} r where r.project_id = ${projectId} and r.generation = ${generation}
        and ${sql.ref(`r.${column}`)} = d.type and r.state = s)
    union all
    select d.kind, d.type, 'property', p from ${recordset(drops)} cross join lateral unnest(d.properties) p
      where d.kind = ${kind} and exists (select from ${sql.table(table)} r where r.project_id = ${projectId} and r.generation = ${generation}
        and ${sql.ref(`r.${column}`)} = d.type and r.properties ? p)`
  const { rows } = await sql<DroppedUse>`${rowsOf('EntityType', 'entities', 'entity_type')}
    union all ${rowsOf('RelationshipType', 'relationships', 'relationship_type')} order by 1, 2, 3, 4`.execute(trx)
  return rows
}

const typeColumns = { entities: 'entity_type', relationships: 'relationship_type' }

/** Which of these states rows of the type are in, and which of these properties they have values for. */
export async function findDroppedUses(
  trx: Trx,
  { projectId, generation }: Generation,
  table: keyof typeof typeColumns,
  { type, states, properties }: { type: string; states: string[]; properties: string[] },
) {
  const ofType = sql`r.project_id = ${projectId} and r.generation = ${generation} and ${sql.ref(`r.${typeColumns[table]}`)} = ${type}`
  const { rows } = await sql<{ states: string[]; properties: string[] }>`
    select
      array(select distinct r.state from ${sql.table(table)} r where ${ofType} and r.state = any(${states}::text[])) as states,
      array(select p from unnest(${properties}::text[]) p where exists (
        select from ${sql.table(table)} r where ${ofType} and r.properties ? p)) as properties`.execute(trx)
  return rows[0]!
}

/** Removes what is dropped from the rows that have it: a dropped state becomes the type's first one, a dropped property goes. */
export async function dropFromRows(trx: Trx, { projectId, generation }: Generation, drops: Dropped[]): Promise<void> {
  for (const [kind, table, column] of [
    ['EntityType', 'entities', 'entity_type'],
    ['RelationshipType', 'relationships', 'relationship_type'],
  ] as const) {
    await sql`update ${sql.table(table)} r set
        state = case when r.state = any(d.states) then d."initialState" else r.state end,
        properties = r.properties - d.properties, updated_at = statement_timestamp()
      from ${recordset(drops)} where d.kind = ${kind} and r.project_id = ${projectId} and r.generation = ${generation}
        and ${sql.ref(`r.${column}`)} = d.type and (r.state = any(d.states) or r.properties ?| d.properties)`.execute(trx)
  }
}

export type CatalogUse = { kind: string; name: string; by: string; n: number }

/** What still depends on these parts of the catalog: rows and other parts, except those deleted with them. */
export async function listCatalogUses(
  trx: Trx,
  { projectId, generation }: Generation,
  deletions: { kind: string; name: string }[],
): Promise<CatalogUse[]> {
  const gone = sql`jsonb_to_recordset(${json(deletions)}) as d (kind text, name text)`
  const spared = (
    kind: string,
    name: string,
  ) => sql`(${sql.lit(kind)}, ${sql.raw(name)}) not in (select g.kind, g.name from jsonb_to_recordset(${json(deletions)})
    as g (kind text, name text))`
  const at = (alias: string) =>
    sql`${sql.ref(`${alias}.project_id`)} = ${projectId} and ${sql.ref(`${alias}.generation`)} = ${generation}`
  const { rows } = await sql<CatalogUse>`
    select d.kind, d.name, 'entities' as by, count(*) as n from ${gone} join entities e on ${at('e')} and e.entity_type = d.name
      where d.kind = 'EntityType' group by 1, 2
    union all select d.kind, d.name, 'cells', count(*) from ${gone} join cells c on ${at('c')} and c.entity_type = d.name
      where d.kind = 'EntityType' and ${spared('Cell', 'c.name')} group by 1, 2
    union all select d.kind, d.name, 'relationship types', count(*) from ${gone} join relationship_types t on ${at('t')}
      and (t.from_type = d.name or t.to_type = d.name) where d.kind = 'EntityType' and ${spared('RelationshipType', 't.name')} group by 1, 2
    union all select d.kind, d.name, 'cells below it', count(*) from ${gone} join cell_parents p on ${at('p')} and p.parent = d.name
      where d.kind = 'Cell' and ${spared('Cell', 'p.cell')} group by 1, 2
    union all select d.kind, d.name, 'relationships', count(*) from ${gone} join relationships r on ${at('r')} and r.relationship_type = d.name
      where d.kind = 'RelationshipType' group by 1, 2`.execute(trx)
  return rows
}

/** Deletes cells, their place in the hierarchy and their members; entity types. Nothing may depend on them. */
export async function deleteCells(trx: Trx, where: Generation, names: string[]): Promise<void> {
  const key = sql`project_id = ${where.projectId} and generation = ${where.generation}`
  const one = sql`= any(${names}::text[])`
  await countingDelete(
    trx,
    where,
    'effective_cell_members',
    sql`delete from effective_cell_members where ${key} and cell ${one} returning cell`,
  )
  await countingDelete(trx, where, 'cell_members', sql`delete from cell_members where ${key} and cell ${one} returning cell`)
  await countingDelete(
    trx,
    where,
    'cell_parents',
    sql`delete from cell_parents where ${key} and (cell ${one} or parent ${one}) returning cell`,
  )
  await countingDelete(trx, where, 'cells', sql`delete from cells where ${key} and name ${one} returning name`)
}

export async function deleteEntityTypes(trx: Trx, where: Generation, names: string[]): Promise<void> {
  await countingDelete(
    trx,
    where,
    'entity_types',
    sql`delete from entity_types where project_id = ${where.projectId} and generation = ${where.generation} and name = any(${names}::text[]) returning name`,
  )
}
