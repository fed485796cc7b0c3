import { z } from 'zod'
import { CatalogName, PageQuery, Time } from '../common.ts'
import { DeletedByName } from '../projects/environments.ts'
import { operation } from '../operation.ts'

/** A slot of the project, and whether this environment has a value for it. The value itself is never returned. */
export const Secret = z.object({
  kind: z.literal('Secret'),
  name: z.string(),
  description: z.string(),
  hasValue: z.boolean(),
  valueSetAt: Time.nullable(),
  createdAt: Time,
  updatedAt: Time,
})
export type Secret = z.infer<typeof Secret>

const kind = z.literal('Secret').default('Secret')
const description = z.string().max(1000)
const unknown = z.unknown().optional()

export const CreateSecret = z.strictObject({ kind, name: CatalogName, description: description.default('') })
export type CreateSecret = z.infer<typeof CreateSecret>

/** Read-only fields are ignored; `name`, if present, must match the URL. */
export const PutSecret = z
  .strictObject({
    kind,
    name: CatalogName.optional(),
    description: description.default(''),
    hasValue: unknown,
    valueSetAt: unknown,
    createdAt: unknown,
    updatedAt: unknown,
  })
  .transform((put) => ({ name: put.name, description: put.description }))
export type PutSecret = z.infer<typeof PutSecret>

export const SetSecretValue = z.strictObject({
  value: z.string().min(1).max(65_536),
})

const tag = 'Secrets'
const all = '/{o}/{p}/envs/{envName}/secrets'
const one = `${all}/{name}` as const

export const secretOperations = {
  list: operation({
    method: 'GET',
    path: all,
    tag,
    summary: 'List secrets',
    permission: 'secrets:read',
    query: PageQuery,
    returns: Secret.array(),
  }),
  create: operation({
    method: 'POST',
    path: all,
    tag,
    summary: 'Create a secret without a value',
    permission: 'secrets:write',
    description: 'The secret belongs to the project; each environment has its own value.',
    body: CreateSecret,
    returns: Secret,
    status: 201,
    location: 'name',
    errors: { 409: '`secret_exists`, `quota_reached`' },
  }),
  get: operation({
    method: 'GET',
    path: one,
    tag,
    summary: 'Get a secret without its value',
    permission: 'secrets:read',
    returns: Secret,
  }),
  replace: operation({
    method: 'PUT',
    path: one,
    tag,
    summary: 'Change a secret’s description',
    permission: 'secrets:write',
    body: PutSecret,
    returns: Secret,
    errors: { 412: '`precondition_failed`' },
  }),
  setValue: operation({
    method: 'PUT',
    path: `${one}/value`,
    tag,
    summary: 'Set a secret’s value in this environment',
    permission: 'secrets:set-value',
    description: 'Stored encrypted (AES-256-GCM). A value can be replaced or deleted, but not read.',
    body: SetSecretValue,
    returns: Secret,
  }),
  deleteValue: operation({
    method: 'DELETE',
    path: `${one}/value`,
    tag,
    summary: 'Delete a secret’s value in this environment',
    permission: 'secrets:set-value',
    returns: Secret,
  }),
  delete: operation({
    method: 'DELETE',
    path: one,
    tag,
    summary: 'Delete a secret with its values in every environment',
    permission: 'secrets:write',
    returns: DeletedByName,
    errors: { 412: '`precondition_failed`' },
  }),
}
