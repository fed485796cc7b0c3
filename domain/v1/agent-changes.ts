import type { ProjectAuditAction } from '#contract/audit/actions'
import type { V1UpdateAgent } from '#contract/v1/agents'
import type { Trx } from '#db/client'
import type { Generation } from '#db/queries/project-rows'
import * as rows from '#db/queries/v1/agents'
import { audit } from '../audit/audit.ts'
import type { ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { assertCan } from '../access/permissions.ts'
import { writingData } from '../writing.ts'
import { countMetrics } from './metrics.ts'
import { assertWrites, changesOf, environmentOf, isItself } from './registered.ts'

export const noSuchAgent = () => new DomainError('agent_not_found', 'No such agent')

/** For the audit log, without token, configuration, flags and metadata, which may hold secrets. */
export const auditedFields = (row: rows.AgentRow) => ({
  id: row.id,
  name: row.name,
  machineID: row.machine_id,
  type: row.type,
  version: row.version,
  edition: row.edition,
  os: row.os,
  arch: row.arch,
  tags: row.tags,
  fleetID: row.fleet_id,
  environmentName: row.env_name,
})

/** Fields that only the agent itself may change, with the API's own errors (reference v1, 5). */
const reserved = [
  ['version', 'update agent version forbidden'],
  ['edition', 'update agent edition forbidden'],
  ['flags', 'update agent flags forbidden'],
  ['rawConfig', 'update agent raw config forbidden'],
  ['metadata', 'update agent metadata forbidden'],
] as const satisfies [Exclude<keyof V1UpdateAgent, 'environmentID'>, string][]

/** People and project tokens may change where the agent belongs, but nothing that it reports about itself. */
function assertReportsNothing(input: Omit<V1UpdateAgent, 'environmentID'>): void {
  const { name: _name, fleetID: _fleet, ...rest } = input
  for (const [field, sentence] of reserved) {
    if (rest[field] !== undefined) throw new DomainError('reserved_for_agent', sentence)
  }
  if (Object.values(rest).some((value) => value !== undefined))
    throw new DomainError(
      'forbidden',
      'Only the agent itself can change this field. You can change its name, environment and fleet',
    )
}

/** The agent itself may change everything but its environment: its token reaches no other. */
export async function updateAgent(context: ProjectContext, id: string, input: V1UpdateAgent): Promise<void> {
  assertCan(context, 'data:write')
  await writingData(context, async (trx, at) => {
    const row = await rows.lockAgent(trx, at, id)
    if (!row) throw noSuchAgent()
    assertWrites(context, row.env_id)
    const { environmentID, ...given } = input
    if (!isItself(context, row.id)) assertReportsNothing(given)
    const env_id = environmentID ? (await environmentOf(trx, context, environmentID)).id : undefined
    await changeAgent(trx, context, at, row, { ...given, env_id, action: 'agent.updated' })
  })
}

/** Writes the changed fields and one event; nothing when all is unchanged. */
export async function changeAgent(
  trx: Trx,
  context: ProjectContext,
  at: Generation,
  row: rows.AgentRow,
  {
    action,
    machineID,
    rawConfig,
    fleetID,
    ...given
  }: Omit<V1UpdateAgent, 'environmentID'> & {
    action: ProjectAuditAction
    env_id?: string | undefined
  },
): Promise<rows.AgentRow> {
  const fleet_id = fleetID === undefined ? undefined : fleetID || null
  const changes = changesOf<rows.AgentFields>(row, { ...given, machine_id: machineID, raw_config: rawConfig, fleet_id })
  const changed = Object.keys(changes)
  if (changed.length === 0) return row
  if (!(await rows.updateAgent(trx, at, row.id, changes)))
    throw new DomainError('machine_id_conflict', 'This machine is registered as another agent of the project')
  const after = (await rows.findAgent(trx, at, row.id))!
  const target = { kind: 'agent', id: row.id, name: after.name }
  await audit(trx, context, action, target, { before: auditedFields(row), after: { ...auditedFields(after), changed } })
  return after
}

/** Counts the metrics and records when they came; `healthy` depends on it. Only the agent itself may report this. */
export async function addAgentMetrics(context: ProjectContext, id: string, metrics: Buffer): Promise<{ totalInserted: number }> {
  assertCan(context, 'data:write')
  if (!isItself(context, id)) throw new DomainError('forbidden', 'Only the agent itself can send its metrics')
  await writingData(context, async (trx, at) => {
    if (!(await rows.markMetricsReceived(trx, at, id))) throw noSuchAgent()
  })
  return { totalInserted: countMetrics(metrics) }
}
