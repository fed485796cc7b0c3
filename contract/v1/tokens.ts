import { z } from 'zod'
import { Id, Name, Time, VerbGrant } from '../common.ts'
import { NamedQuery, Permissions, invalidPage, optional } from './common.ts'
import { v1Operation } from './operation.ts'

export const V1Token = z.object({
  id: Id,
  projectID: Id,
  token: z
    .string()
    .describe(
      'The whole token if the caller could have created it; otherwise, and for a token of the Org API, only its beginning or end.',
    ),
  name: z.string(),
  permissions: z.array(VerbGrant),
  createdAt: Time,
})
export type V1Token = z.infer<typeof V1Token>

export const V1CreateToken = z.object({
  name: Name,
  permissions: optional(Permissions),
})
export type V1CreateToken = z.infer<typeof V1CreateToken>

export const V1UpdateToken = z.object({ name: optional(Name), permissions: optional(Permissions) })
export type V1UpdateToken = z.infer<typeof V1UpdateToken>

const tag = 'Project tokens (v1)'
const all = '/v1/projects/{projectID}/tokens'
const one = '/v1/project_tokens/{tokenID}'
const invalid = { name: 'invalid token name', permissions: 'invalid permission' }
const taken = { 409: 'token name taken' }
const takenOrFull = { 409: 'token name taken, or the organization has reached a quota' }

export const v1TokenOperations = {
  list: v1Operation({
    method: 'GET',
    path: all,
    tag,
    summary: 'List the tokens of a project',
    credential: 'user',
    permission: 'tokens:manage',
    isCompressed: false,
    query: NamedQuery,
    invalid: invalidPage,
    returns: V1Token.array(),
  }),
  create: v1Operation({
    method: 'POST',
    path: all,
    tag,
    summary: 'Create a token for a project',
    credential: 'user',
    permission: 'tokens:manage',
    body: V1CreateToken,
    invalid,
    returns: V1Token,
    status: 201,
    errors: takenOrFull,
  }),
  get: v1Operation({
    method: 'GET',
    path: one,
    tag,
    summary: 'Get a token',
    credential: 'either',
    permission: 'tokens:manage',
    isCompressed: false,
    returns: V1Token,
  }),
  update: v1Operation({
    method: 'PATCH',
    path: one,
    tag,
    summary: 'Update a token',
    description: 'An empty list of permissions means all of them.',
    credential: 'either',
    permission: 'tokens:manage',
    body: V1UpdateToken,
    invalid,
    errors: taken,
  }),
  delete: v1Operation({
    method: 'DELETE',
    path: one,
    tag,
    summary: 'Delete a token',
    description: 'Requests with this token are refused immediately.',
    credential: 'either',
    permission: 'tokens:manage',
  }),
}
