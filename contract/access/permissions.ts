import { z } from 'zod'

/** The actions in a project. `domain/access/permissions.ts` decides which role allows each. */
export const ProjectAction = z.enum([
  'project:read',
  'catalog:read',
  'data:read',
  'data:write',
  'catalog:write',
  'apply:write',
  'secrets:read',
  'secrets:write',
  'secrets:set-value',
  'tokens:manage',
  'project:update',
  'project:delete',
  'members:manage',
  'audit:read',
  'project:protect',
  'wipes:purge',
  'owners:manage',
])
export type ProjectAction = z.infer<typeof ProjectAction>

/** The actions in an organization, outside any one project. */
export const OrganizationAction = z.enum([
  'organization:read',
  'organization:update',
  'people:manage',
  'organization-owners:manage',
  'invitations:manage',
  'projects:list',
  'projects:create',
  'projects:restore',
  'projects:purge',
  'organization-audit:read',
  'personal-tokens:manage',
  'webhooks:manage',
])
export type OrganizationAction = z.infer<typeof OrganizationAction>

export type Action = ProjectAction | OrganizationAction
