import type { ReviewEntry } from '#contract/review/access-review'
import type { ReviewedPerson } from '#contract/review/people-review'
import type { Csv } from '../stream.ts'

/** The columns of an access review in CSV. */
export const reviewCsv: Csv<ReviewEntry> = {
  name: 'access-review',
  columns: {
    kind: ({ kind }) => kind,
    project: ({ project }) => project?.slug,
    name: ({ name }) => name,
    email: ({ email }) => email,
    role: ({ role }) => role,
    environment: ({ envName }) => envName,
    cells: ({ cellScopes }) => cellScopes,
    permissions: ({ permissions }) => permissions.join(' '),
    expiresAt: ({ expiresAt }) => expiresAt,
    lastSeenAt: ({ lastSeenAt }) => lastSeenAt,
    createdAt: ({ createdAt }) => createdAt,
    createdBy: ({ createdBy }) => createdBy,
    allowedAddresses: ({ allowedAddresses }) => allowedAddresses?.join(' '),
    reasons: ({ reasons }) => reasons.join(' '),
    id: ({ id }) => id,
  },
}

/** The columns of a review of people in CSV. */
export const peopleReviewCsv: Csv<ReviewedPerson> = {
  name: 'people-review',
  columns: {
    name: ({ name }) => name,
    email: ({ email }) => email,
    role: ({ role }) => role,
    marks: ({ marks }) => marks.join(' '),
    memberships: ({ memberships }) => memberships,
    lastSeenAt: ({ lastSeenAt }) => lastSeenAt,
    createdAt: ({ createdAt }) => createdAt,
    state: ({ state }) => state,
    reviewedAt: ({ reviewedAt }) => reviewedAt,
    reviewedBy: ({ reviewedBy }) => reviewedBy,
    userId: ({ userId }) => userId,
  },
}
