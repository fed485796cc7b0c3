import { z } from 'zod'
import { Id, Time } from '../common.ts'
import { NamedQuery, invalidPage, optional } from './common.ts'
import { v1Operation } from './operation.ts'

/** An RFC 1123 label (reference v1, 3). */
const EnvironmentLabel = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)

export const V1Environment = z.object({ id: Id, name: z.string(), createdAt: Time, updatedAt: Time })
export type V1Environment = z.infer<typeof V1Environment>
export const V1CreatedEnvironment = z.object({ id: Id, createdAt: Time })

export const V1CreateEnvironment = z.object({ name: EnvironmentLabel })
export const V1UpdateEnvironment = z.object({ name: optional(EnvironmentLabel) })
export type V1UpdateEnvironment = z.infer<typeof V1UpdateEnvironment>

const tag = 'Environments (v1)'
const all = '/v1/projects/{projectID}/environments'
const one = '/v1/environments/{environmentID}'
const invalid = { name: 'invalid environment name' }
const taken = { 409: 'environment name taken' }

export const v1EnvironmentOperations = {
  list: v1Operation({
    method: 'GET',
    path: all,
    tag,
    summary: 'List the environments of a project',
    credential: 'either',
    permission: 'project:read',
    query: NamedQuery,
    invalid: invalidPage,
    returns: V1Environment.array(),
  }),
  create: v1Operation({
    method: 'POST',
    path: all,
    tag,
    summary: 'Create an environment in a project',
    credential: 'either',
    permission: 'catalog:write',
    body: V1CreateEnvironment,
    invalid,
    returns: V1CreatedEnvironment,
    status: 201,
    errors: taken,
  }),
  update: v1Operation({
    method: 'PATCH',
    path: one,
    tag,
    summary: 'Rename an environment',
    credential: 'either',
    permission: 'catalog:write',
    body: V1UpdateEnvironment,
    invalid,
    returns: z.object({}),
    errors: taken,
  }),
  delete: v1Operation({
    method: 'DELETE',
    path: one,
    tag,
    summary: 'Delete an environment with its agents and core instances',
    credential: 'either',
    permission: 'catalog:write',
    deniesUnknown: true,
    returns: z.object({}),
    errors: { 409: 'The environment is the default one, or still has something other than agents and core instances' },
  }),
}
