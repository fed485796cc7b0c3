import { type RawBuilder, sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { inCells } from '../catalog/effective-members.ts'
import type { Scope } from '../data/entities.ts'
import { json } from '../json.ts'
import { isFollowed, withinBytes } from '../page-bytes.ts'
import { type Generation, type WipedTable, countingInsert } from '../project-rows.ts'

const CHUNK = 1000

/** Begins a read-only transaction with one snapshot. The caller must end it. */
export function beginSnapshot(db: Database) {
  return db.startTransaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute()
}

/** Follows a key through a table, one chunk a statement. */
export async function* chunks<Row extends object>(
  chunk: (after: string | undefined) => Promise<Row[]>,
  keyOf: (row: Row) => string,
): AsyncGenerator<Row> {
  let after: string | undefined
  for (;;) {
    const rows = await chunk(after)
    yield* rows
    if (rows.length < CHUNK && !isFollowed(rows.at(-1))) return
    after = keyOf(rows.at(-1)!)
  }
}

/** What is exported: everything, or what an environment and cells include. */
export type Visible = { envId: string | null; scope: Scope }

const inScope = (scope: Scope, entity: RawBuilder<unknown>, at: Generation) =>
  scope === null ? sql`true` : inCells(at, entity, scope)

const inEnvironment = (envId: string | null, column: RawBuilder<unknown>) =>
  envId === null ? sql`true` : sql`${column} = ${envId}`

export type ExportedEntity = {
  id: string
  env_name: string
  entity_type: string
  name: string
  state: string
  properties: Record<string, string | number | boolean>
  labels: Record<string, string>
  metrics: Record<string, number>
  created_at: string
  updated_at: string
}

export function exportEntities(db: Trx, at: Generation, { envId, scope }: Visible): AsyncGenerator<ExportedEntity> {
  return chunks(
    async (after) => {
      const query = sql<ExportedEntity>`select e.id, v.name as env_name, e.entity_type, e.name, e.state, e.properties, e.labels, e.metrics,
          e.created_at, e.updated_at
        from entities e join environments v on v.project_id = e.project_id and v.id = e.env_id
        where e.project_id = ${at.projectId} and e.generation = ${at.generation} and ${inEnvironment(envId, sql`e.env_id`)}
          and ${inScope(scope, sql`e.id`, at)} ${after === undefined ? sql`` : sql`and e.id > ${after}`}
        order by e.id limit ${CHUNK}`
      return withinBytes(db, query, ['properties', 'labels'], sql`q.id`)
    },
    (row) => row.id,
  )
}

export type ExportedMember = { cell: string; entity_id: string; created_at: string }

/** In a scope, only memberships of its own cells and those below them. */
export function exportCellMembers(
  db: Trx,
  at: Generation,
  { envId, scope }: Visible,
  reached: string[] | null,
): AsyncGenerator<ExportedMember> {
  return chunks(
    async (after) => {
      const [cell, entityId] = after === undefined ? [] : (JSON.parse(after) as [string, string])
      const { rows } = await sql<ExportedMember>`select c.cell, c.entity_id, c.created_at from cell_members c
        join entities e on e.project_id = c.project_id and e.generation = c.generation and e.id = c.entity_id
        where c.project_id = ${at.projectId} and c.generation = ${at.generation} and ${inEnvironment(envId, sql`e.env_id`)}
          and ${inScope(scope, sql`e.id`, at)} ${reached === null ? sql`` : sql`and c.cell = any(${reached}::text[])`}
          ${cell === undefined ? sql`` : sql`and (c.cell, c.entity_id) > (${cell}, ${entityId}::uuid)`}
        order by c.cell, c.entity_id limit ${CHUNK}`.execute(db)
      return rows
    },
    (row) => JSON.stringify([row.cell, row.entity_id]),
  )
}

export type ExportedRelationship = Omit<ExportedEntity, 'entity_type' | 'name' | 'metrics'> & {
  relationship_type: string
  from_id: string
  to_id: string
}

/** Relationships with both ends in the export. */
export function exportRelationships(db: Trx, at: Generation, { envId, scope }: Visible): AsyncGenerator<ExportedRelationship> {
  return chunks(
    async (after) => {
      const query = sql<ExportedRelationship>`select r.id, v.name as env_name, r.relationship_type, r.from_id, r.to_id, r.state, r.properties,
          r.labels, r.created_at, r.updated_at
        from relationships r join environments v on v.project_id = r.project_id and v.id = r.env_id
        where r.project_id = ${at.projectId} and r.generation = ${at.generation} and ${inEnvironment(envId, sql`r.env_id`)}
          and ${inScope(scope, sql`r.from_id`, at)} and ${inScope(scope, sql`r.to_id`, at)}
          ${after === undefined ? sql`` : sql`and r.id > ${after}`}
        order by r.id limit ${CHUNK}`
      return withinBytes(db, query, ['properties', 'labels'], sql`q.id`)
    },
    (row) => row.id,
  )
}

/** Restores the original times of imported rows. */
export async function setTimes(
  trx: Trx,
  at: Generation,
  table: WipedTable,
  key: 'id' | 'name',
  times: { key: string; createdAt: string; updatedAt: string }[],
): Promise<void> {
  await sql`update ${sql.table(table)} t set created_at = r."createdAt", updated_at = r."updatedAt"
    from jsonb_to_recordset(${json(times)}) as r (key text, "createdAt" timestamptz, "updatedAt" timestamptz)
    where t.project_id = ${at.projectId} and t.generation = ${at.generation} and ${sql.ref(`t.${key}`)} = r.key${key === 'id' ? sql`::uuid` : sql``}`.execute(
    trx,
  )
}

export async function setMetrics(
  trx: Trx,
  at: Generation,
  metrics: { id: string; metrics: Record<string, number> }[],
): Promise<void> {
  await sql`update entities e set metrics = r.metrics from jsonb_to_recordset(${json(metrics)}) as r (id uuid, metrics jsonb)
    where e.project_id = ${at.projectId} and e.generation = ${at.generation} and e.id = r.id`.execute(trx)
}

/** Returns the inserted ones. Skips derived cells, cells of another entity type and entities that do not exist. */
export async function importCellMembers(
  trx: Trx,
  at: Generation,
  members: { cell: string; entityId: string; createdAt: string }[],
): Promise<{ cell: string; entity_id: string }[]> {
  return countingInsert(
    trx,
    at,
    'cell_members',
    sql`insert into cell_members (project_id, generation, cell, entity_id, created_at)
      select ${at.projectId}::uuid, ${at.generation}::int, r.cell, r."entityId", r."createdAt"
      from jsonb_to_recordset(${json(members)}) as r (cell text, "entityId" uuid, "createdAt" timestamptz)
      join cells c on c.project_id = ${at.projectId} and c.generation = ${at.generation} and c.name = r.cell and c.derived_property is null
      join entities e on e.project_id = c.project_id and e.generation = c.generation and e.id = r."entityId" and e.entity_type = c.entity_type
      on conflict do nothing returning cell, entity_id`,
  )
}
