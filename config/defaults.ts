/** Quotas of an organization that has none of its own; 0 means unlimited. */
export const defaultQuotas = { projects: 1000, members: 10_000, tokens: 10_000, rows: 100_000_000 } as const

/** Invitation mails an hour and organization; 0 means unlimited. */
export const defaultInvitationsPerHour = 500

/** Calls a minute, caller and server; 0 means unlimited. */
export const defaultRateLimit = 6000

/** Connections of one server to the database. */
export const DEFAULT_POOL = 24

/** The smallest pool in which every class has two connections and no owner can take a whole class. */
export const SMALLEST_POOL = 10

/** Milliseconds from which a statement is logged as slow. */
export const DEFAULT_SLOW_STATEMENT = 1000
