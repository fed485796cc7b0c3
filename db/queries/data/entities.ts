import { type RawBuilder, sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { selfAndDescendants } from '../catalog/cells.ts'
import { inCells } from '../catalog/effective-members.ts'
import { json } from '../json.ts'
import { type Generation, countingDelete, countingInsert } from '../project-rows.ts'

/** `null` means every cell. */
export type Scope = string[] | null

export type EntityRow = {
  id: string
  env_name: string
  entity_type: string
  name: string
  state: string
  properties: Record<string, string | number | boolean>
  labels: Record<string, string>
  cells: string[]
  created_at: string
  updated_at: string
}

/**
 * Lists only cells within the caller's scope. The scope is computed once (`array`), without a lookup for each cell (`is true`).
 */
export const entityColumns = (at: Generation, scope: Scope) => sql`
  e.id, v.name as env_name, e.entity_type, e.name, e.state, e.properties, e.labels, e.created_at, e.updated_at,
  array(select m.cell from effective_cell_members m where m.project_id = ${at.projectId} and m.generation = ${at.generation} and m.entity_id = e.id
    ${scope === null ? sql`` : sql`and (m.cell = any(array(${selfAndDescendants(at, scope)}))) is true`} order by m.cell) as cells`

export const fromEntities = sql`entities e join environments v on v.project_id = e.project_id and v.id = e.env_id`

export const key = ({ projectId, generation }: Generation) => sql`e.project_id = ${projectId} and e.generation = ${generation}`
export const isInCells = (at: Generation, cells: string[]) => inCells(at, sql`e.id`, cells)
export const and = (conditions: RawBuilder<unknown>[]) => sql.join(conditions, sql` and `)

export type EntityKey = { id: string } | { name: string; entityType: string | undefined }

const named = (which: EntityKey) =>
  'id' in which
    ? [sql`e.id = ${which.id}`]
    : [sql`e.name = ${which.name}`, ...(which.entityType === undefined ? [] : [sql`e.entity_type = ${which.entityType}`])]

/** At most two rows: entities of several types may share a name. */
export async function findEntities(
  db: Database | Trx,
  at: Generation,
  envId: string,
  which: EntityKey,
  scope: Scope,
): Promise<EntityRow[]> {
  const where = [key(at), sql`e.env_id = ${envId}`, ...named(which), ...(scope === null ? [] : [isInCells(at, scope)])]
  const { rows } =
    await sql<EntityRow>`select ${entityColumns(at, scope)} from ${fromEntities} where ${and(where)} order by e.id limit 2`.execute(
      db,
    )
  return rows
}

/** Locks entities whatever the scope, with every cell that contains them: the write then checks the scope. */
export async function lockEntities(trx: Trx, at: Generation, envId: string, which: EntityKey): Promise<EntityRow[]> {
  const where = [key(at), sql`e.env_id = ${envId}`, ...named(which)]
  const { rows } =
    await sql<EntityRow>`select ${entityColumns(at, null)} from ${fromEntities} where ${and(where)} order by e.id limit 2 for update of e`.execute(
      trx,
    )
  return rows
}

export async function listEffectiveCells(
  db: Database | Trx,
  { projectId, generation }: Generation,
  entityId: string,
): Promise<string[]> {
  const rows = await db
    .selectFrom('effective_cell_members')
    .select('cell')
    .where('project_id', '=', projectId)
    .where('generation', '=', generation)
    .where('entity_id', '=', entityId)
    .orderBy('cell')
    .execute()
  return rows.map((row) => row.cell)
}

export type NewEntity = {
  id: string
  env_id: string
  entity_type: string
  name: string
  state: string
  properties: unknown
  labels: unknown
}

/** Inserts any number in one statement. Returns the ids of those whose name was free. */
export async function insertEntities(trx: Trx, at: Generation, entities: NewEntity[]): Promise<string[]> {
  const rows = await countingInsert<{ id: string }>(
    trx,
    at,
    'entities',
    sql`insert into entities (project_id, generation, id, env_id, entity_type, name, state, properties, labels)
      select ${at.projectId}::uuid, ${at.generation}::int, r.id, r.env_id, r.entity_type, r.name, r.state, r.properties, r.labels
      from jsonb_to_recordset(${json(entities)}) as r (id uuid, env_id uuid, entity_type text, name text, state text, properties jsonb, labels jsonb)
      on conflict do nothing returning id`,
  )
  return rows.map((row) => row.id)
}

/** Deletes an entity with its memberships. */
export async function deleteEntity(trx: Trx, at: Generation, id: string): Promise<void> {
  const where = sql`project_id = ${at.projectId} and generation = ${at.generation}`
  await countingDelete(
    trx,
    at,
    'effective_cell_members',
    sql`delete from effective_cell_members where ${where} and entity_id = ${id} returning cell`,
  )
  await countingDelete(trx, at, 'cell_members', sql`delete from cell_members where ${where} and entity_id = ${id} returning cell`)
  await countingDelete(trx, at, 'entities', sql`delete from entities where ${where} and id = ${id} returning id`)
}

export type KnownEntity = {
  id: string
  entity_type: string
  name: string
  state: string
  properties: Record<string, string | number | boolean>
  labels: Record<string, string>
}

export type EntityNamed = { entityType: string; name: string }

/** The ids of the environment's entities with these types and names. */
export async function listEntityIds(trx: Trx, at: Generation, envId: string, keys: EntityNamed[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select e.id from entities e
    join jsonb_to_recordset(${json(keys)}) as k ("entityType" text, name text) on e.entity_type = k."entityType" and e.name = k.name
    where ${key(at)} and e.env_id = ${envId}`.execute(trx)
  return rows.map((row) => row.id)
}

/** The environment's entities with these ids, locked in the order of their ids. */
export async function lockEntitiesById(trx: Trx, at: Generation, envId: string, ids: string[]): Promise<KnownEntity[]> {
  const { rows } = await sql<KnownEntity>`select e.id, e.entity_type, e.name, e.state, e.properties, e.labels from entities e
    where ${key(at)} and e.env_id = ${envId} and e.id = any(${ids}::uuid[]) order by e.id for update`.execute(trx)
  return rows
}

export type EntityPatch = { id: string; state: string; properties: unknown; labels: unknown }

/** Updates any number in one statement. */
export async function updateEntities(trx: Trx, at: Generation, patches: EntityPatch[]): Promise<void> {
  await sql`update entities e set state = p.state, properties = p.properties, labels = p.labels, updated_at = statement_timestamp()
    from jsonb_to_recordset(${json(patches)}) as p (id uuid, state text, properties jsonb, labels jsonb)
    where ${key(at)} and e.id = p.id`.execute(trx)
}
