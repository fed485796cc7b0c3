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
    summary: 'List the members of a project',
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
    description: 'An empty list of permissions means all of them. You can’t grant more than you have.',
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
      'Members can remove themselves. `?revoke=tokens,webhooks` also revokes the tokens of the project and the webhooks for it that the member made, as far as you may revoke them.',
    credential: 'user',
    permission: 'project:read',
    query: z.object({ revoke: Revoke.optional() }),
    invalid: { revoke: 'invalid revoke: must be tokens, webhooks or both, separated by a comma' },
    returns: Deleted,
    errors: { 409: 'cannot delete last creator' },
  }),
}
