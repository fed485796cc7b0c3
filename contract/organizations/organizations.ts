import { z } from 'zod'
import { Explained } from '../review/access.ts'
import { Id, Name, PageQuery, Role, Time } from '../common.ts'
import { Made, RevokeQuery, Revoked } from '../members/made-by.ts'
import { operation } from '../operation.ts'
import { OrganizationAction } from '../access/permissions.ts'

export const Organization = z.object({
  id: Id,
  slug: z.string(),
  name: z.string(),
  role: Role.nullable().describe('The caller’s role; null for a project token.'),
  maxTokenLifetimeDays: z
    .int()
    .nullable()
    .describe('How long its tokens may live, from their creation; null = as long as they like.'),
  createdAt: Time,
  updatedAt: Time,
})
export type Organization = z.infer<typeof Organization>

export const OrganizationMember = z.object({
  userId: Id,
  email: z.string(),
  name: z.string(),
  avatarUrl: z.string().nullable(),
  role: Role,
  secondFactor: z
    .boolean()
    .nullable()
    .describe(
      'Whether an authenticator app or a passkey is asked for after the password; null for whoever may not manage people.',
    ),
  emailVerified: z
    .boolean()
    .nullable()
    .describe('Whether somebody has proven that the address is theirs; null for whoever may not manage people.'),
  lastSeenAt: Time.nullable().describe('When a session or a personal token of his was last used.'),
  createdAt: Time,
  updatedAt: Time,
})
export type OrganizationMember = z.infer<typeof OrganizationMember>

export const OrganizationAccess = z.object({ role: Role.nullable(), can: z.record(OrganizationAction, Explained) })
export type OrganizationAccess = z.infer<typeof OrganizationAccess>

const OrganizationAccessQuery = z.strictObject({
  userId: Id.optional().describe('Somebody else; needs `people:manage`.'),
})
export type OrganizationAccessQuery = z.infer<typeof OrganizationAccessQuery>

const PeopleQuery = PageQuery.extend({
  q: z.string().max(100).optional().describe('Only people whose name or email contains this, case aside.'),
  role: Role.optional(),
  secondFactor: z.enum(['yes', 'no']).optional().describe('For whoever may manage people.'),
})
export type PeopleQuery = z.infer<typeof PeopleQuery>

/** A token lifetime in days. */
const TokenDays = z.int('must be a whole number of days').min(1, 'must be at least 1 day').max(3650, 'must be at most 3,650 days')

/** Only the fields that are present change. */
export const UpdateOrganization = z.strictObject({
  name: Name.optional(),
  maxTokenLifetimeDays: TokenDays.nullish().describe('null = unlimited.'),
  shortenTokens: z
    .boolean()
    .optional()
    .describe(
      'Also ends existing tokens by then; those that are older already, in seven days. Otherwise they are kept until their own time.',
    ),
})
export type UpdateOrganization = z.infer<typeof UpdateOrganization>

export const TokenLifetimeQuery = z.strictObject({ days: z.coerce.number().pipe(TokenDays).default(90) })
export const TokenLifetimes = z.object({
  projectTokens: z.int().describe('Project tokens that would live longer.'),
  personalTokens: z.int().describe('Personal tokens of this organisation that would live longer.'),
})
export type TokenLifetimes = z.infer<typeof TokenLifetimes>
export const SetOrganizationRole = z.strictObject({ role: Role })
export const RemovedOrganizationMember = z.object({
  userId: Id,
  removed: z.literal(true),
  projects: z.number().int().describe('How many memberships in projects went along.'),
  personalTokens: z.number().int().describe('How many personal tokens of this organisation were revoked.'),
  revoked: Revoked.optional(),
})
export type RemovedOrganizationMember = z.infer<typeof RemovedOrganizationMember>

const tag = 'Organizations'

export const organizationOperations = {
  list: operation({
    method: 'GET',
    path: '/orgs',
    tag,
    summary: 'List the caller’s organisations',
    permission: 'authenticated',
    query: PageQuery,
    returns: Organization.array(),
  }),
  get: operation({
    method: 'GET',
    path: '/orgs/{orgId}',
    tag,
    summary: 'Get an organisation',
    permission: 'projects:list',
    returns: Organization,
  }),
  update: operation({
    method: 'PATCH',
    path: '/orgs/{orgId}',
    tag,
    summary: 'Rename an organisation, or limit how long its tokens live',
    permission: 'organization:update',
    description: 'Its slug never changes.',
    body: UpdateOrganization,
    returns: Organization,
    errors: { 412: '`precondition_failed`' },
  }),
  tokenLifetimes: operation({
    method: 'GET',
    path: '/orgs/{orgId}/token-lifetimes',
    tag,
    summary: 'How many tokens live longer than a number of days',
    permission: 'organization:update',
    query: TokenLifetimeQuery,
    returns: TokenLifetimes,
  }),
  access: operation({
    method: 'GET',
    path: '/orgs/{orgId}/access',
    tag,
    summary: 'What somebody may do in an organisation, and why',
    permission: 'projects:list',
    query: OrganizationAccessQuery,
    returns: OrganizationAccess,
    errors: { 404: '`user_not_found`' },
  }),
  listMembers: operation({
    method: 'GET',
    path: '/orgs/{orgId}/members',
    tag,
    summary: 'List people of an organisation',
    permission: 'organization:read',
    query: PeopleQuery,
    returns: OrganizationMember.array(),
  }),
  setRole: operation({
    method: 'PATCH',
    path: '/orgs/{orgId}/members/{userId}',
    tag,
    summary: 'Change a person’s role in the organisation',
    permission: 'people:manage',
    freshSignIn: 'when it makes, changes or removes an owner or admin',
    description: 'Only an owner makes or changes an owner.',
    body: SetOrganizationRole,
    returns: OrganizationMember,
    errors: { 409: '`last_owner`', 412: '`precondition_failed`' },
  }),
  removeMember: operation({
    method: 'DELETE',
    path: '/orgs/{orgId}/members/{userId}',
    tag,
    summary: 'Remove a person from the organisation',
    permission: 'organization:read',
    ofOthers: 'people:manage',
    freshSignIn: 'when it makes, changes or removes an owner or admin',
    description:
      'Owner or admin; anyone may leave. His memberships in its projects, his personal tokens of it and his open invitations go along. ' +
      'Refused while he is the last owner of the organisation or the last lasting owner of a project. ' +
      '`?revoke=tokens,webhooks` also revokes what they made, as far as you may: project tokens and webhooks, which otherwise stay.',
    query: RevokeQuery,
    returns: RemovedOrganizationMember,
    errors: { 409: '`last_owner`', 412: '`precondition_failed`' },
  }),
  madeByMember: operation({
    method: 'GET',
    path: '/orgs/{orgId}/members/{userId}/made',
    tag,
    summary: 'List what a person made',
    permission: 'organization:read',
    ofOthers: 'people:manage',
    description:
      'Project tokens and webhooks, as far as you may see them: what stays behind when the person leaves, and what `?revoke=` of the removal takes along.',
    returns: Made,
  }),
}
