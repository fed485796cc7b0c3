import type { ReviewReason } from '#contract/review/access-review'

/** Each flag as a short label, with its exact meaning. */
export const reasonsInWords = {
  'never-signed-in': {
    label: 'Never signed in',
    meaning: 'The person has neither signed in here nor used a personal token.',
  },
  'not-seen': {
    label: 'Not seen',
    meaning:
      'The person was last signed in or used a personal token, or the token was last used, longer ago than that. A person counts as seen wherever he was, not only in this project.',
  },
  expiring: { label: 'Expiring', meaning: 'The access ends within the days ahead.' },
  expired: { label: 'Expired', meaning: 'The access has ended and can be cleared away.' },
  'wider-than-used': {
    label: 'Wider than used',
    meaning:
      'Given longer ago than that, and since then an owner or admin has administered nothing, or a member or token has changed nothing. Judged by the audit log, which keeps changes: it cannot know what somebody read, nor which environments and cells he needs.',
  },
  'only-owner': { label: 'Only owner', meaning: 'Nobody else owns the project for good: without him nobody could.' },
  'many-owners': { label: 'Many owners', meaning: 'More than three own the project.' },
  'never-used': { label: 'Never used', meaning: 'The token was made and never used.' },
  'no-expiry': { label: 'No expiry', meaning: 'The token works until somebody revokes it.' },
  'too-long': { label: 'Too long', meaning: 'The token lives longer than the organisation allows new ones to.' },
  'any-address': { label: 'Any address', meaning: 'The token works from everywhere.' },
} as const satisfies Record<ReviewReason, { label: string; meaning: string }>
