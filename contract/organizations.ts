import { z } from 'zod'
import { Ability, Id, PageQuery, Role, Time } from './common.ts'
import { operation } from './operation.ts'
import { OrganizationAction } from './permissions.ts'

export const Organization = z.object({
  id: Id,
  slug: z.string(),
  name: z.string(),
  role: Role.nullable().describe('The caller’s role; null for a project token.'),
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
  createdAt: Time,
})
export type OrganizationMember = z.infer<typeof OrganizationMember>

export const OrganizationAccess = z.object({ role: Role.nullable(), can: z.record(OrganizationAction, Ability) })
export type OrganizationAccess = z.infer<typeof OrganizationAccess>

const PeopleQuery = PageQuery.extend({
  q: z.string().max(100).optional().describe('Only people whose name or email contains this, case aside.'),
})
export type PeopleQuery = z.infer<typeof PeopleQuery>

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
  access: operation({
    method: 'GET',
    path: '/orgs/{orgId}/access',
    tag,
    summary: 'What the caller may do in an organisation',
    permission: 'projects:list',
    returns: OrganizationAccess,
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
}
