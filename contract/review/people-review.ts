import { z } from 'zod'
import { Id, PageQuery, Role, Time, inQuery } from '../common.ts'
import { operation } from '../operation.ts'
import { reviewStates, riskMarks } from '../words.ts'

/** What makes the access of a person a risk. */
export const RiskMark = z.enum(riskMarks)
export type RiskMark = z.infer<typeof RiskMark>

export const ReviewState = z.enum(reviewStates)
export type ReviewState = z.infer<typeof ReviewState>

/** How many memberships stand in a row. */
export const GRANTS_IN_ROW = 3

export const ReviewedPerson = z.object({
  userId: Id,
  name: z.string(),
  email: z.string(),
  role: Role,
  lastSeenAt: Time.nullable(),
  createdAt: Time,
  marks: RiskMark.array(),
  memberships: z.int().describe('In how many projects they are a member.'),
  grants: z
    .object({
      project: z.object({ slug: z.string(), name: z.string() }),
      role: Role,
      envName: z.string().nullable(),
      cells: z.int().nullable().describe('To how many cells it is limited; null: to none.'),
      expiresAt: Time.nullable(),
    })
    .array()
    .describe(`The oldest ${GRANTS_IN_ROW} of their memberships.`),
  fingerprint: z
    .string()
    .describe('Of their role, memberships and personal tokens: changes with any of them. Send it back with a review.'),
  state: ReviewState.describe('`changed`: what they have has changed since the last review.'),
  reviewedAt: Time.nullable(),
  reviewedBy: z.string().nullable().describe('Who reviewed it; null if that person was deleted.'),
})
export type ReviewedPerson = z.infer<typeof ReviewedPerson>

const days = inQuery(z.number().int().min(1).max(3650).default(90)).describe(
  'Days without use after which a person counts as not seen.',
)

const filter = {
  q: z.string().max(100).optional().describe('Only people whose name or email contains this, ignoring case.'),
  mark: RiskMark.optional().describe('Only people with this mark.'),
  state: ReviewState.optional().describe('Only people whose access was reviewed, or not, or has changed since.'),
  days,
}

export const PeopleReviewQuery = PageQuery.extend(filter)
export type PeopleReviewQuery = z.infer<typeof PeopleReviewQuery>
export type PeopleReviewFilter = Omit<PeopleReviewQuery, 'limit' | 'cursor'>

export const RiskCounts = z.object({
  people: z.int(),
  marks: z.record(RiskMark, z.int()),
  states: z.object({ never: z.int(), reviewed: z.int().describe('Reviewed at some time, whether it changed since or not.') }),
})
export type RiskCounts = z.infer<typeof RiskCounts>

export const MarkReviewed = z.strictObject({
  fingerprint: z.string().max(100).describe('The `fingerprint` that was reviewed.'),
})

const tag = 'Access review'
const base = '/orgs/{orgId}/access-review'
const permission = 'people:manage'

export const peopleReviewOperations = {
  list: operation({
    method: 'GET',
    path: `${base}/people`,
    tag,
    summary: 'Review people by risk',
    permission,
    description:
      'One row a person, with what makes their access a risk, the heaviest first, and when somebody last reviewed it. An owner or admin of the organization weighs most, then who never signed in, ' +
      'was not seen for `days` days, has no second factor as an owner or admin, has a personal token without an expiry, or a membership that has ended.',
    query: PeopleReviewQuery,
    returns: ReviewedPerson.array(),
  }),
  counts: operation({
    method: 'GET',
    path: `${base}/risks`,
    tag,
    summary: 'Count people by risk',
    permission,
    query: z.strictObject({ days }),
    returns: RiskCounts,
  }),
  export: operation({
    method: 'GET',
    path: `${base}/people/export`,
    tag,
    summary: 'Export the review of people',
    permission,
    description: 'All people that match the filter, as NDJSON or, with `format=csv`, as CSV.',
    query: z.strictObject({ ...filter, format: z.enum(['ndjson', 'csv']).default('ndjson').describe('The format of the file.') }),
    returns: ReviewedPerson,
    stream: true,
  }),
  mark: operation({
    method: 'PUT',
    path: `${base}/people/{userId}`,
    tag,
    summary: 'Mark the access of a person as reviewed',
    permission,
    description: 'By the caller, now. 409 when what the person has is no longer what was reviewed.',
    body: MarkReviewed,
    returns: ReviewedPerson,
    errors: { 409: '`access_changed`' },
  }),
}
