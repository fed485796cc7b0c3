import { z } from 'zod'
import { Id, PageQuery, Role, Time, VerbGrant, inQuery } from '../common.ts'
import { operation } from '../operation.ts'
import { reviewKinds, reviewReasons } from '../words.ts'
import type { Action } from '../access/permissions.ts'

/** Why someone's access should be reviewed. */
export const ReviewReason = z.enum(reviewReasons)
export type ReviewReason = z.infer<typeof ReviewReason>

/** A person in the organization, a person in one project, a project's token, a person's token. */
export const ReviewKind = z.enum(reviewKinds)
export type ReviewKind = z.infer<typeof ReviewKind>

export const ReviewEntry = z.object({
  id: Id.describe('The id of the person, the membership or the token.'),
  kind: ReviewKind,
  project: z
    .object({ id: Id, slug: z.string(), name: z.string() })
    .nullable()
    .describe('Null for access to the organization itself.'),
  userId: Id.nullable().describe('Null for a project token.'),
  name: z.string(),
  email: z.string().nullable(),
  role: Role.describe('For a personal token, the role of its person in the organization.'),
  envName: z.string().nullable(),
  cellScopes: z.array(z.string()).nullable(),
  permissions: z.array(VerbGrant),
  expiresAt: Time.nullable(),
  lastSeenAt: Time.nullable().describe(
    'For a person, their last use of the console or of a personal token, in any organization. For a token, its last use.',
  ),
  createdAt: Time,
  createdBy: z.string().nullable(),
  allowedAddresses: z.array(z.string()).nullable().describe('Null for people.'),
  reasons: z.array(ReviewReason),
})
export type ReviewEntry = z.infer<typeof ReviewEntry>

const days = (otherwise: number) => inQuery(z.number().int().min(1).max(3650).default(otherwise))

const filter = {
  q: z.string().max(100).optional().describe('Only entries whose name or email contains this, ignoring case.'),
  kind: ReviewKind.optional().describe('Only this kind of access.'),
  userId: Id.optional().describe('Only what this person has: their role, memberships and personal tokens.'),
  role: Role.optional().describe('Only access with this role.'),
  reason: ReviewReason.optional().describe('Only access that should be looked at for this reason.'),
  days: days(90).describe('The number of past days that the reasons about inactivity and unused rights consider.'),
  within: days(7).describe('The number of coming days within which an expiry counts as a reason.'),
  sort: z
    .enum(['name', '-name', 'expires', '-expires', 'seen', '-seen'])
    .default('name')
    .describe('By name, end or last use; `-` for descending.'),
}
const inOrganization = { ...filter, project: z.string().max(100).optional().describe('Only this project, by id or slug.') }
const format = z
  .enum(['ndjson', 'csv'])
  .default('ndjson')
  .describe('CSV has a header line. A value that a spreadsheet would run as a formula is prefixed with an apostrophe.')

export const ReviewQuery = PageQuery.extend(inOrganization)
export type ReviewQuery = z.infer<typeof ReviewQuery>
export type ReviewFilter = Omit<ReviewQuery, 'limit' | 'cursor'>

const tag = 'Access review'
const meaning =
  'Review who has access, and what may no longer be needed: every person, membership and token, with reasons to reconsider it. Rights count as unused if, for `days` days, the audit log has no administrative change by an owner or admin, or no change at all by a member or token. The audit log does not record reads.'

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
      description: 'All entries that match the filter, as NDJSON or, with `format=csv`, as CSV.',
      query: z.strictObject({ ...own, format }),
      returns: ReviewEntry,
      stream: true,
    }),
  }
}

export const reviewOperations = at('/orgs/{orgId}', 'people:manage', inOrganization)
/** The same for one project, for callers who manage its members. */
export const projectReviewOperations = at('/orgs/{orgId}/projects/{projectId}', 'members:manage', filter)
