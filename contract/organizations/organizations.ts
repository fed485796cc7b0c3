import { z } from 'zod'
import { Explained } from '../review/access.ts'
import { Id, Name, PageQuery, Role, Time, WithReason, inQuery } from '../common.ts'
import { Made, RevokeQuery, Revoked } from '../members/made-by.ts'
import { operation } from '../operation.ts'
import { MOST_TOKEN_DAYS } from '../words.ts'
import { OrganizationAction } from '../access/permissions.ts'

export const Organization = z.object({
  id: Id,
  slug: z.string(),
  name: z.string(),
  role: Role.nullable().describe('The role of the caller; null for a project token.'),
  maxTokenLifetimeDays: z
    .int()
    .nullable()
    .describe('The longest lifetime of its tokens in days, from their creation; null: unlimited.'),
  requireNukeReason: z.boolean().describe('Whether a nuke from a browser session must have a reason.'),
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
      'Whether the person has a second factor: an authenticator app or a passkey. Null unless the caller may manage people.',
    ),
  emailVerified: z
    .boolean()
    .nullable()
    .describe('Whether the person has proven that the email address is theirs. Null unless the caller may manage people.'),
  lastSeenAt: Time.nullable().describe('When a session or personal token of the person was last used.'),
  createdAt: Time,
  updatedAt: Time,
})
export type OrganizationMember = z.infer<typeof OrganizationMember>

export const OrganizationAccess = z.object({
  role: Role.nullable(),
  can: z.record(OrganizationAction, Explained),
  grants: z.record(Role, Explained).describe('Whether they may give each role, and change or remove somebody else who has it.'),
})
export type OrganizationAccess = z.infer<typeof OrganizationAccess>

const OrganizationAccessQuery = z.strictObject({
  userId: Id.optional().describe('Another person; needs `people:manage`.'),
})
export type OrganizationAccessQuery = z.infer<typeof OrganizationAccessQuery>

const PeopleQuery = PageQuery.extend({
  q: z.string().max(100).optional().describe('Only people whose name or email contains this, ignoring case.'),
  role: Role.optional().describe('Only people with this role in the organization.'),
  secondFactor: z
    .enum(['yes', 'no'])
    .optional()
    .describe('Only people with, or without, a second factor. Needs `people:manage`.'),
})
export type PeopleQuery = z.infer<typeof PeopleQuery>

/** A token lifetime in days. */
const TokenDays = z
  .int('must be a whole number of days')
  .min(1, 'must be at least 1 day')
  .max(MOST_TOKEN_DAYS, 'must be at most 3,650 days')

/** Only the fields that are present change. */
export const UpdateOrganization = z.strictObject({
  name: Name.optional(),
  maxTokenLifetimeDays: TokenDays.nullish().describe('Null: unlimited.'),
  shortenTokens: z
    .boolean()
    .optional()
    .describe(
      'Also shorten the lifetime of existing tokens to the new maximum. Tokens that are older already expire in seven days. Without this, existing tokens keep their expiry.',
    ),
  requireNukeReason: z
    .boolean()
    .optional()
    .describe('Whether a nuke from a browser session must have a reason. A nuke by a token never needs one.'),
})
export type UpdateOrganization = z.infer<typeof UpdateOrganization>

export const TokenLifetimeQuery = z.strictObject({
  days: inQuery(TokenDays.default(90)).describe('The lifetime, from the creation of a token.'),
})
export const TokenLifetimes = z.object({
  projectTokens: z.int().describe('How many project tokens live longer.'),
  personalTokens: z.int().describe('How many personal tokens for this organization live longer.'),
})
export type TokenLifetimes = z.infer<typeof TokenLifetimes>
export const SetOrganizationRole = z.strictObject({ role: Role })
export const RemovedOrganizationMember = z.object({
  userId: Id,
  removed: z.literal(true),
  projects: z.number().int().describe('How many project memberships were removed.'),
  personalTokens: z.number().int().describe('How many personal tokens for this organization were revoked.'),
  revoked: Revoked.optional(),
})
export type RemovedOrganizationMember = z.infer<typeof RemovedOrganizationMember>

/** How many projects without another owner are named. */
export const mostOwnerless = 20

const ProjectName = z.object({ id: Id, slug: z.string(), name: z.string() })

export const RemovalPreview = z.object({
  userId: Id,
  projects: z.int().describe('How many project memberships end, those in deleted projects included.'),
  personalTokens: z.int().describe('How many personal tokens for this organization are revoked.'),
  invitations: z.int().describe('How many open invitations to their address are revoked.'),
  tokens: z.int().describe('How many project tokens that they created `?revoke=tokens` revokes.'),
  tokensThatStay: z.int().describe('How many working project tokens that they created the caller may not revoke.'),
  webhooks: z.int().describe('How many webhooks that they created `?revoke=webhooks` deletes.'),
  lastOwner: z
    .object({
      organization: z.boolean().describe('They are the only owner of the organization.'),
      projects: ProjectName.array().describe(`Projects without another permanent owner, at most ${mostOwnerless} of them.`),
      moreProjects: z.int().describe('How many such projects are left out.'),
    })
    .describe('Why it would be refused with 409 `last_owner`, as far as it would.'),
})
export type RemovalPreview = z.infer<typeof RemovalPreview>

const tag = 'Organizations'

export const organizationOperations = {
  list: operation({
    method: 'GET',
    path: '/orgs',
    tag,
    summary: 'List your organizations',
    permission: 'authenticated',
    query: PageQuery,
    returns: Organization.array(),
  }),
  get: operation({
    method: 'GET',
    path: '/orgs/{orgId}',
    tag,
    summary: 'Get an organization',
    permission: 'projects:list',
    returns: Organization,
  }),
  update: operation({
    method: 'PATCH',
    path: '/orgs/{orgId}',
    tag,
    summary: 'Change the name and the rules of an organization',
    permission: 'organization:update',
    description: 'The slug can’t be changed.',
    body: UpdateOrganization,
    returns: Organization,
    errors: { 412: '`precondition_failed`' },
  }),
  tokenLifetimes: operation({
    method: 'GET',
    path: '/orgs/{orgId}/token-lifetimes',
    tag,
    summary: 'Count the tokens that live longer than a number of days',
    permission: 'organization:update',
    query: TokenLifetimeQuery,
    returns: TokenLifetimes,
  }),
  access: operation({
    method: 'GET',
    path: '/orgs/{orgId}/access',
    tag,
    summary: 'Get what a person may do in an organization, and why',
    permission: 'projects:list',
    query: OrganizationAccessQuery,
    returns: OrganizationAccess,
    errors: { 404: '`user_not_found`' },
  }),
  listMembers: operation({
    method: 'GET',
    path: '/orgs/{orgId}/members',
    tag,
    summary: 'List the people of an organization',
    permission: 'organization:read',
    query: PeopleQuery,
    returns: OrganizationMember.array(),
  }),
  getMember: operation({
    method: 'GET',
    path: '/orgs/{orgId}/members/{userId}',
    tag,
    summary: 'Get a person of the organization',
    permission: 'organization:read',
    returns: OrganizationMember,
  }),
  setRole: operation({
    method: 'PATCH',
    path: '/orgs/{orgId}/members/{userId}',
    tag,
    summary: 'Change a person’s role in the organization',
    permission: 'people:manage',
    freshSignIn: 'when it makes, changes or removes an owner or admin',
    description: 'Only an owner can make somebody an owner, or change the role of one.',
    body: SetOrganizationRole,
    returns: OrganizationMember,
    errors: { 409: '`last_owner`', 412: '`precondition_failed`' },
  }),
  removeMember: operation({
    method: 'DELETE',
    path: '/orgs/{orgId}/members/{userId}',
    tag,
    summary: 'Remove a person from the organization',
    permission: 'organization:read',
    ofOthers: 'people:manage',
    freshSignIn: 'when it makes, changes or removes an owner or admin',
    description:
      'Needs an owner or admin; people can remove themselves. Also removes the person’s project memberships, personal tokens for this organization and open invitations. ' +
      '409 `last_owner` for the last owner of the organization, and for the last permanent owner of projects, which the error names. ' +
      '`?revoke=tokens,webhooks` also revokes the project tokens and webhooks that the person created, as far as you may revoke them; otherwise they keep working. ' +
      'All of it happens in one transaction.',
    query: RevokeQuery,
    body: WithReason,
    bodyOptional: true,
    returns: RemovedOrganizationMember,
    errors: { 409: '`last_owner`', 412: '`precondition_failed`' },
  }),
  removalPreview: operation({
    method: 'GET',
    path: '/orgs/{orgId}/members/{userId}/removal-preview',
    tag,
    summary: 'Count what removing a person would end',
    permission: 'organization:read',
    ofOthers: 'people:manage',
    returns: RemovalPreview,
  }),
  madeByMember: operation({
    method: 'GET',
    path: '/orgs/{orgId}/members/{userId}/made',
    tag,
    summary: 'List the project tokens and webhooks that a person created',
    permission: 'organization:read',
    ofOthers: 'people:manage',
    description:
      'Only those that you may see. They keep working after the person leaves, unless the removal is sent with `?revoke=`.',
    returns: Made,
  }),
}
