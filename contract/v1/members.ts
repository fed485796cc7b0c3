import { z } from 'zod'
import { Revoke } from '../members/made-by.ts'
import { Deleted, LastQuery, Membership, Permissions, invalidPage, optional } from './common.ts'
import { v1Operation } from './operation.ts'

export const V1UpdateMember = z.object({ permissions: optional(Permissions) })
export type V1UpdateMember = z.infer<typeof V1UpdateMember>

const tag = 'Members (v1)'
const one = '/v1/members/{memberID}'

export const v1MemberOperations = {
  list: v1Operation({
    method: 'GET',
    path: '/v1/projects/{projectID}/members',
    tag,
    summary: 'Members of a project',
    credential: 'either',
    permission: 'project:read',
    query: LastQuery,
    invalid: invalidPage,
    returns: Membership.array(),
  }),
  update: v1Operation({
    method: 'PATCH',
    path: one,
    tag,
    summary: 'Update a member’s permissions',
    description: 'Empty permissions mean all of them. Nobody gives more than he has.',
    credential: 'user',
    permission: 'project:read',
    body: V1UpdateMember,
    invalid: { permissions: 'invalid permission' },
    errors: { 409: 'cannot delete last creator' },
  }),
  delete: v1Operation({
    method: 'DELETE',
    path: one,
    tag,
    summary: 'Remove a member from a project',
    description:
      'Anyone may leave. `?revoke=tokens,webhooks` also revokes what they made, as far as you may: tokens of the project, and webhooks that name it.',
    credential: 'user',
    permission: 'project:read',
    query: z.object({ revoke: Revoke.optional() }),
    invalid: { revoke: 'invalid revoke: must be tokens, webhooks or both, with a comma between them' },
    returns: Deleted,
    errors: { 409: 'cannot delete last creator' },
  }),
}
