import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { plannedWithValues, preparedFirst } from '../../prepared.ts'
import { tokensAreOn } from '../restore-holds.ts'
import { json } from '../json.ts'
import { type Generation, countingDelete, countingInsert } from '../project-rows.ts'
import { BATCH_BYTES, withinBytes } from '../page-bytes.ts'
import { before } from './paging.ts'
import { type RegisteredPage, matching, unlessTaken } from './registered.ts'

/** Fluent Bit sends metrics every 30 seconds: two rounds and a margin. */
const healthy = sql<boolean>`coalesce(r.last_metrics_added_at > now() - interval '65 seconds', false)`

const agents = (db: Database | Trx, { projectId, generation }: Generation) =>
  db
    .selectFrom('agents as r')
    .innerJoin('environments as e', (join) => join.onRef('e.project_id', '=', 'r.project_id').onRef('e.id', '=', 'r.env_id'))
    .select([
      'r.id',
      'r.env_id',
      'e.name as env_name',
      'r.fleet_id',
      'r.name',
      'r.machine_id',
      'r.type',
      'r.version',
      'r.edition',
    ])
    .select(['r.os', 'r.arch', 'r.flags', 'r.raw_config', 'r.metadata', 'r.tags', healthy.as('healthy')])
    .select(['r.first_metrics_added_at', 'r.last_metrics_added_at', 'r.created_at', 'r.updated_at'])
    .where('r.project_id', '=', projectId)
    .where('r.generation', '=', generation)

export type AgentRow = NonNullable<Awaited<ReturnType<typeof findAgent>>>

/** Newest first. */
export function listAgents(
  db: Database | Trx,
  at: Generation,
  { fleetId, before: cursor, limit, ...filter }: RegisteredPage & { fleetId: string | undefined },
) {
  const query = agents(db, at)
    .modifyFront(plannedWithValues)
    .where(matching(filter) as never)
    .$if(fleetId !== undefined, (q) => q.where('r.fleet_id', '=', fleetId!))
    .$if(cursor !== undefined, (q) => q.where(before('r', cursor!)))
    .orderBy('r.created_at', 'desc')
    .orderBy('r.id', 'desc')
    .limit(limit + 1)
  return withinBytes(db, query, ['flags', 'raw_config', 'metadata', 'tags'], sql`q.created_at desc, q.id desc`, BATCH_BYTES)
}

export const findAgent = (db: Database | Trx, at: Generation, id: string) =>
  agents(db, at).where('r.id', '=', id).executeTakeFirst()

export const lockAgent = (trx: Trx, at: Generation, id: string) =>
  agents(trx, at).where('r.id', '=', id).forUpdate('r').executeTakeFirst()

export const lockAgentOfMachine = (trx: Trx, at: Generation, machineId: string) =>
  agents(trx, at).where('r.machine_id', '=', machineId).forUpdate('r').executeTakeFirst()

/** The existing agents with these ids, locked in the order of their ids. */
export const lockAgents = (trx: Trx, at: Generation, ids: string[]) =>
  agents(trx, at)
    .where(sql<boolean>`r.id = any(${ids}::uuid[])`)
    .orderBy('r.id')
    .forUpdate('r')
    .execute()

/** The agent of a token, in the live generation of a live project. */
export const findAgentOfToken = preparedFirst((db, projectId: string, id: string) =>
  db
    .selectFrom('agents as r')
    .innerJoin('projects as p', (join) => join.onRef('p.id', '=', 'r.project_id').onRef('p.generation', '=', 'r.generation'))
    .select(['r.id', 'r.name', 'r.env_id', 'r.project_id', 'p.org_id'])
    .where('r.project_id', '=', projectId)
    .where('r.id', '=', id)
    .where('p.deleted_at', 'is', null)
    .where(tokensAreOn),
)

export type AgentFields = {
  env_id: string
  name: string
  machine_id: string
  type: string
  version: string
  edition: string
  os: string
  arch: string
  flags: string[]
  raw_config: string
  metadata: Record<string, unknown>
  tags: string[]
  fleet_id: string | null
}

/** False when the machine has an agent already. */
export async function insertAgent(trx: Trx, at: Generation, id: string, agent: AgentFields): Promise<boolean> {
  const rows = await countingInsert(
    trx,
    at,
    'agents',
    sql`insert into agents (project_id, generation, id, env_id, name, machine_id, type, version, edition, os, arch, flags, raw_config,
        metadata, tags, fleet_id)
      values (${at.projectId}, ${at.generation}, ${id}, ${agent.env_id}, ${agent.name}, ${agent.machine_id}, ${agent.type}, ${agent.version},
        ${agent.edition}, ${agent.os}, ${agent.arch}, ${agent.flags}::text[], ${agent.raw_config}, ${json(agent.metadata)},
        ${agent.tags}::text[], ${agent.fleet_id}::uuid)
      on conflict on constraint agents_machine_id do nothing returning id`,
  )
  return rows.length > 0
}

/** False when the new machine has another agent. */
export function updateAgent(trx: Trx, at: Generation, id: string, { metadata, ...rest }: Partial<AgentFields>): Promise<boolean> {
  const write = trx
    .updateTable('agents')
    .set({ ...rest, ...(metadata && { metadata: json(metadata) }), updated_at: sql<string>`statement_timestamp()` })
    .where('project_id', '=', at.projectId)
    .where('generation', '=', at.generation)
    .where('id', '=', id)
    .execute()
  return unlessTaken('agents_machine_id', write)
}

/** An error as its agent keeps it. */
export type StoredError = { id: string; error: string; createdAt: string }

/** The errors of an agent, oldest first; undefined when the agent is gone. */
export async function findAgentErrors(db: Database | Trx, { projectId, generation }: Generation, id: string) {
  const row = await db
    .selectFrom('agents')
    .select('errors')
    .where('project_id', '=', projectId)
    .where('generation', '=', generation)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && (row.errors as unknown as StoredError[])
}

export async function setAgentErrors(trx: Trx, at: Generation, id: string, errors: StoredError[]): Promise<void> {
  await trx
    .updateTable('agents')
    .set({ errors: json(errors) })
    .where('project_id', '=', at.projectId)
    .where('generation', '=', at.generation)
    .where('id', '=', id)
    .execute()
}

/** False when the agent is gone. */
export async function markMetricsReceived(trx: Trx, at: Generation, id: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('agents')
    .set({
      first_metrics_added_at: sql<string>`least(first_metrics_added_at, now())`,
      last_metrics_added_at: sql<string>`now()`,
    })
    .where('project_id', '=', at.projectId)
    .where('generation', '=', at.generation)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

export async function deleteAgents(trx: Trx, at: Generation, ids: string[]): Promise<void> {
  await countingDelete(
    trx,
    at,
    'agents',
    sql`delete from agents where project_id = ${at.projectId} and generation = ${at.generation} and id = any(${ids}::uuid[]) returning id`,
  )
}

/** All agents of an environment. */
export async function deleteAgentsOf(trx: Trx, at: Generation, envId: string): Promise<void> {
  await countingDelete(
    trx,
    at,
    'agents',
    sql`delete from agents where project_id = ${at.projectId} and generation = ${at.generation} and env_id = ${envId} returning id`,
  )
}
