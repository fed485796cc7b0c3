import { z } from 'zod'
import { CellScopes, Id, Later, Moment, PageQuery, Role, Time, VerbGrant } from '../common.ts'
import { Made, RevokeQuery, Revoked } from './made-by.ts'
import { operation } from '../operation.ts'

export const Member = z.object({
  id: Id.nullable().describe('Null for an owner or admin of the organization who is not a member of the project.'),
  userId: Id,
  email: z.string(),
  name: z.string(),
  avatarUrl: z.string().nullable(),
  role: Role,
  envName: z.string().nullable(),
  cellScopes: z.array(z.string()).nullable(),
  permissions: z.array(VerbGrant),
  source: z.enum(['project', 'organization']),
  expiresAt: Time.nullable(),
  createdAt: Time,
  updatedAt: Time,
})
export type Member = z.infer<typeof Member>

export const MemberQuery = PageQuery.extend({
  q: z.string().max(100).optional().describe('Only people whose name or email contains this, ignoring case.'),
  role: Role.optional().describe('Only members with this role.'),
  env: z.string().max(63).optional().describe('Only memberships limited to this environment.'),
  scope: z
    .enum(['all', 'some', 'none'])
    .optional()
    .describe('Only memberships with access to every cell (`all`), to listed cells (`some`), or to no cell (`none`).'),
})
export type MemberQuery = z.infer<typeof MemberQuery>

export const AddMember = z.strictObject({
  userId: Id,
  role: Role.default('member'),
  envName: z.string().max(63).nullish(),
  cellScopes: CellScopes.optional(),
  permissions: z
    .array(VerbGrant)
    .max(4)
    .refine((verbs) => new Set(verbs).size === verbs.length, 'must not name a verb twice')
    .optional()
    .describe('Limits the membership to these verbs; without any: all four.'),
  expiresAt: Later.nullish(),
})
export type AddMember = z.infer<typeof AddMember>

/**
 * Only the fields that are present change; `envName: null` widens to every environment, `cellScopes: null` to all cells, and
 * `expiresAt: null` removes the expiry.
 */
export const UpdateMember = z.strictObject({
  role: Role.optional(),
  envName: z.string().max(63).nullish(),
  cellScopes: CellScopes.optional(),
  expiresAt: Moment.nullish(),
})
export type UpdateMember = z.infer<typeof UpdateMember>

export const SetCellScopes = z.strictObject({ cellScopes: CellScopes })
export const RemovedMember = z.object({
  userId: Id,
  removed: z.literal(true),
  revoked: Revoked.optional(),
})
export type RemovedMember = z.infer<typeof RemovedMember>

const tag = 'Members'
const all = '/orgs/{orgId}/projects/{projectId}/members'
const one = `${all}/{userId}` as const

export const memberOperations = {
  list: operation({
    method: 'GET',
    path: all,
    tag,
    summary: 'List project members',
    permission: 'project:read',
    query: MemberQuery,
    returns: Member.array(),
  }),
  get: operation({ method: 'GET', path: one, tag, summary: 'Get a project member', permission: 'project:read', returns: Member }),
  add: operation({
    method: 'POST',
    path: all,
    tag,
    summary: 'Add a project member',
    permission: 'members:manage',
    freshSignIn: 'when it makes, changes or removes an owner or admin',
    description:
      'The membership can be limited to one environment, to cells, to verbs, and by an expiry. 400 `environment_not_found`, 404 `user_not_found`.',
    body: AddMember,
    returns: Member,
    status: 201,
    location: 'userId',
    errors: { 409: '`already_member`' },
  }),
  update: operation({
    method: 'PATCH',
    path: one,
    tag,
    summary: 'Change a member’s role, environment, cells or expiry',
    description: 'Only the fields that are present change, all of them at once.',
    permission: 'members:manage',
    freshSignIn: 'when it makes, changes or removes an owner or admin',
    body: UpdateMember,
    returns: Member,
    errors: { 409: '`last_owner`, `inherited`', 412: '`precondition_failed`' },
  }),
  remove: operation({
    method: 'DELETE',
    path: one,
    tag,
    summary: 'Remove a project member',
    permission: 'project:read',
    ofOthers: 'members:manage',
    freshSignIn: 'when it makes, changes or removes an owner or admin',
    description:
      'Needs an owner or admin; members can remove themselves. `?revoke=tokens,webhooks` also revokes the tokens and webhooks that the member created for this project, ' +
      'as far as you may revoke them. A webhook that also serves other projects stays, and no longer serves this one.',
    query: RevokeQuery,
    returns: RemovedMember,
    errors: { 409: '`last_owner`, `inherited`', 412: '`precondition_failed`' },
  }),
  made: operation({
    method: 'GET',
    path: `${one}/made`,
    tag,
    summary: 'List the tokens and webhooks that a project member created',
    permission: 'project:read',
    ofOthers: 'members:manage',
    description:
      'Only those of this project that you may see. They keep working after the member leaves, unless the removal is sent with `?revoke=`.',
    returns: Made,
  }),
  setCellScopes: operation({
    method: 'PUT',
    path: `${one}/cell-scopes`,
    tag,
    summary: 'Set a member’s cell scopes',
    permission: 'members:manage',
    freshSignIn: 'when it makes, changes or removes an owner or admin',
    description:
      '`null` gives access to all entities, including those not in a cell; a list limits the member to these cells. Cells need not exist in the catalog.',
    body: SetCellScopes,
    returns: Member,
    errors: { 409: '`last_owner`, `inherited`', 412: '`precondition_failed`' },
  }),
}
