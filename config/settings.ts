import { createHash, createHmac } from 'node:crypto'

/** How long a nuke or a deletion can be undone, in hours; 0 = not at all. */
export function retentionHours(): number {
  return Number(process.env['BULKHEAD_NUKE_RETENTION_HOURS'] ?? 72)
}

/** What an organisation may have of each, where it has no quota of its own; 0 = as many as it likes. */
export const defaultQuotas = { projects: 1000, members: 10_000, tokens: 10_000, rows: 100_000_000 } as const

/** The same as whoever runs the server has set it. */
export const defaultQuota = (kind: keyof typeof defaultQuotas): number =>
  Number(process.env[`BULKHEAD_QUOTA_${kind.toUpperCase()}`] || defaultQuotas[kind])

/** How many invitations an organisation may have mailed in an hour, where nothing is set; 0 = as many as it likes. */
export const defaultInvitationsPerHour = 500

export const invitationsPerHour = (): number => Number(process.env['BULKHEAD_INVITATIONS_PER_HOUR'] || defaultInvitationsPerHour)

/** How many calls a minute one caller may make of one process, where nothing is set; 0 = as many as he likes. */
export const defaultRateLimit = 6000

export const rateLimit = (): number => Number(process.env['BULKHEAD_RATE_LIMIT'] ?? defaultRateLimit)

/** A key for one purpose, derived from a secret, so that no two uses share one. */
export const derivedKeyOf = (secret: string, purpose: string): Buffer =>
  createHmac('sha256', secret).update(`bulkhead.${purpose}`).digest()

/** Tells keys apart without telling anything about them. */
export const keyIdOf = (key: Buffer): string => createHash('sha256').update(key).digest('base64url').slice(0, 12)

/** `BULKHEAD_SECRET`: every key of this server comes from it. */
export function serverSecret(): string {
  const secret = process.env['BULKHEAD_SECRET']
  if (!secret) throw new Error('BULKHEAD_SECRET is not set')
  return secret
}

/** The same from `BULKHEAD_SECRET`. */
export const derivedKey = (purpose: string): Buffer => derivedKeyOf(serverSecret(), purpose)

/**
 * Secrets that were in force before, comma-separated in `BULKHEAD_PREVIOUS_SECRETS`: what they sealed is still
 * opened, to be sealed anew, and what they signed still holds.
 */
export const previousSecrets = (): string[] => (process.env['BULKHEAD_PREVIOUS_SECRETS'] ?? '').split(',').filter(Boolean)

/** Hosts that webhooks may reach whatever their address is, also by http: `BULKHEAD_WEBHOOK_ALLOWED_HOSTS`, with a port for that port alone. */
export const webhookAllowedHosts = (): string[] => listed('BULKHEAD_WEBHOOK_ALLOWED_HOSTS').map((host) => host.toLowerCase())

const listed = (name: string): string[] =>
  (process.env[name] ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)

/** The claim in which a provider says somebody's address: `BULKHEAD_EMAIL_CLAIM`. */
export const emailClaim = (): string => process.env['BULKHEAD_EMAIL_CLAIM'] || 'email'

/** Issuers whose every address is taken as verified where they do not say: `BULKHEAD_TRUSTED_EMAIL_ISSUERS`. */
export const trustedEmailIssuers = (): string[] => listed('BULKHEAD_TRUSTED_EMAIL_ISSUERS')
