import { z } from 'zod'
import { CellScopes, EnvironmentName, Metadata, Name, Role, Slug, Time, VerbGrant } from '../common.ts'
import { Email } from '../email.ts'
import { operation } from '../operation.ts'
import { MOST_TOKEN_DAYS } from '../words.ts'

/** The most that a file holds of each, and the most that one apply changes. */
export const fileLimits = { people: 1000, projects: 200, environments: 100, members: 1000, changes: 500 } as const

const Pending = z.boolean().optional().describe('Set by an export for an invitation that is not accepted yet. Ignored in a file.')

const FilePerson = z.strictObject({ email: Email, role: Role, pending: Pending })

const FileMember = z.strictObject({
  email: Email,
  role: Role,
  environment: EnvironmentName.nullable().default(null).describe('Null: every environment.'),
  cells: CellScopes.default(null),
  permissions: VerbGrant.array()
    .max(4)
    .refine((verbs) => new Set(verbs).size === verbs.length, 'must not name a verb twice')
    .default([])
    .describe('Limits the membership to these verbs; without any: all four.'),
  expiresAt: Time.nullable().default(null),
  pending: Pending,
})
export type FileMember = z.infer<typeof FileMember>

const FileProject = z.strictObject({
  slug: Slug,
  name: Name,
  metadata: Metadata.optional(),
  environments: EnvironmentName.array().max(fileLimits.environments).optional(),
  members: FileMember.array().max(fileLimits.members).optional(),
})
export type FileProject = z.infer<typeof FileProject>

export const OrganizationFile = z.strictObject({
  version: z.literal(1).describe('The version of this format.'),
  settings: z
    .strictObject({
      name: Name.optional(),
      maxTokenLifetimeDays: z
        .int('must be a whole number of days')
        .min(1, 'must be at least 1 day')
        .max(MOST_TOKEN_DAYS, 'must be at most 3,650 days')
        .nullish()
        .describe('Null: unlimited.'),
      requireNukeReason: z.boolean().optional(),
    })
    .optional(),
  people: FilePerson.array().max(fileLimits.people).optional().describe('Absent: people stay as they are.'),
  projects: FileProject.array().max(fileLimits.projects).optional().describe('Projects that are not named stay as they are.'),
})
export type OrganizationFile = z.infer<typeof OrganizationFile>

const Prune = z
  .boolean()
  .default(false)
  .describe('Also remove people, members and environments that the file leaves out of a list it has. Projects are never deleted.')

export const PlanFile = z.strictObject({ file: OrganizationFile, prune: Prune })
export type PlanFile = z.infer<typeof PlanFile>

export const ApplyFile = PlanFile.extend({
  revision: z.string().min(1).max(100).describe('The revision of the plan to apply.'),
})
export type ApplyFile = z.infer<typeof ApplyFile>

export const FileChange = z.object({
  action: z.enum(['add', 'change', 'remove']),
  kind: z.enum(['settings', 'project', 'environment', 'person', 'member', 'invitation']),
  project: z.string().nullable().describe('The slug of the project, for what belongs to one.'),
  name: z.string().describe('An email address, the name of an environment, or a slug.'),
  before: z.json(),
  after: z.json(),
})
export type FileChange = z.infer<typeof FileChange>

const AccessChange = z.object({
  project: z.string(),
  email: z.string(),
  before: z.int().describe('How many entities the person sees now.'),
  after: z.int().describe('How many they will see.'),
  roleBefore: Role.nullable().describe('Null: no access.'),
  roleAfter: Role.nullable().describe('Null: no access.'),
})
export type AccessChange = z.infer<typeof AccessChange>

export const FilePlan = z.object({
  revision: z.string().describe('Names exactly these changes.'),
  changes: FileChange.array(),
  access: AccessChange.array().describe('Who gains, loses or changes access to what, in entities.'),
})
export type FilePlan = z.infer<typeof FilePlan>

const all = '/orgs/{orgId}/file'
const tag = 'Organizations'

export const organizationFileOperations = {
  export: operation({
    method: 'GET',
    path: all,
    tag,
    summary: 'Get an organization as a file',
    permission: 'people:manage',
    description:
      'Its settings, people, and projects with environments and members. Entities, tokens, secrets and webhooks are not part of it. 409 `file_too_large` for an organization with more than a file can hold.',
    returns: OrganizationFile,
    errors: { 409: '`file_too_large`' },
  }),
  plan: operation({
    method: 'POST',
    path: `${all}/plan`,
    tag,
    summary: 'Show what applying a file would change',
    permission: 'people:manage',
    freshSignIn: 'always',
    description:
      'Does what the apply would do and rolls it back, so that it answers what an apply would refuse. Changes nothing. Sections that the file does not have stay as they are.',
    body: PlanFile,
    returns: FilePlan,
    errors: {
      409: '`file_too_large`, `last_owner`, `slug_taken`, `environment_in_use`, `quota_reached`',
    },
  }),
  apply: operation({
    method: 'POST',
    path: `${all}/apply`,
    tag,
    summary: 'Apply a file to an organization',
    permission: 'people:manage',
    freshSignIn: 'always',
    description:
      'All or nothing, in one transaction. Each change follows the rules of its own operation and writes the same audit event. People who are not in the organization are invited. 409 `plan_changed` when the file would now change something else than the plan said.',
    body: ApplyFile,
    returns: FilePlan,
    errors: {
      409: '`plan_changed`, `file_too_large`, `last_owner`, `slug_taken`, `environment_in_use`, `quota_reached`',
    },
  }),
}
