import { z } from 'zod'
import { Id, Time } from '../common.ts'
import { upTo } from '../limits/limits.ts'
import { LastQuery, invalidPage, optional } from './common.ts'
import { v1Operation } from './operation.ts'
import {
  Hostname,
  IdOrNone,
  Ids,
  Metadata,
  RegisteredQuery,
  SoftwareVersion,
  Tags,
  ambiguousId,
  invalidRegisteredPage,
} from './registered.ts'

const AgentType = z.enum(['fluentbit', 'fluentd'])
const AgentEdition = z.enum(['community', 'enterprise'])
const OperatingSystem = z.enum(['windows', 'macos', 'linux', 'freebsd', 'openbsd', 'netbsd', 'unknown'])
const Architecture = z.enum(['arm', 'arm64', 'x86_64', 'x86', 'unknown'])
const MachineId = z.string().regex(/^[^\p{Cc}]{1,256}$/u)
const Flags = upTo(24 * 1024, z.array(z.string().max(1000)).max(1000))
const RawConfig = upTo(192 * 1024, z.string())

/** Clients in languages without null send '' for no value. */
const orEmpty = <Shape extends z.ZodType>(shape: Shape) => optional(z.union([shape, z.literal('').transform(() => undefined)]))

export const V1Agent = z.object({
  id: Id,
  fleetID: Id.nullable(),
  token: z.string().describe('The whole token if the caller has `data:write`; otherwise only its end.'),
  name: z.string(),
  machineID: z.string(),
  type: AgentType,
  version: z.string(),
  edition: AgentEdition,
  os: OperatingSystem,
  arch: Architecture,
  flags: z.array(z.string()),
  status: z.enum(['healthy', 'unhealthy']).describe('Healthy while it keeps sending metrics.'),
  rawConfig: z.string(),
  metadata: z.record(z.string(), z.json()),
  tags: z.array(z.string()),
  environmentName: z.string(),
  firstMetricsAddedAt: Time.nullable(),
  lastMetricsAddedAt: Time.nullable(),
  createdAt: Time,
  updatedAt: Time,
})
export type V1Agent = z.infer<typeof V1Agent>

export const V1RegisterAgent = z.object({
  name: Hostname,
  machineID: MachineId,
  type: AgentType,
  version: SoftwareVersion,
  edition: AgentEdition,
  os: orEmpty(OperatingSystem),
  arch: orEmpty(Architecture),
  flags: optional(Flags),
  rawConfig: optional(RawConfig),
  metadata: optional(Metadata),
  tags: optional(Tags),
  environmentID: optional(IdOrNone),
  fleetID: optional(IdOrNone),
})
/** An agent as an export carries it. */
export const V1AgentRow = z.strictObject({
  name: Hostname,
  machineID: MachineId,
  type: AgentType,
  version: SoftwareVersion,
  edition: AgentEdition,
  os: OperatingSystem,
  arch: Architecture,
  flags: Flags,
  rawConfig: RawConfig,
  metadata: Metadata,
  tags: Tags,
  fleetID: Id.nullable(),
})

export type V1RegisterAgent = z.infer<typeof V1RegisterAgent>

export const V1RegisteredAgent = z.object({
  id: Id,
  token: z.string(),
  name: z.string(),
  createdAt: Time,
  environmentName: z.string(),
})
export type V1RegisteredAgent = z.infer<typeof V1RegisteredAgent>

export const V1UpdateAgent = z.object({
  name: optional(Hostname),
  version: optional(SoftwareVersion),
  edition: optional(AgentEdition),
  flags: optional(Flags),
  rawConfig: optional(RawConfig),
  metadata: optional(Metadata),
  machineID: optional(MachineId),
  type: optional(AgentType),
  os: orEmpty(OperatingSystem),
  arch: orEmpty(Architecture),
  tags: optional(Tags),
  environmentID: optional(IdOrNone),
  fleetID: optional(IdOrNone),
})
export type V1UpdateAgent = z.infer<typeof V1UpdateAgent>

export const V1AgentsQuery = RegisteredQuery.extend({
  fleet_id: IdOrNone.optional().describe('Only agents that name this fleet.'),
  pipeline_id: IdOrNone.optional().describe('Accepted for compatibility: Bulkhead has no pipelines, so nothing matches.'),
})
export type V1AgentsQuery = z.infer<typeof V1AgentsQuery>

/** Something that went wrong on an agent's machine, as the agent reports it. */
export const V1AgentError = z.object({
  id: Id,
  agentID: Id,
  error: z.string(),
  dismissedAt: Time.nullable().describe('Always null: errors can’t be dismissed here.'),
  dismissReason: z.string().nullable().describe('Always null.'),
  createdAt: Time,
})
export type V1AgentError = z.infer<typeof V1AgentError>

export const V1CreateAgentError = z.object({ error: z.string().min(1).max(1024) })

export const V1AgentErrorsQuery = LastQuery.extend({
  dismissed: z.enum(['true', 'false', '']).optional().describe('`true`: only dismissed errors, of which there are none.'),
})
export type V1AgentErrorsQuery = z.infer<typeof V1AgentErrorsQuery>

/** How many metric values arrived. */
const Inserted = z.object({ totalInserted: z.int().min(0) })

const tag = 'Agents (v1)'
const all = '/v1/projects/{projectID}/agents'
const one = '/v1/agents/{agentID}'
const invalid = {
  name: 'invalid agent name',
  machineID: 'invalid machine ID',
  type: 'invalid agent type',
  version: 'invalid agent version',
  edition: 'invalid agent edition',
  os: 'invalid agent operating system',
  arch: 'invalid agent architecture',
  flags: 'invalid agent flags',
  'flags[]': 'invalid agent flag',
  rawConfig: 'invalid agent raw config',
  metadata: 'invalid agent metadata',
  tags: 'invalid tag',
  environmentID: 'invalid environment ID',
  fleetID: 'invalid fleet ID',
}
const conflict = { 409: 'machine ID conflict' }
const metrics = {
  method: 'POST',
  tag,
  description: 'Only for the agent itself. Bulkhead counts the values, stores when they arrived, and discards them.',
  credential: 'agent',
  permission: 'data:write',
  rawBody: 'application/x-msgpack',
  maxBody: 4 * 1024 * 1024,
  invalid: { body: 'invalid metrics' },
  returns: Inserted,
  status: 201,
} as const

export const v1AgentOperations = {
  register: v1Operation({
    method: 'POST',
    path: '/v1/agents',
    tag,
    summary: 'Register an agent',
    description: 'Registers the agent in the project of the token. If the machine is registered already, its agent is updated.',
    credential: 'project',
    permission: 'data:write',
    body: V1RegisterAgent,
    invalid,
    returns: V1RegisteredAgent,
    status: 201,
    errors: { ...conflict, 404: 'environment not found' },
  }),
  list: v1Operation({
    method: 'GET',
    path: all,
    tag,
    summary: 'List the agents of a project',
    credential: 'either',
    permission: 'data:read',
    isCompressed: false,
    query: V1AgentsQuery,
    invalid: { ...invalidRegisteredPage, fleet_id: 'invalid fleet ID', pipeline_id: 'invalid pipeline ID' },
    returns: V1Agent.array(),
  }),
  deleteMany: v1Operation({
    method: 'DELETE',
    path: all,
    tag,
    summary: 'Delete agents of a project',
    description: 'Deletes all of them or none. Ignores IDs that are not those of an agent in the project.',
    credential: 'either',
    permission: 'data:write',
    query: z.object({ agent_id: Ids.describe('The ids of the agents.') }),
    invalid: { agent_id: 'invalid agent ID' },
  }),
  get: v1Operation({
    method: 'GET',
    path: one,
    tag,
    summary: 'Get an agent',
    credential: 'agent',
    permission: 'data:read',
    isCompressed: false,
    errors: { 409: ambiguousId },
    returns: V1Agent,
  }),
  update: v1Operation({
    method: 'PATCH',
    path: one,
    tag,
    summary: 'Update an agent',
    description:
      'Changes the name, the environment and the fleet. Only the agent itself can change the other fields. Null leaves a field as it is.',
    credential: 'agent',
    permission: 'data:write',
    body: V1UpdateAgent,
    invalid,
    errors: { 409: `machine ID conflict; ${ambiguousId}` },
  }),
  delete: v1Operation({
    method: 'DELETE',
    path: one,
    tag,
    summary: 'Delete an agent',
    description: 'Its token is refused immediately.',
    credential: 'either',
    permission: 'data:write',
    errors: { 409: ambiguousId },
  }),
  addMetrics: v1Operation({
    ...metrics,
    path: '/v1/agents/{agentID}/metrics',
    summary: 'Send the metrics of an agent',
    errors: { 409: ambiguousId },
  }),
  addOwnMetrics: v1Operation({
    ...metrics,
    path: '/v1/agent_metrics',
    summary: 'Send the metrics of the agent of the token',
  }),
  addError: v1Operation({
    method: 'POST',
    path: '/v1/agents/{agentID}/errors',
    tag,
    summary: 'Report an error of an agent',
    description:
      'The newest 100 are kept. The same error again, while nothing about the agent has changed, answers the one that is there.',
    credential: 'agent',
    permission: 'data:write',
    body: V1CreateAgentError,
    invalid: { error: 'invalid agent error' },
    returns: z.object({ id: Id, createdAt: Time }),
    status: 201,
    errors: { 409: ambiguousId },
  }),
  errors: v1Operation({
    method: 'GET',
    path: '/v1/agents/{agentID}/errors',
    tag,
    summary: 'List the errors of an agent, newest first',
    credential: 'agent',
    permission: 'data:read',
    query: V1AgentErrorsQuery,
    invalid: { ...invalidPage, dismissed: 'invalid dismissed' },
    returns: V1AgentError.array(),
    errors: { 409: ambiguousId },
  }),
}
