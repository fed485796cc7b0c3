import { z } from 'zod'

/** What can be done in a project. Which role may is decided in `domain/access/permissions.ts`. */
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
  'owners:manage',
])
export type ProjectAction = z.infer<typeof ProjectAction>

/** What can be done in an organisation, outside any one project. */
export const OrganizationAction = z.enum([
  'organization:read',
  'organization:update',
  'people:manage',
  'organization-owners:manage',
  'invitations:manage',
  'projects:list',
  'projects:create',
  'projects:restore',
  'personal-tokens:manage',
  'webhooks:manage',
])
export type OrganizationAction = z.infer<typeof OrganizationAction>

export type Action = ProjectAction | OrganizationAction
