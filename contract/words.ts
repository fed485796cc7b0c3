/**
 * The fixed words that screens list. They stand apart from the shapes that are made of them, so that a page which only lists them
 * loads no validator.
 */
export const roles = ['owner', 'admin', 'member', 'viewer'] as const

/** The kinds of the catalog in the order in which they are applied. */
export const schemaKinds = ['EntityType', 'Secret', 'Cell', 'RelationshipType'] as const
/** The same, with those of the data, which follow (reference 7). */
export const kinds = [...schemaKinds, 'Entity', 'Relationship'] as const

/** A person in the organization, a person in one project, a project's token, a person's token. */
export const reviewKinds = ['person', 'membership', 'project-token', 'personal-token'] as const

export const reviewReasons = [
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
] as const

/** What makes the access of a person a risk, the heaviest first. */
export const riskMarks = ['everything', 'never-signed-in', 'not-seen', 'no-second-factor', 'no-expiry', 'expired'] as const

/** Whether somebody has looked over what a person may do: never, before it changed, or as it is. */
export const reviewStates = ['never', 'changed', 'reviewed'] as const

export const quotas = ['projects', 'members', 'tokens', 'rows'] as const

export const projectSorts = ['createdAt', '-createdAt', 'name', '-name'] as const

/** The columns of the console's list of projects, each in both directions. */
export const summarySorts = [
  ...projectSorts,
  'slug',
  '-slug',
  'role',
  '-role',
  'members',
  '-members',
  'rows',
  '-rows',
  'lastChangeAt',
  '-lastChangeAt',
] as const

/** Changed within so many days, or not for 90 days. */
export const projectActivities = ['7', '30', '90', 'idle'] as const

export const deliveryStates = ['pending', 'delivered', 'failed'] as const

/** The most days for which a token may be allowed to live. */
export const MOST_TOKEN_DAYS = 3650
