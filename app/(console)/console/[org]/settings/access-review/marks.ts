import type { ReviewState, RiskMark } from '#contract/review/people-review'

/** Each mark as a short label, with its exact meaning. */
export const marks = {
  everything: {
    label: 'Admin over everything',
    meaning: 'An owner or admin of the organization, with that role in every project.',
  },
  'never-signed-in': { label: 'Never signed in', meaning: 'Has never signed in or used a personal token.' },
  'not-seen': { label: 'Not seen', meaning: 'Last signed in or used a personal token longer ago than “Not seen for”.' },
  'no-second-factor': {
    label: 'No second factor',
    meaning: 'An owner or admin of the organization without an authenticator app or a passkey.',
  },
  'no-expiry': { label: 'Token without expiry', meaning: 'Has a personal token that works until they revoke it.' },
  expired: { label: 'Ended membership', meaning: 'Has a membership that has ended and can be removed.' },
} as const satisfies Record<RiskMark, { label: string; meaning: string }>

export const states = {
  never: 'Never reviewed',
  changed: 'Changed since the review',
  reviewed: 'Reviewed',
} as const satisfies Record<ReviewState, string>
