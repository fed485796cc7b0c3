import { z } from 'zod'
import { Ability, Id, Role, Time } from './common.ts'
import { operation } from './operation.ts'
import { ProjectAction } from './permissions.ts'

/** Whether one entity is visible, and the rule that says so. */
export const EntityVisibility = z.object({
  visible: z.boolean(),
  rule: z.enum([
    'unrestricted',
    'in_cell_scope',
    'outside_cell_scope',
    'no_cell',
    'outside_environment',
    'no_such_entity',
    'no_access',
  ]),
  reason: z.string(),
})
export type EntityVisibility = z.infer<typeof EntityVisibility>

export const Access = z.object({
  userId: Id.nullable().describe('null for a project token'),
  role: Role.nullable(),
  source: z.enum(['project', 'organization', 'token']).nullable().describe('Where the role comes from; null without any access.'),
  envName: z.string().nullable(),
  cellScopes: z.array(z.string()).nullable(),
  expiresAt: Time.nullable(),
  permissions: z.array(ProjectAction),
  can: z.record(ProjectAction, Ability),
  entity: EntityVisibility.optional(),
})
export type Access = z.infer<typeof Access>

export const AccessQuery = z
  .strictObject({
    userId: Id.optional().describe('Somebody else; needs `members:manage`.'),
    env: z.string().max(63).optional(),
    entity: z.string().max(100).optional().describe('An entity’s id or name, with `env`: is it visible, and why?'),
  })
  .refine((query) => query.entity === undefined || query.env !== undefined, { path: ['env'], message: 'is needed with entity' })
export type AccessQuery = z.infer<typeof AccessQuery>

export const accessOperations = {
  get: operation({
    method: 'GET',
    path: '/orgs/{orgId}/projects/{projectId}/access',
    tag: 'Access',
    summary: 'What somebody may do in a project, and why',
    permission: 'project:read',
    query: AccessQuery,
    returns: Access,
    errors: { 409: '`ambiguous_name`' },
  }),
}
