import { z } from 'zod'
import { Ability, Id, Role, Time, VerbGrant } from '../common.ts'
import { operation } from '../operation.ts'
import { ProjectAction } from '../access/permissions.ts'

/** The rule that allows or refuses an action. */
export const AccessRule = z.enum([
  'organization_role',
  'project_role',
  'token_role',
  'environment',
  'cells',
  'verbs',
  'expired',
  'no_access',
  'protected',
  'credential',
  'viewing_as',
])
export type AccessRule = z.infer<typeof AccessRule>

export const AccessVerb = z.enum(['create', 'read', 'update', 'delete'])

/** An ability with its rule. */
export const Explained = Ability.extend({
  rule: AccessRule.describe('The rule that allows or refuses it.'),
  code: z.string().nullable().describe('The error code that a request would get; null if it is allowed.'),
  sentence: z.string().describe('The rule as a sentence.'),
  ground: z
    .string()
    .nullable()
    .describe('Why not, without naming the action: the same for all that is refused for one reason. Null if it is allowed.'),
})
export type Explained = z.infer<typeof Explained>

export const ExplainedAction = Explained.extend({
  verbs: z
    .array(AccessVerb)
    .describe(
      'The verbs of this action that are granted. If it is not allowed as a whole, these may be some of the verbs that it needs.',
    ),
})
export type ExplainedAction = z.infer<typeof ExplainedAction>

/** A destructive action: its permission, the project's protection from it, and what a browser must confirm first. */
export const ExplainedDestruction = Explained.extend({
  asks: z
    .array(z.enum(['confirmation', 'fresh_sign_in']))
    .describe('What a request from a browser must contain in addition; a request with a token needs nothing more.'),
})
export type ExplainedDestruction = z.infer<typeof ExplainedDestruction>

/** Where the role comes from: the organization, a membership of the project, or a project token. */
export const AccessSource = z.object({
  kind: z.enum(['organization', 'membership', 'token']),
  id: Id.describe('The id of the organization, the membership or the token.'),
  name: z.string(),
})
export type AccessSource = z.infer<typeof AccessSource>

/** Whether one entity is visible, and by which rule. */
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
  userId: Id.nullable().describe('Null for a project token.'),
  tokenId: Id.nullable().describe('The project token or personal token that the answer is about; null for a person.'),
  role: Role.nullable(),
  source: z.enum(['project', 'organization', 'token']).nullable().describe('Where the role comes from; null without access.'),
  from: AccessSource.nullable(),
  envName: z.string().nullable(),
  cellScopes: z.array(z.string()).nullable(),
  verbs: z.array(VerbGrant).describe('The verbs that the access is limited to; empty: all four.'),
  expiresAt: Time.nullable(),
  permissions: z.array(ProjectAction),
  can: z.record(ProjectAction, ExplainedAction),
  grants: z.record(Role, Explained).describe('Whether they may give each role, and change or remove somebody else who has it.'),
  destroying: z.object({ nuke: ExplainedDestruction, delete: ExplainedDestruction }),
  entity: EntityVisibility.optional(),
})
export type Access = z.infer<typeof Access>

export const AccessQuery = z
  .strictObject({
    userId: Id.optional().describe('Another person; needs `members:manage`.'),
    tokenId: Id.optional().describe('A token of the project (needs `tokens:manage`), or one of your own personal tokens.'),
    env: z.string().max(63).optional().describe('The environment of `entity`.'),
    entity: z
      .string()
      .max(100)
      .optional()
      .describe('The id or name of an entity in `env`: the answer says whether it is visible, and why.'),
  })
  .refine((query) => query.entity === undefined || query.env !== undefined, { path: ['env'], message: 'is required with entity' })
  .refine((query) => query.userId === undefined || query.tokenId === undefined, {
    path: ['tokenId'],
    message: 'must not be given together with userId',
  })
export type AccessQuery = z.infer<typeof AccessQuery>

export const accessOperations = {
  get: operation({
    method: 'GET',
    path: '/orgs/{orgId}/projects/{projectId}/access',
    tag: 'Access',
    summary: 'Get what a person or token may do in a project, and why',
    permission: 'project:read',
    query: AccessQuery,
    returns: Access,
    errors: { 404: '`user_not_found`, `token_not_found`, `environment_not_found`', 409: '`ambiguous_name`' },
  }),
}
