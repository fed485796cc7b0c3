import type { ReviewReason } from '#contract/review/access-review'

/** Each flag as a short label, with its exact meaning. */
export const flags = {
  'never-signed-in': {
    label: 'Never signed in',
    meaning: 'The person has never signed in or used a personal token.',
  },
  'not-seen': {
    label: 'Inactive',
    meaning:
      'The person last signed in or used a personal token, or the token was last used, longer ago than “Inactive for”. Using any project counts, not only this one.',
  },
  expiring: { label: 'Expiring', meaning: 'The access ends within the days of “Expires within”.' },
  expired: { label: 'Expired', meaning: 'The access has ended and can be removed.' },
  'wider-than-used': {
    label: 'Wider than used',
    meaning:
      'The access was given longer ago than “Inactive for”. Since then, this owner or admin has managed nothing, or this member or token has changed nothing. This comes from the audit log, which records changes: it can’t tell what somebody read, or which environments and cells they need.',
  },
  'only-owner': {
    label: 'Only owner',
    meaning: 'Nobody else owns the project permanently. Add a second owner before this one leaves.',
  },
  'many-owners': { label: 'Many owners', meaning: 'The project has more than three owners.' },
  'never-used': { label: 'Never used', meaning: 'The token was never used.' },
  'no-expiry': { label: 'No expiry', meaning: 'The token works until someone revokes it.' },
  'too-long': { label: 'Too long', meaning: 'The token is valid for longer than the organization allows for new tokens.' },
  'any-address': { label: 'Any IP address', meaning: 'The token works from every IP address.' },
} as const satisfies Record<ReviewReason, { label: string; meaning: string }>
