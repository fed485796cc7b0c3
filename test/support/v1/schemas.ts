import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

/**
 * The published schemas (reference v1, 3), copied by hand and not derived from our code: required and nullable fields, formats
 * and enumerations. `maximum: 0` of `aggregatorsCount` is a mistake of the source for `minimum`.
 */
const permission = { enum: ['create:*', 'read:*', 'update:*', 'delete:*'] }
const permissions = { type: 'array', items: permission, uniqueItems: true }
const uuid = { type: 'string', format: 'uuid' }
const time = { type: 'string', format: 'date-time' }
const nullable = (schema: object) => ({ anyOf: [schema, { type: 'null' }] })
const text = { type: 'string' }
const count = { type: 'integer', minimum: 0 }

const User = {
  type: 'object',
  required: ['id', 'email', 'name', 'avatarURL', 'createdAt', 'updatedAt'],
  properties: {
    id: uuid,
    email: { type: 'string', format: 'email' },
    name: text,
    avatarURL: nullable({ type: 'string', format: 'uri' }),
    createdAt: time,
    updatedAt: time,
  },
}
const Membership = {
  type: 'object',
  required: ['id', 'userID', 'projectID', 'roles', 'permissions', 'createdAt'],
  properties: {
    id: uuid,
    userID: uuid,
    projectID: uuid,
    roles: nullable({ type: 'array', items: { enum: ['creator', 'admin'] }, uniqueItems: true }),
    permissions,
    createdAt: time,
    user: User,
  },
}
const Project = {
  type: 'object',
  required: ['id', 'name', 'membersCount', 'agentsCount', 'aggregatorsCount', 'createdAt'],
  properties: {
    id: uuid,
    name: text,
    membersCount: { type: 'integer', minimum: 1 },
    agentsCount: count,
    aggregatorsCount: count,
    createdAt: time,
    membership: Membership,
  },
}
const CreatedProject = {
  type: 'object',
  required: ['id', 'token', 'createdAt', 'membership'],
  properties: { id: text, token: text, createdAt: time, membership: Membership },
}
const Deleted = {
  type: 'object',
  required: ['deleted', 'deletedAt'],
  properties: { deleted: { type: 'boolean' }, deletedAt: nullable(time) },
}
const Token = {
  type: 'object',
  required: ['id', 'token', 'name', 'permissions', 'createdAt'],
  properties: { id: uuid, token: text, name: text, permissions, createdAt: time },
}
const Environment = {
  type: 'object',
  properties: { id: uuid, name: { type: 'string', format: 'hostname' }, createdAt: time, updatedAt: time },
}
const CreatedEnvironment = { type: 'object', required: ['id', 'createdAt'], properties: { id: uuid, createdAt: time } }
const AuditLog = {
  type: 'object',
  required: ['id', 'timestamp', 'url', 'components', 'identity', 'action', 'responseCode'],
  properties: {
    id: uuid,
    timestamp: time,
    url: text,
    components: { type: 'object', additionalProperties: text },
    identity: { type: 'object' },
    action: { enum: ['CREATE', 'UPDATE', 'DELETE'] },
    responseCode: { type: 'integer' },
  },
}
const AuditLogs = {
  type: 'object',
  required: ['items'],
  properties: { items: { type: 'array', items: AuditLog }, endCursor: text },
}
const hostname = { type: 'string', format: 'hostname' }
const strings = { type: 'array', items: text }
const RegisteredAgent = {
  type: 'object',
  required: ['id', 'token', 'name', 'createdAt', 'environmentName'],
  properties: { id: uuid, token: text, name: hostname, createdAt: time, environmentName: text },
}
// The times of metrics are null before the first metrics arrive.
const Agent = {
  type: 'object',
  required: [
    'id',
    'fleetID',
    'token',
    'name',
    'machineID',
    'type',
    'version',
    'edition',
    'os',
    'arch',
    'flags',
    'status',
    'rawConfig',
    'metadata',
    'environmentName',
    'firstMetricsAddedAt',
    'lastMetricsAddedAt',
    'createdAt',
    'updatedAt',
  ],
  properties: {
    id: uuid,
    fleetID: nullable(uuid),
    token: text,
    name: hostname,
    machineID: text,
    type: { enum: ['fluentbit', 'fluentd'] },
    version: text,
    edition: { enum: ['community', 'enterprise'] },
    os: text,
    arch: text,
    flags: strings,
    status: { enum: ['healthy', 'unhealthy'] },
    rawConfig: text,
    metadata: { type: 'object' },
    environmentName: text,
    firstMetricsAddedAt: nullable(time),
    lastMetricsAddedAt: nullable(time),
    createdAt: time,
    updatedAt: time,
  },
}
const base64 = { type: 'string', pattern: '^[A-Za-z0-9+/]+={0,2}$' }
const ResourceProfile = {
  type: 'object',
  required: [
    'id',
    'name',
    'storageMaxChunksUp',
    'storageSyncFull',
    'storageBacklogMemLimit',
    'storageVolumeSize',
    'storageMaxChunksPause',
    'cpuBufferWorkers',
    'cpuLimit',
    'cpuRequest',
    'memoryLimit',
    'memoryRequest',
    'createdAt',
    'updatedAt',
  ],
  properties: {
    id: uuid,
    name: text,
    storageMaxChunksUp: count,
    storageSyncFull: { type: 'boolean' },
    storageBacklogMemLimit: text,
    storageVolumeSize: text,
    storageMaxChunksPause: { type: 'boolean' },
    cpuBufferWorkers: count,
    cpuLimit: text,
    cpuRequest: text,
    memoryLimit: text,
    memoryRequest: text,
    createdAt: time,
    updatedAt: time,
  },
}
const CreatedCoreInstance = {
  type: 'object',
  required: [
    'id',
    'privateRSAKey',
    'publicRSAKey',
    'name',
    'version',
    'image',
    'tags',
    'clusterLoggingPipeline',
    'healthCheckPipeline',
    'resourceProfiles',
    'environmentName',
    'skipServiceCreation',
    'createdAt',
  ],
  properties: {
    id: uuid,
    privateRSAKey: base64,
    publicRSAKey: base64,
    name: hostname,
    version: text,
    image: text,
    tags: nullable(strings),
    clusterLoggingPipeline: nullable({ type: 'object' }),
    healthCheckPipeline: nullable({ type: 'object' }),
    resourceProfiles: { type: 'array', items: ResourceProfile, minItems: 3, maxItems: 3 },
    environmentName: text,
    skipServiceCreation: { type: 'boolean' },
    createdAt: time,
  },
}
const CoreInstance = {
  type: 'object',
  required: ['id', 'name', 'pipelinesCount', 'environmentName', 'skipServiceCreation', 'createdAt', 'updatedAt'],
  properties: {
    id: uuid,
    name: hostname,
    pipelinesCount: count,
    environmentName: text,
    skipServiceCreation: { type: 'boolean' },
    status: { enum: ['waiting', 'running', 'unreachable'] },
    createdAt: time,
    updatedAt: time,
  },
}
const CoreInstances = {
  type: 'object',
  required: ['items', 'count'],
  properties: { items: { type: 'array', items: CoreInstance }, endCursor: nullable(text), count },
}
const list = (items: object) => ({ type: 'array', items })

const schemas = {
  Project,
  Projects: list(Project),
  CreatedProject,
  Deleted,
  Memberships: list(Membership),
  Token,
  Tokens: list(Token),
  Environments: list(Environment),
  CreatedEnvironment,
  AuditLogs,
  RegisteredAgent,
  Agent,
  Agents: list(Agent),
  CreatedCoreInstance,
  CoreInstance,
  CoreInstanceList: list(CoreInstance),
  CoreInstances,
  Error: { type: 'object', required: ['error'], properties: { error: text }, additionalProperties: false },
}
export type V1Schema = keyof typeof schemas

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictTypes: false })
addFormats.default(ajv)
for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(schema, name)

/** Why an answer does not match this schema, in words; null when it does. */
export function unlike(name: V1Schema, answer: unknown): string | null {
  return ajv.validate(name, answer) ? null : `${ajv.errorsText()} in ${JSON.stringify(answer)}`
}
