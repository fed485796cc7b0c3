import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { json } from '../json.ts'
import { type Generation, countingInsert } from '../project-rows.ts'
import { type PageByName, pageByName } from './by-name.ts'

const columns = [
  'name',
  'display_name',
  'states',
  'initial_state',
  'properties',
  'metrics',
  'constraints',
  'sync',
  'created_at',
  'updated_at',
] as const

const at = (db: Database | Trx, { projectId, generation }: Generation) =>
  db.selectFrom('entity_types').select(columns).where('project_id', '=', projectId).where('generation', '=', generation)

export const listEntityTypes = (db: Database | Trx, where: Generation, page: PageByName) =>
  pageByName(at(db, where), 'entity_types', page)

export function findEntityType(db: Database | Trx, where: Generation, name: string) {
  return at(db, where).where('name', '=', name).executeTakeFirst()
}

export type EntityTypeRow = NonNullable<Awaited<ReturnType<typeof findEntityType>>>

export type EntityTypeSpec = {
  name: string
  display_name: string
  states: string[]
  initial_state: string
  properties: unknown
  metrics: unknown
  constraints: unknown
  sync: unknown
}

/** Upserts any number of types, in two statements. */
export async function upsertEntityTypes(trx: Trx, where: Generation, types: EntityTypeSpec[]): Promise<void> {
  const incoming = sql`jsonb_to_recordset(${json(types)}) as r (name text, display_name text, states text[], initial_state text, properties jsonb,
    metrics jsonb, constraints jsonb, sync jsonb)`
  await sql`update entity_types t set display_name = r.display_name, states = r.states, initial_state = r.initial_state, properties = r.properties,
      metrics = r.metrics, constraints = r.constraints, sync = r.sync, updated_at = statement_timestamp()
    from ${incoming} where t.project_id = ${where.projectId} and t.generation = ${where.generation} and t.name = r.name`.execute(
    trx,
  )
  await countingInsert(
    trx,
    where,
    'entity_types',
    sql`insert into entity_types (project_id, generation, name, display_name, states, initial_state, properties, metrics, constraints, sync)
      select ${where.projectId}::uuid, ${where.generation}::int, r.name, r.display_name, r.states, r.initial_state, r.properties, r.metrics, r.constraints,
        r.sync from ${incoming} on conflict do nothing returning name`,
  )
}

/** What depends on a type: its entities and its cells. */
export async function countEntityTypeUses(trx: Trx, { projectId, generation }: Generation, name: string) {
  const { rows } = await sql<{ entities: number; cells: number; relationshipTypes: number }>`
    select
      (select count(*) from entities where project_id = ${projectId} and generation = ${generation} and entity_type = ${name}) as entities,
      (select count(*) from cells where project_id = ${projectId} and generation = ${generation} and entity_type = ${name}) as cells,
      (select count(*) from relationship_types where project_id = ${projectId} and generation = ${generation}
        and (from_type = ${name} or to_type = ${name})) as "relationshipTypes"`.execute(trx)
  return rows[0]!
}

/** The cells of a type that derive from one of these properties. */
export function listCellsDerivedFrom(trx: Trx, { projectId, generation }: Generation, type: string, properties: string[]) {
  return trx
    .selectFrom('cells')
    .select(['name', 'derived_property'])
    .where('project_id', '=', projectId)
    .where('generation', '=', generation)
    .where('entity_type', '=', type)
    .where(sql<boolean>`derived_property = any(${properties}::text[])`)
    .execute()
}

/** The types with these names. */
export function listEntityTypesByName(db: Database | Trx, where: Generation, names: string[]) {
  return at(db, where)
    .where(sql<boolean>`name = any(${names}::text[])`)
    .execute()
}
