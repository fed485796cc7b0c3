import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { plannedWithValues, preparedFirst } from '../../prepared.ts'
import { tokensAreOn } from '../restore-holds.ts'
import { json } from '../json.ts'
import { type Generation, countingDelete, countingInsert } from '../project-rows.ts'
import { BATCH_BYTES, withinBytes } from '../page-bytes.ts'
import { before } from './paging.ts'
import { type RegisteredFilter, type RegisteredPage, matching, unlessTaken } from './registered.ts'

/** A ping is due every 30 seconds, with 5 seconds of grace (reference v1, 3). */
const status = sql<'waiting' | 'running' | 'unreachable'>`case when r.last_ping_at is null then 'waiting'
  when r.last_ping_at > now() - interval '35 seconds' then 'running' else 'unreachable' end`

const alive = (db: Database | Trx, { projectId, generation }: Generation) =>
  db.selectFrom('core_instances as r').where('r.project_id', '=', projectId).where('r.generation', '=', generation)

const coreInstances = (db: Database | Trx, at: Generation) =>
  alive(db, at)
    .innerJoin('environments as e', (join) => join.onRef('e.project_id', '=', 'r.project_id').onRef('e.id', '=', 'r.env_id'))
    .select(['r.id', 'r.env_id', 'e.name as env_name', 'r.name', 'r.version', 'r.image', 'r.tags', 'r.metadata'])
    .select(['r.skip_service_creation', 'r.cluster_logging', status.as('status'), 'r.created_at', 'r.updated_at'])

export type CoreInstanceRow = NonNullable<Awaited<ReturnType<typeof findCoreInstance>>>

/** Newest first. */
export function listCoreInstances(db: Database | Trx, at: Generation, { before: cursor, limit, ...filter }: RegisteredPage) {
  const query = coreInstances(db, at)
    .modifyFront(plannedWithValues)
    .where(matching(filter) as never)
    .$if(cursor !== undefined, (q) => q.where(before('r', cursor!)))
    .orderBy('r.created_at', 'desc')
    .orderBy('r.id', 'desc')
    .limit(limit + 1)
  return withinBytes(db, query, ['metadata', 'tags'], sql`q.created_at desc, q.id desc`, BATCH_BYTES)
}

export async function countCoreInstances(db: Database | Trx, at: Generation, filter: RegisteredFilter): Promise<number> {
  const { n } = await alive(db, at)
    .modifyFront(plannedWithValues)
    .where(matching(filter) as never)
    .select(sql<number>`count(*)`.as('n'))
    .executeTakeFirstOrThrow()
  return n
}

export const findCoreInstance = (db: Database | Trx, at: Generation, id: string) =>
  coreInstances(db, at).where('r.id', '=', id).executeTakeFirst()

export const lockCoreInstance = (trx: Trx, at: Generation, id: string) =>
  coreInstances(trx, at).where('r.id', '=', id).forUpdate('r').executeTakeFirst()

/** The existing core instances with these ids, locked in the order of their ids. */
export const lockCoreInstances = (trx: Trx, at: Generation, ids: string[]) =>
  coreInstances(trx, at)
    .where(sql<boolean>`r.id = any(${ids}::uuid[])`)
    .orderBy('r.id')
    .forUpdate('r')
    .execute()

/** The core instance of a token, in the live generation of a live project. */
export const findCoreInstanceOfToken = preparedFirst((db, projectId: string, id: string) =>
  db
    .selectFrom('core_instances as r')
    .innerJoin('projects as p', (join) => join.onRef('p.id', '=', 'r.project_id').onRef('p.generation', '=', 'r.generation'))
    .select(['r.id', 'r.name', 'r.env_id', 'r.project_id', 'p.org_id'])
    .where('r.project_id', '=', projectId)
    .where('r.id', '=', id)
    .where('p.deleted_at', 'is', null)
    .where(tokensAreOn),
)

export type CoreInstanceFields = {
  env_id: string
  name: string
  version: string
  image: string | null
  tags: string[]
  metadata: Record<string, unknown>
  skip_service_creation: boolean
  cluster_logging: boolean
}
export type NewCoreInstance = CoreInstanceFields & {
  id: string
  add_health_check_pipeline: boolean
  health_check_pipeline_port: number
  health_check_pipeline_port_kind: string
}

/** False when the name is taken in its environment. */
export async function insertCoreInstance(trx: Trx, at: Generation, one: NewCoreInstance): Promise<boolean> {
  const rows = await countingInsert(
    trx,
    at,
    'core_instances',
    sql`insert into core_instances (project_id, generation, id, env_id, name, version, image, tags, metadata, skip_service_creation,
        cluster_logging, add_health_check_pipeline, health_check_pipeline_port, health_check_pipeline_port_kind)
      values (${at.projectId}, ${at.generation}, ${one.id}, ${one.env_id}, ${one.name}, ${one.version}, ${one.image}, ${one.tags}::text[],
        ${json(one.metadata)}, ${one.skip_service_creation}, ${one.cluster_logging}, ${one.add_health_check_pipeline},
        ${one.health_check_pipeline_port}, ${one.health_check_pipeline_port_kind})
      on conflict on constraint core_instances_name do nothing returning id`,
  )
  return rows.length > 0
}

/** False when the new name is taken in its environment. */
export function updateCoreInstance(
  trx: Trx,
  at: Generation,
  id: string,
  { metadata, ...rest }: Partial<CoreInstanceFields>,
): Promise<boolean> {
  const write = trx
    .updateTable('core_instances')
    .set({ ...rest, ...(metadata && { metadata: json(metadata) }), updated_at: sql<string>`statement_timestamp()` })
    .where('project_id', '=', at.projectId)
    .where('generation', '=', at.generation)
    .where('id', '=', id)
    .execute()
  return unlessTaken('core_instances_name', write)
}

export async function markPinged(trx: Trx, at: Generation, id: string): Promise<void> {
  await trx
    .updateTable('core_instances')
    .set({ last_ping_at: sql<string>`now()` })
    .where('project_id', '=', at.projectId)
    .where('generation', '=', at.generation)
    .where('id', '=', id)
    .execute()
}

export async function deleteCoreInstances(trx: Trx, at: Generation, ids: string[]): Promise<void> {
  await countingDelete(
    trx,
    at,
    'core_instances',
    sql`delete from core_instances where project_id = ${at.projectId} and generation = ${at.generation} and id = any(${ids}::uuid[]) returning id`,
  )
}

/** All core instances of an environment. */
export async function deleteCoreInstancesOf(trx: Trx, at: Generation, envId: string): Promise<void> {
  await countingDelete(
    trx,
    at,
    'core_instances',
    sql`delete from core_instances where project_id = ${at.projectId} and generation = ${at.generation} and env_id = ${envId} returning id`,
  )
}
