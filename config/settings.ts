import { createHash, createHmac } from 'node:crypto'
import type { defaultQuotas } from './defaults.ts'
import { setting } from './environment.ts'

/** Hours for which a nuke or a deletion can be undone; 0 disables undo. */
export const retentionHours = () => setting('BULKHEAD_NUKE_RETENTION_HOURS')

const quotaSettings = {
  projects: 'BULKHEAD_QUOTA_PROJECTS',
  members: 'BULKHEAD_QUOTA_MEMBERS',
  tokens: 'BULKHEAD_QUOTA_TOKENS',
  rows: 'BULKHEAD_QUOTA_ROWS',
} as const

/** The quota of an organization that has none of its own; 0 means unlimited. */
export const defaultQuota = (kind: keyof typeof defaultQuotas) => setting(quotaSettings[kind])

/** Invitation mails an hour and organization; 0 means unlimited. */
export const invitationsPerHour = () => setting('BULKHEAD_INVITATIONS_PER_HOUR')

/** Calls a minute, caller and server; 0 means unlimited. */
export const rateLimit = () => setting('BULKHEAD_RATE_LIMIT')

/** The public origin, once the start has decided it. */
export const publicOrigin = () => setting('BULKHEAD_URL')

/** A URL of this server, as browsers know it. */
export const ownUrl = (path: string) => new URL(path, publicOrigin())

/** The level of the log. The start refuses a wrong one, and can say so only through a log. */
export function logLevel() {
  try {
    return setting('BULKHEAD_LOG_LEVEL')
  } catch {
    return 'info'
  }
}

/** The provider of `BULKHEAD_OIDC_…`, named on the button to sign in; undefined when none is configured. */
export function oidcProvider() {
  const [issuer, clientId] = [setting('BULKHEAD_OIDC_ISSUER'), setting('BULKHEAD_OIDC_CLIENT_ID')]
  if (!issuer || !clientId) return undefined
  return {
    issuer,
    name: setting('BULKHEAD_OIDC_NAME') ?? new URL(issuer).host,
    clientId,
    secret: setting('BULKHEAD_OIDC_CLIENT_SECRET'),
    scopes: setting('BULKHEAD_OIDC_SCOPES'),
  }
}

/** The issuer of `BULKHEAD_JWT_…`; undefined when none is configured. */
export function jwtIssuer() {
  const url = setting('BULKHEAD_JWT_JWKS_URL')
  const [issuer, audience] = [setting('BULKHEAD_JWT_ISSUER'), setting('BULKHEAD_JWT_AUDIENCE')]
  return url && issuer && audience ? { url, issuer, audience } : undefined
}

/** What the start publishes for next-auth, which reads the same variables. */
export const nextAuth = {
  url: () => process.env['NEXTAUTH_URL'] ?? '',
  secret: () => process.env['NEXTAUTH_SECRET'] ?? '',
}

/** Derives a key for one purpose from a secret, so that no two uses share a key. */
export const derivedKeyOf = (secret: string, purpose: string): Buffer =>
  createHmac('sha256', secret).update(`bulkhead.${purpose}`).digest()

/** Identifies a key without revealing it. */
export const keyIdOf = (key: Buffer): string => createHash('sha256').update(key).digest('base64url').slice(0, 12)

/** `BULKHEAD_SECRET`, from which every key of this server is derived. */
export function serverSecret(): string {
  const secret = setting('BULKHEAD_SECRET')
  if (!secret) throw new Error('BULKHEAD_SECRET is not set')
  return secret
}

/** Derives a key for one purpose from `BULKHEAD_SECRET`. */
export const derivedKey = (purpose: string): Buffer => derivedKeyOf(serverSecret(), purpose)

/** Previous secrets. What they encrypted can still be decrypted and re-encrypted, and their signatures stay valid. */
export const previousSecrets = () => setting('BULKHEAD_PREVIOUS_SECRETS')

/** Hosts that webhooks may reach at any address and over http. A host with a port allows that port only. */
export const webhookAllowedHosts = () => setting('BULKHEAD_WEBHOOK_ALLOWED_HOSTS')

/** The claim that holds the email address. */
export const emailClaim = () => setting('BULKHEAD_EMAIL_CLAIM')

/** Issuers whose addresses count as verified unless they say otherwise. */
export const trustedEmailIssuers = () => setting('BULKHEAD_TRUSTED_EMAIL_ISSUERS')
