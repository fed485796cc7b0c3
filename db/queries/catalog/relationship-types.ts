import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import type { Cardinality } from '../../schema.ts'
import { json } from '../json.ts'
import { type Generation, countingDelete, countingInsert } from '../project-rows.ts'
import { type PageByName, pageByName } from './by-name.ts'

const columns = [
  'name',
  'display_name',
  'from_type',
  'to_type',
  'cardinality',
  'states',
  'properties',
  'constraints',
  'created_at',
  'updated_at',
] as const

const at = (db: Database | Trx, { projectId, generation }: Generation) =>
  db.selectFrom('relationship_types').select(columns).where('project_id', '=', projectId).where('generation', '=', generation)

export const listRelationshipTypes = (db: Database | Trx, where: Generation, page: PageByName) =>
  pageByName(at(db, where), 'relationship_types', page)

export function findRelationshipType(db: Database | Trx, where: Generation, name: string) {
  return at(db, where).where('name', '=', name).executeTakeFirst()
}

export type RelationshipTypeRow = NonNullable<Awaited<ReturnType<typeof findRelationshipType>>>

export type RelationshipTypeSpec = {
  name: string
  display_name: string
  from_type: string
  to_type: string
  cardinality: Cardinality
  states: string[]
  properties: unknown
  constraints: unknown
}

/** Upserts any number of types, in one statement. */
export async function upsertRelationshipTypes(trx: Trx, where: Generation, types: RelationshipTypeSpec[]): Promise<void> {
  const incoming = sql`jsonb_to_recordset(${json(types)}) as r (name text, display_name text, from_type text, to_type text,
    cardinality cardinality, states text[], properties jsonb, constraints jsonb)`
  await sql`update relationship_types t set display_name = r.display_name, from_type = r.from_type, to_type = r.to_type, cardinality = r.cardinality,
      states = r.states, properties = r.properties, constraints = r.constraints, updated_at = statement_timestamp()
    from ${incoming} where t.project_id = ${where.projectId} and t.generation = ${where.generation} and t.name = r.name`.execute(
    trx,
  )
  await countingInsert(
    trx,
    where,
    'relationship_types',
    sql`insert into relationship_types (project_id, generation, name, display_name, from_type, to_type, cardinality, states, properties, constraints)
      select ${where.projectId}::uuid, ${where.generation}::int, r.name, r.display_name, r.from_type, r.to_type, r.cardinality, r.states, r.properties,
        r.constraints from ${incoming} on conflict do nothing returning name`,
  )
}

export async function deleteRelationshipTypes(trx: Trx, { projectId, generation }: Generation, names: string[]): Promise<void> {
  await countingDelete(
    trx,
    { projectId, generation },
    'relationship_types',
    sql`delete from relationship_types where project_id = ${projectId} and generation = ${generation} and name = any(${names}::text[]) returning name`,
  )
}

export async function countRelationshipsOf(trx: Trx, { projectId, generation }: Generation, type: string): Promise<number> {
  const row = await trx
    .selectFrom('relationships')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('project_id', '=', projectId)
    .where('generation', '=', generation)
    .where('relationship_type', '=', type)
    .executeTakeFirstOrThrow()
  return row.n
}

/** The most relationships of the type that one entity has, outgoing and incoming: what a cardinality must allow. */
export async function countMost(trx: Trx, { projectId, generation }: Generation, type: string) {
  const { rows } = await sql<{ outgoing: number; incoming: number }>`
    select
      coalesce((select max(n) from (select count(*) n from relationships where project_id = ${projectId} and generation = ${generation}
        and relationship_type = ${type} group by from_id) f), 0) as outgoing,
      coalesce((select max(n) from (select count(*) n from relationships where project_id = ${projectId} and generation = ${generation}
        and relationship_type = ${type} group by to_id) t), 0) as incoming`.execute(trx)
  return rows[0]!
}
