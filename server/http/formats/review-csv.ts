import type { ReviewEntry } from '#contract/review/access-review'
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
