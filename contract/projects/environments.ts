import { z } from 'zod'
import { EnvironmentName, Id, PageQuery, Time } from '../common.ts'
import { operation } from '../operation.ts'

export const Environment = z.object({ id: Id, name: z.string(), isDefault: z.boolean(), createdAt: Time })
export type Environment = z.infer<typeof Environment>

export const CreateEnvironment = z.strictObject({ name: EnvironmentName })
export const DeletedByName = z.object({ deleted: z.literal(true), name: z.string() })

const tag = 'Environments'

export const environmentOperations = {
  list: operation({
    method: 'GET',
    path: '/{o}/{p}/environments',
    tag,
    summary: 'List environments',
    permission: 'catalog:read',
    query: PageQuery,
    returns: Environment.array(),
  }),
  create: operation({
    method: 'POST',
    path: '/{o}/{p}/environments',
    tag,
    summary: 'Create an environment',
    permission: 'catalog:write',
    body: CreateEnvironment,
    returns: Environment,
    status: 201,
    errors: { 409: '`environment_exists`' },
  }),
  delete: operation({
    method: 'DELETE',
    path: '/{o}/{p}/environments/{envName}',
    tag,
    summary: 'Delete an environment',
    permission: 'catalog:write',
    returns: DeletedByName,
    errors: { 409: '`default_environment`, `environment_in_use`' },
  }),
}
