import { z } from 'zod'
import { Id, Time } from '../common.ts'
import { optional } from './common.ts'
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

/** A reference to a container image; only its form is checked. */
const Image = z.string().regex(/^[a-zA-Z0-9][\w./:@-]{0,254}$/)
const Port = z.int().min(0).max(65_535)
const PortKind = z.enum(['LoadBalancer', 'ClusterIP', 'NodePort', ''])

export const V1CoreInstance = z.object({
  id: Id,
  token: z.string().describe('The whole token if the caller has `data:write`; otherwise only its end.'),
  name: z.string(),
  version: z.string(),
  environmentName: z.string(),
  pipelinesCount: z.int().min(0).describe('Always 0: Bulkhead has no pipelines.'),
  tags: z.array(z.string()),
  metadata: z.record(z.string(), z.json()),
  status: z
    .enum(['waiting', 'running', 'unreachable'])
    .describe('`waiting` until the first ping, then `running` for 35 seconds after each ping.'),
  skipServiceCreation: z.boolean(),
  clusterLoggingEnabled: z.boolean(),
  image: z.string().nullable(),
  createdAt: Time,
  updatedAt: Time,
})
export type V1CoreInstance = z.infer<typeof V1CoreInstance>

/** What can be given at the start and changed later. */
const settings = {
  clusterLogging: optional(z.boolean()),
  skipServiceCreation: optional(z.boolean()),
  image: optional(z.union([Image, z.literal('').transform(() => undefined)])),
  tags: optional(Tags),
  metadata: optional(Metadata),
  environmentID: optional(IdOrNone),
}

export const V1CreateCoreInstance = z.object({
  name: Hostname,
  version: optional(z.union([SoftwareVersion, z.literal('')])),
  addHealthCheckPipeline: optional(z.boolean()),
  healthCheckPipelinePort: optional(Port),
  healthCheckPipelinePortKind: optional(PortKind),
  ...settings,
})
/** A core instance as an export carries it. */
export const V1CoreInstanceRow = z.strictObject({
  name: Hostname,
  version: z.union([SoftwareVersion, z.literal('')]),
  image: Image.nullable(),
  tags: Tags,
  metadata: Metadata,
  skipServiceCreation: z.boolean(),
  clusterLogging: z.boolean(),
  addHealthCheckPipeline: z.boolean(),
  healthCheckPipelinePort: Port,
  healthCheckPipelinePortKind: PortKind,
})

export type V1CreateCoreInstance = z.infer<typeof V1CreateCoreInstance>

/** How a pipeline of the core instance may use its machine. */
export const V1ResourceProfile = z.object({
  id: Id,
  name: z.string(),
  storageMaxChunksUp: z.int(),
  storageSyncFull: z.boolean(),
  storageBacklogMemLimit: z.string(),
  storageVolumeSize: z.string(),
  storageMaxChunksPause: z.boolean(),
  cpuBufferWorkers: z.int(),
  cpuLimit: z.string(),
  cpuRequest: z.string(),
  memoryLimit: z.string(),
  memoryRequest: z.string(),
  createdAt: Time,
  updatedAt: Time,
})
export type V1ResourceProfile = z.infer<typeof V1ResourceProfile>

const noPipeline = 'Always null, also when it was asked for: Bulkhead has no pipelines.'

export const V1CreatedCoreInstance = V1CoreInstance.pick({
  id: true,
  token: true,
  name: true,
  version: true,
  tags: true,
  environmentName: true,
  skipServiceCreation: true,
  createdAt: true,
}).extend({
  image: z.string().describe('Empty when none was given.'),
  privateRSAKey: z
    .base64()
    .describe('The key of 2,048 bits for the secrets of its pipelines: PEM in base64. Shown once; Bulkhead keeps neither half.'),
  publicRSAKey: z.base64(),
  healthCheckPipeline: z.null().describe(noPipeline),
  clusterLoggingPipeline: z.null().describe(noPipeline),
  resourceProfiles: z.array(V1ResourceProfile).max(3).describe('The three that every core instance starts with.'),
})
export type V1CreatedCoreInstance = z.infer<typeof V1CreatedCoreInstance>

export const V1UpdateCoreInstance = z.object({
  name: optional(Hostname),
  version: optional(SoftwareVersion),
  ...settings,
})
export type V1UpdateCoreInstance = z.infer<typeof V1UpdateCoreInstance>

/** One page with `count`, the number of all matches. */
export const V1CoreInstances = z.object({
  items: V1CoreInstance.array(),
  endCursor: z.string().nullable(),
  count: z.int().min(0),
})
export type V1CoreInstances = z.infer<typeof V1CoreInstances>

const tag = 'Core instances (v1)'
const all = '/v1/projects/{projectID}/aggregators'
const one = '/v1/aggregators/{aggregatorID}'
const invalid = {
  name: 'invalid aggregator name',
  version: 'invalid aggregator version',
  image: 'invalid docker image',
  tags: 'invalid tag',
  metadata: 'invalid aggregator metadata',
  environmentID: 'invalid environment ID',
}
const taken = { 409: 'aggregator name already exists' }

export const v1CoreInstanceOperations = {
  create: v1Operation({
    method: 'POST',
    path: '/v1/aggregators',
    tag,
    summary: 'Create a core instance',
    description: 'Creates it in the project of the token.',
    credential: 'project',
    permission: 'data:write',
    body: V1CreateCoreInstance,
    invalid,
    returns: V1CreatedCoreInstance,
    status: 201,
    errors: { ...taken, 404: 'environment not found' },
  }),
  list: v1Operation({
    method: 'GET',
    path: all,
    tag,
    summary: 'List the core instances of the token’s project',
    credential: 'either',
    permission: 'data:read',
    isCompressed: false,
    query: RegisteredQuery,
    invalid: invalidRegisteredPage,
    returns: V1CoreInstance.array(),
  }),
  page: v1Operation({
    method: 'GET',
    path: '/v1/projects/{projectID}/core_instances',
    tag,
    summary: 'List the core instances of a project',
    credential: 'either',
    permission: 'data:read',
    isCompressed: false,
    query: RegisteredQuery,
    invalid: invalidRegisteredPage,
    returns: V1CoreInstances,
  }),
  deleteMany: v1Operation({
    method: 'DELETE',
    path: all,
    tag,
    summary: 'Delete core instances of a project',
    description: 'Deletes all of them or none. Ignores IDs that are not those of a core instance in the project.',
    credential: 'either',
    permission: 'data:write',
    query: z.object({ aggregator_id: Ids.describe('The ids of the core instances.') }),
    invalid: { aggregator_id: 'invalid aggregator ID' },
  }),
  get: v1Operation({
    method: 'GET',
    path: one,
    tag,
    summary: 'Get a core instance',
    credential: 'agent',
    permission: 'data:read',
    isCompressed: false,
    errors: { 409: ambiguousId },
    returns: V1CoreInstance,
  }),
  update: v1Operation({
    method: 'PATCH',
    path: one,
    tag,
    summary: 'Update a core instance',
    credential: 'agent',
    permission: 'data:write',
    body: V1UpdateCoreInstance,
    invalid,
    errors: { 409: `aggregator name already exists; ${ambiguousId}` },
  }),
  delete: v1Operation({
    method: 'DELETE',
    path: one,
    tag,
    summary: 'Delete a core instance',
    description: 'Its token is refused immediately.',
    credential: 'either',
    permission: 'data:write',
    errors: { 409: ambiguousId },
  }),
  ping: v1Operation({
    method: 'POST',
    path: '/v1/aggregators/{aggregatorID}/ping',
    tag,
    summary: 'Report that a core instance is alive',
    description: 'The answer says in how many nanoseconds to send the next ping.',
    credential: 'agent',
    permission: 'data:write',
    returns: z.object({ nextPing: z.int() }),
    errors: { 409: ambiguousId },
  }),
}
