import { z } from 'zod'
import { Id, PageQuery, Role, Time, VerbGrant } from '../common.ts'
import { operation } from '../operation.ts'
import type { Action } from '../access/permissions.ts'

/** Why someone's access should be reviewed. */
export const ReviewReason = z.enum([
  'never-signed-in',
  'not-seen',
  'expiring',
  'expired',
  'wider-than-used',
  'only-owner',
  'many-owners',
  'never-used',
  'no-expiry',
  'too-long',
  'any-address',
])
export type ReviewReason = z.infer<typeof ReviewReason>

/** A person in the organization, a person in one project, a project's token, a person's token. */
export const ReviewKind = z.enum(['person', 'membership', 'project-token', 'personal-token'])
export type ReviewKind = z.infer<typeof ReviewKind>

export const ReviewEntry = z.object({
  id: Id.describe('Of the person, the membership or the token.'),
  kind: ReviewKind,
  project: z.object({ id: Id, slug: z.string(), name: z.string() }).nullable().describe('null = the organisation itself.'),
  userId: Id.nullable().describe('null for a project token.'),
  name: z.string(),
  email: z.string().nullable(),
  role: Role.describe('Of a personal token: its person’s in the organisation.'),
  envName: z.string().nullable(),
  cellScopes: z.array(z.string()).nullable(),
  permissions: z.array(VerbGrant),
  expiresAt: Time.nullable(),
  lastSeenAt: Time.nullable().describe('Of a person: in a browser or with a personal token, anywhere. Of a token: its last use.'),
  createdAt: Time,
  createdBy: z.string().nullable(),
  allowedAddresses: z.array(z.string()).nullable().describe('null for people.'),
  reasons: z.array(ReviewReason),
})
export type ReviewEntry = z.infer<typeof ReviewEntry>

const days = (otherwise: number) => z.coerce.number().int().min(1).max(3650).default(otherwise)

const filter = {
  q: z.string().max(100).optional().describe('Only whose name or email contains this, case aside.'),
  kind: ReviewKind.optional(),
  role: Role.optional(),
  reason: ReviewReason.optional(),
  days: days(90).describe('How far back “not seen” and “wider than used” look.'),
  within: days(7).describe('How far ahead “expiring” looks.'),
  sort: z.enum(['name', '-name', 'expires', '-expires', 'seen', '-seen']).default('name'),
}
const inOrganization = { ...filter, project: z.string().max(100).optional().describe('Only this project: its id or slug.') }
const format = z
  .enum(['ndjson', 'csv'])
  .default('ndjson')
  .describe('CSV with a header; a cell that a spreadsheet would run begins with an apostrophe.')

export const ReviewQuery = PageQuery.extend(inOrganization)
export type ReviewQuery = z.infer<typeof ReviewQuery>
export type ReviewFilter = Omit<ReviewQuery, 'limit' | 'cursor'>

const tag = 'Access review'
const meaning =
  'Every person, membership and token with the reasons to look at it again. “Wider than used” is judged by the audit log, which keeps changes and no reading: an owner or admin who administered nothing, a member or token that changed nothing, for as long as `days`.'

function at<const Base extends string, const Who extends Action, Own extends typeof filter>(
  base: Base,
  permission: Who,
  own: Own,
) {
  return {
    list: operation({
      method: 'GET',
      path: `${base}/access-review`,
      tag,
      summary: 'Review who has access',
      permission,
      description: meaning,
      query: PageQuery.extend(own),
      returns: ReviewEntry.array(),
    }),
    export: operation({
      method: 'GET',
      path: `${base}/access-review/export`,
      tag,
      summary: 'Export an access review',
      permission,
      description: 'All that fit the filter, as NDJSON or, with `format=csv`, as CSV.',
      query: z.strictObject({ ...own, format }),
      returns: ReviewEntry,
      stream: true,
    }),
  }
}

export const reviewOperations = at('/orgs/{orgId}', 'people:manage', inOrganization)
/** The same for one project, for callers who manage its members. */
export const projectReviewOperations = at('/orgs/{orgId}/projects/{projectId}', 'members:manage', filter)
