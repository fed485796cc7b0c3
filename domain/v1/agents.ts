import type { V1Agent, V1AgentsQuery, V1RegisterAgent, V1RegisteredAgent } from '#contract/v1/agents'
import type { Trx } from '#db/client'
import type { Generation } from '#db/queries/project-rows'
import * as rows from '#db/queries/v1/agents'
import { audit } from '../audit/audit.ts'
import type { ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Page } from '../paging.ts'
import { assertCan } from '../access/permissions.ts'
import { assertRoomForRows } from '../limits/quotas.ts'
import { reading, writingData } from '../writing.ts'
import { changeAgent, auditedFields, noSuchAgent } from './agent-changes.ts'
import { newestFirst, pageOf } from './paging.ts'
import { agentToken, shownTo } from './registered-tokens.ts'
import { assertWrites, environmentOf, sees, canSeeNothing } from './registered.ts'
import { tagsQueryOf } from './tags.ts'

const present =
  (context: ProjectContext) =>
  (row: rows.AgentRow): V1Agent => ({
    id: row.id,
    fleetID: row.fleet_id,
    token: shownTo(context, agentToken({ id: row.id, projectId: context.project.id })),
    name: row.name,
    machineID: row.machine_id,
    type: row.type as V1Agent['type'],
    version: row.version,
    edition: row.edition as V1Agent['edition'],
    os: row.os as V1Agent['os'],
    arch: row.arch as V1Agent['arch'],
    flags: row.flags,
    status: row.healthy ? 'healthy' : 'unhealthy',
    rawConfig: row.raw_config,
    metadata: row.metadata as V1Agent['metadata'],
    tags: row.tags,
    environmentName: row.env_name,
    firstMetricsAddedAt: row.first_metrics_added_at,
    lastMetricsAddedAt: row.last_metrics_added_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  })

/** A machine has one agent in a project: registering it again, also concurrently, updates that one. */
export async function registerAgent(context: ProjectContext, input: V1RegisterAgent): Promise<V1RegisteredAgent> {
  assertCan(context, 'data:write')
  return writingData(context, async (trx, at) => {
    const row = (await registeredAgain(trx, context, at, input)) ?? (await registeredNew(trx, context, at, input))
    const token = agentToken({ id: row.id, projectId: at.projectId })
    return { id: row.id, token, name: row.name, createdAt: row.created_at, environmentName: row.env_name }
  })
}

/** The agent stays in its environment; a request that names another environment means another machine. */
async function registeredAgain(trx: Trx, context: ProjectContext, at: Generation, input: V1RegisterAgent) {
  const known = await rows.lockAgentOfMachine(trx, at, input.machineID)
  if (!known) return undefined
  if (input.environmentID && input.environmentID !== known.env_id)
    throw new DomainError('machine_id_conflict', 'This machine is registered in another environment')
  assertWrites(context, known.env_id)
  const { environmentID: _, ...given } = input
  return changeAgent(trx, context, at, known, { ...given, action: 'agent.registered' })
}

async function registeredNew(trx: Trx, context: ProjectContext, at: Generation, input: V1RegisterAgent) {
  await assertRoomForRows({ ...context, db: trx })
  const environment = await environmentOf(trx, context, input.environmentID)
  const id = newId()
  const inserted = await rows.insertAgent(trx, at, id, {
    env_id: environment.id,
    name: input.name,
    machine_id: input.machineID,
    type: input.type,
    version: input.version,
    edition: input.edition,
    os: input.os ?? 'unknown',
    arch: input.arch ?? 'unknown',
    flags: input.flags ?? [],
    raw_config: input.rawConfig ?? '',
    metadata: input.metadata ?? {},
    tags: input.tags ?? [],
    fleet_id: input.fleetID || null,
  })
  // Another request was faster and has committed.
  if (!inserted) return (await registeredAgain(trx, context, at, input)) ?? vanished()
  const row = (await rows.findAgent(trx, at, id))!
  await audit(trx, context, 'agent.registered', { kind: 'agent', id, name: row.name }, { after: auditedFields(row) })
  return row
}

const vanished = (): never => {
  throw new DomainError('unavailable', 'This machine was registered and deleted at the same time. Try again')
}

export async function listAgents(context: ProjectContext, query: V1AgentsQuery): Promise<Page<V1Agent>> {
  assertCan(context, 'data:read')
  const page = newestFirst(query)
  const tags = tagsQueryOf(query.tags_query)
  // This server has no pipelines, so no agent belongs to one.
  if (canSeeNothing(context) || query.pipeline_id) return { items: [], next: null }
  const found = await rows.listAgents(context.db, reading(context), {
    ...page,
    name: query.name,
    tags,
    envId: query.environment_id || undefined,
    fleetId: query.fleet_id || undefined,
    only: context.grant.envId,
  })
  return pageOf(found, page, present(context))
}

export async function getAgent(context: ProjectContext, id: string): Promise<V1Agent> {
  assertCan(context, 'data:read')
  const row = await rows.findAgent(context.db, reading(context), id)
  if (!row || !sees(context, row.env_id)) throw noSuchAgent()
  return present(context)(row)
}

export async function deleteAgent(context: ProjectContext, id: string): Promise<void> {
  assertCan(context, 'data:write')
  await writingData(context, async (trx, at) => {
    const row = await rows.lockAgent(trx, at, id)
    if (!row) throw noSuchAgent()
    assertWrites(context, row.env_id)
    await rows.deleteAgents(trx, at, [row.id])
    await audit(trx, context, 'agent.deleted', { kind: 'agent', id: row.id, name: row.name }, { before: auditedFields(row) })
  })
}

/** All or none; ids that are not agents of the project are skipped. */
export async function deleteAgents(context: ProjectContext, ids: string[]): Promise<void> {
  assertCan(context, 'data:write')
  await writingData(context, async (trx, at) => {
    const found = await rows.lockAgents(trx, at, ids)
    for (const row of found) assertWrites(context, row.env_id)
    if (found.length === 0) return
    await rows.deleteAgents(
      trx,
      at,
      found.map((row) => row.id),
    )
    const { id, slug } = context.project
    await audit(trx, context, 'agents.deleted', { kind: 'project', id, name: slug }, { before: found.map(auditedFields) })
  })
}
