import { type RawBuilder, sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { inCells } from '../catalog/effective-members.ts'
import type { Scope } from './entities.ts'
import { json } from '../json.ts'
import { withinBytes } from '../page-bytes.ts'
import { type Generation, countingDelete, countingInsert } from '../project-rows.ts'

export type RelationshipRow = {
  id: string
  env_id: string
  env_name: string
  relationship_type: string
  from_id: string
  from_type: string
  from_name: string
  to_id: string
  to_type: string
  to_name: string
  state: string
  properties: Record<string, string | number | boolean>
  labels: Record<string, string>
  created_at: string
  updated_at: string
}

const columns = sql`
  r.id, r.env_id, v.name as env_name, r.relationship_type, r.from_id, f.entity_type as from_type, f.name as from_name, r.to_id, t.entity_type as to_type,
  t.name as to_name, r.state, r.properties, r.labels, r.created_at, r.updated_at`

const from = sql`relationships r
  join environments v on v.project_id = r.project_id and v.id = r.env_id
  join entities f on f.project_id = r.project_id and f.generation = r.generation and f.id = r.from_id
  join entities t on t.project_id = r.project_id and t.generation = r.generation and t.id = r.to_id`

const key = ({ projectId, generation }: Generation) => sql`r.project_id = ${projectId} and r.generation = ${generation}`

/** Both ends are in the scope. */
const visible = (at: Generation, scope: Scope): RawBuilder<unknown>[] =>
  scope === null ? [] : (['from_id', 'to_id'] as const).map((end) => inCells(at, sql.ref(`r.${end}`), scope))

const and = (conditions: RawBuilder<unknown>[]) => sql.join(conditions, sql` and `)

export type RelationshipPage = {
  relationshipType: string | undefined
  state: string | undefined
  entity: string | undefined
  from: string | undefined
  to: string | undefined
  after: string | undefined
  limit: number
}

/** Relationships of one environment within a scope, oldest first. */
export async function listRelationships(db: Database | Trx, at: Generation, envId: string, scope: Scope, page: RelationshipPage) {
  const where = [
    key(at),
    sql`r.env_id = ${envId}`,
    ...visible(at, scope),
    ...(page.relationshipType === undefined ? [] : [sql`r.relationship_type = ${page.relationshipType}`]),
    ...(page.state === undefined ? [] : [sql`r.state = ${page.state}`]),
    ...(page.entity === undefined ? [] : [sql`(r.from_id = ${page.entity} or r.to_id = ${page.entity})`]),
    ...(page.from === undefined ? [] : [sql`r.from_id = ${page.from}`]),
    ...(page.to === undefined ? [] : [sql`r.to_id = ${page.to}`]),
    ...(page.after === undefined ? [] : [sql`r.id > ${page.after}`]),
  ]
  const query = sql<RelationshipRow>`select ${columns} from ${from} where ${and(where)} order by r.id limit ${page.limit + 1}`
  return withinBytes(db, query, ['properties', 'labels'], sql`q.id`)
}

export async function findRelationship(db: Database | Trx, at: Generation, envId: string, id: string, scope: Scope) {
  const where = [key(at), sql`r.env_id = ${envId}`, sql`r.id = ${id}`, ...visible(at, scope)]
  const { rows } = await sql<RelationshipRow>`select ${columns} from ${from} where ${and(where)}`.execute(db)
  return rows[0]
}

/** Ignores the scope: the write then checks it. */
export async function lockRelationship(trx: Trx, at: Generation, envId: string, id: string) {
  const where = [key(at), sql`r.env_id = ${envId}`, sql`r.id = ${id}`]
  const { rows } = await sql<RelationshipRow>`select ${columns} from ${from} where ${and(where)} for update of r`.execute(trx)
  return rows[0]
}

export type NewRelationship = {
  id: string
  env_id: string
  relationship_type: string
  from_id: string
  to_id: string
  state: string
  properties: unknown
  labels: unknown
}

/** Inserts any number in one statement. Returns the ids of the new ones. */
export async function insertRelationships(trx: Trx, at: Generation, relationships: NewRelationship[]): Promise<string[]> {
  const rows = await countingInsert<{ id: string }>(
    trx,
    at,
    'relationships',
    sql`insert into relationships (project_id, generation, id, env_id, relationship_type, from_id, to_id, state, properties, labels)
      select ${at.projectId}::uuid, ${at.generation}::int, r.id, r.env_id, r.relationship_type, r.from_id, r.to_id, r.state, r.properties, r.labels
      from jsonb_to_recordset(${json(relationships)}) as r (id uuid, env_id uuid, relationship_type text, from_id uuid, to_id uuid, state text,
        properties jsonb, labels jsonb)
      on conflict do nothing returning id`,
  )
  return rows.map((row) => row.id)
}

export type RelationshipPatch = { id: string; state: string; properties: unknown; labels: unknown }

/** Updates any number in one statement. */
export async function updateRelationships(trx: Trx, at: Generation, patches: RelationshipPatch[]): Promise<void> {
  await sql`update relationships r set state = p.state, properties = p.properties, labels = p.labels, updated_at = statement_timestamp()
    from jsonb_to_recordset(${json(patches)}) as p (id uuid, state text, properties jsonb, labels jsonb)
    where ${key(at)} and r.id = p.id`.execute(trx)
}

export async function deleteRelationship(trx: Trx, at: Generation, id: string): Promise<void> {
  await countingDelete(
    trx,
    at,
    'relationships',
    sql`delete from relationships where project_id = ${at.projectId} and generation = ${at.generation} and id = ${id} returning id`,
  )
}

/** The number of relationships at an entity. */
export async function countRelationshipsAt(trx: Trx, at: Generation, entityId: string, scope: Scope): Promise<number> {
  const conditions = [key(at), sql`(r.from_id = ${entityId} or r.to_id = ${entityId})`, ...visible(at, scope)]
  const { rows } = await sql<{ n: number }>`select count(*) as n from relationships r where ${and(conditions)}`.execute(trx)
  return rows[0]!.n
}

export type Load = { end: string; n: number; sums: Record<string, number> }

/**
 * The totals of one type's relationships at each of these entities, at one end: their number, and the sum of each numeric
 * property.
 */
export async function sumLoads(
  trx: Trx,
  at: Generation,
  type: string,
  end: 'from_id' | 'to_id',
  entityIds: string[],
): Promise<Map<string, Load>> {
  const { rows } = await sql<Load>`
    with theirs as (select ${sql.ref(`r.${end}`)} as "end", r.properties from relationships r
      where ${key(at)} and r.relationship_type = ${type} and ${sql.ref(`r.${end}`)} = any(${entityIds}::uuid[])),
    sums as (select "end", name, sum((value #>> '{}')::numeric) as total from theirs cross join lateral jsonb_each(properties) p (name, value)
      where jsonb_typeof(value) = 'number' group by "end", name)
    select c."end", c.n, coalesce((select jsonb_object_agg(s.name, s.total) from sums s where s."end" = c."end"), '{}'::jsonb) as sums
    from (select "end", count(*) as n from theirs group by "end") c`.execute(trx)
  return new Map(rows.map((row) => [row.end, row]))
}

export type KnownRelationship = {
  id: string
  relationship_type: string
  from_id: string
  to_id: string
  state: string
  properties: Record<string, string | number | boolean>
  labels: Record<string, string>
}

/** The ids of existing relationships with these types between these entities. */
export async function listRelationshipIds(
  trx: Trx,
  at: Generation,
  keys: { type: string; from: string; to: string }[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select r.id from relationships r
    join jsonb_to_recordset(${json(keys)}) as k (type text, "from" uuid, "to" uuid)
      on r.relationship_type = k.type and r.from_id = k."from" and r.to_id = k."to"
    where ${key(at)}`.execute(trx)
  return rows.map((row) => row.id)
}

/** The relationships with these ids, locked. */
export async function lockRelationshipsById(trx: Trx, at: Generation, ids: string[]): Promise<KnownRelationship[]> {
  const { rows } =
    await sql<KnownRelationship>`select r.id, r.relationship_type, r.from_id, r.to_id, r.state, r.properties, r.labels
    from relationships r where ${key(at)} and r.id = any(${ids}::uuid[]) order by r.id for update`.execute(trx)
  return rows
}

/** When each of these entities last got a relationship, at either end. */
export async function listLastPlaced(
  db: Database | Trx,
  at: Generation,
  ids: string[],
): Promise<{ id: string; last_placed_at: string }[]> {
  const end = (column: 'from_id' | 'to_id') => sql`select ${sql.ref(`r.${column}`)} as id, r.created_at from relationships r
    where ${key(at)} and ${sql.ref(`r.${column}`)} = any(${ids}::uuid[])`
  const { rows } = await sql<{ id: string; last_placed_at: string }>`select id, max(created_at) as last_placed_at
    from (${end('from_id')} union all ${end('to_id')}) ends group by id`.execute(db)
  return rows
}
