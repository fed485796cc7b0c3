import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { inCells } from '../catalog/effective-members.ts'
import type { Scope } from './entities.ts'
import type { Generation } from '../project-rows.ts'

export type Measured = { id: string; entity_type: string; env_id: string; metrics: Record<string, number> }

/** The pushed metrics of these entities. */
export async function listPushed(db: Database | Trx, { projectId, generation }: Generation, ids: string[]): Promise<Measured[]> {
  const { rows } = await sql<Measured>`select e.id, e.entity_type, e.env_id, e.metrics from entities e
    where e.project_id = ${projectId} and e.generation = ${generation} and e.id = any(${ids}::uuid[])`.execute(db)
  return rows
}

export type RelationshipCount = { entity_id: string; relationship_type: string; state: string; n: number }

/**
 * How many relationships of these types each entity is an end of, by state; within a scope only those whose other end is in it
 * too.
 */
export async function countRelationshipsByState(
  db: Database | Trx,
  { projectId, generation }: Generation,
  ids: string[],
  types: string[],
  scope: Scope,
) {
  const end = (
    own: 'from_id' | 'to_id',
    other: 'from_id' | 'to_id',
    rest = sql``,
  ) => sql`select ${sql.ref(`r.${own}`)} as entity_id, r.relationship_type, r.state
    from relationships r where r.project_id = ${projectId} and r.generation = ${generation} and ${sql.ref(`r.${own}`)} = any(${ids}::uuid[])
      and r.relationship_type = any(${types}::text[]) ${rest}
      ${scope === null ? sql`` : sql`and ${inCells({ projectId, generation }, sql.ref(`r.${other}`), scope)}`}`
  const { rows } = await sql<RelationshipCount>`select entity_id, relationship_type, state, count(*) as n
    from (${end('from_id', 'to_id')} union all ${end('to_id', 'from_id', sql`and r.from_id <> r.to_id`)}) ends group by 1, 2, 3`.execute(
    db,
  )
  return rows
}

/** Merges values into an entity's pushed metrics; null removes one, and undeclared ones are removed. */
export async function mergeMetrics(
  trx: Trx,
  { projectId, generation }: Generation,
  id: string,
  metrics: Record<string, number | null>,
  declared: string[],
): Promise<void> {
  await sql`update entities set metrics = jsonb_strip_nulls(
      (select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(metrics) where key = any(${declared}::text[]))
      || ${JSON.stringify(metrics)}::jsonb), updated_at = statement_timestamp()
    where project_id = ${projectId} and generation = ${generation} and id = ${id}`.execute(trx)
}

export type ReachedCell = { name: string; env_id: string }

/** The cells with limits that contain any of these entities, and in which environments. */
export async function listReachedCells(
  trx: Trx,
  { projectId, generation }: Generation,
  entityIds: string[],
): Promise<ReachedCell[]> {
  const { rows } = await sql<ReachedCell>`select distinct c.name, m.env_id from effective_cell_members m
    join cells c on c.project_id = m.project_id and c.generation = m.generation and c.name = m.cell and jsonb_array_length(c.constraints) > 0
    where m.project_id = ${projectId} and m.generation = ${generation} and m.entity_id = any(${entityIds}::uuid[])`.execute(trx)
  return rows
}

/** The limits of these cells, locked in the order of their names, so that two writers can neither fill one twice nor deadlock. */
export async function lockCells(trx: Trx, { projectId, generation }: Generation, names: string[]): Promise<Map<string, unknown>> {
  const { rows } = await sql<{ name: string; constraints: unknown }>`select c.name, c.constraints from cells c
    where c.project_id = ${projectId} and c.generation = ${generation} and c.name = any(${names}::text[])
    order by c.name for no key update`.execute(trx)
  return new Map(rows.map((row) => [row.name, row.constraints]))
}

/** The ids of a cell's members in one environment. */
export async function listCellMemberIds(
  db: Database | Trx,
  { projectId, generation }: Generation,
  cell: string,
  envId: string,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select entity_id as id from effective_cell_members where project_id = ${projectId}
    and generation = ${generation} and cell = ${cell} and env_id = ${envId}`.execute(db)
  return rows.map((row) => row.id)
}

/** Whether any type or cell sets a limit. Most projects have none, so that writes need not be measured. */
export async function hasMetricLimits(db: Database | Trx, { projectId, generation }: Generation): Promise<boolean> {
  const { rows } = await sql<{ any: boolean }>`select
    exists (select from entity_types where project_id = ${projectId} and generation = ${generation} and jsonb_array_length(constraints) > 0)
    or exists (select from cells where project_id = ${projectId} and generation = ${generation} and jsonb_array_length(constraints) > 0)
    as "any"`.execute(db)
  return rows[0]!.any
}
