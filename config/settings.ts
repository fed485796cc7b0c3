import { createHash, createHmac } from 'node:crypto'

/** Hours for which a nuke or a deletion can be undone; 0 disables undo. */
export function retentionHours(): number {
  return Number(process.env['BULKHEAD_NUKE_RETENTION_HOURS'] ?? 72)
}

/** Quotas of an organization that has none of its own; 0 means unlimited. */
export const defaultQuotas = { projects: 1000, members: 10_000, tokens: 10_000, rows: 100_000_000 } as const

/** The default quota, unless the operator has set another one. */
export const defaultQuota = (kind: keyof typeof defaultQuotas): number =>
  Number(process.env[`BULKHEAD_QUOTA_${kind.toUpperCase()}`] || defaultQuotas[kind])

/** Invitation mails an hour and organization by default; 0 means unlimited. */
export const defaultInvitationsPerHour = 500

export const invitationsPerHour = (): number => Number(process.env['BULKHEAD_INVITATIONS_PER_HOUR'] || defaultInvitationsPerHour)

/** Calls a minute, caller and process by default; 0 means unlimited. */
export const defaultRateLimit = 6000

export const rateLimit = (): number => Number(process.env['BULKHEAD_RATE_LIMIT'] ?? defaultRateLimit)

/** Derives a key for one purpose from a secret, so that no two uses share a key. */
export const derivedKeyOf = (secret: string, purpose: string): Buffer =>
  createHmac('sha256', secret).update(`bulkhead.${purpose}`).digest()

/** Identifies a key without revealing it. */
export const keyIdOf = (key: Buffer): string => createHash('sha256').update(key).digest('base64url').slice(0, 12)

/** `BULKHEAD_SECRET`, from which every key of this server is derived. */
export function serverSecret(): string {
  const secret = process.env['BULKHEAD_SECRET']
  if (!secret) throw new Error('BULKHEAD_SECRET is not set')
  return secret
}

/** Derives a key for one purpose from `BULKHEAD_SECRET`. */
export const derivedKey = (purpose: string): Buffer => derivedKeyOf(serverSecret(), purpose)

/**
 * Previous secrets, comma-separated in `BULKHEAD_PREVIOUS_SECRETS`. What they encrypted can still be decrypted and re-encrypted,
 * and their signatures stay valid.
 */
export const previousSecrets = (): string[] => (process.env['BULKHEAD_PREVIOUS_SECRETS'] ?? '').split(',').filter(Boolean)

/**
 * Hosts that webhooks may reach at any address and over http: `BULKHEAD_WEBHOOK_ALLOWED_HOSTS`. A host with a port allows that
 * port only.
 */
export const webhookAllowedHosts = (): string[] => listed('BULKHEAD_WEBHOOK_ALLOWED_HOSTS').map((host) => host.toLowerCase())

const listed = (name: string): string[] =>
  (process.env[name] ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)

/** The claim that holds the email address: `BULKHEAD_EMAIL_CLAIM`. */
export const emailClaim = (): string => process.env['BULKHEAD_EMAIL_CLAIM'] || 'email'

/** Issuers whose addresses count as verified unless they say otherwise: `BULKHEAD_TRUSTED_EMAIL_ISSUERS`. */
export const trustedEmailIssuers = (): string[] => listed('BULKHEAD_TRUSTED_EMAIL_ISSUERS')
