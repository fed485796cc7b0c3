import { createHmac } from 'node:crypto'

/** How long a nuke or a deletion can be undone, in hours; 0 = not at all. */
export function retentionHours(): number {
  return Number(process.env['BULKHEAD_NUKE_RETENTION_HOURS'] ?? 72)
}

/** A key for one purpose, derived from a secret, so that no two uses share one. */
export const derivedKeyOf = (secret: string, purpose: string): Buffer =>
  createHmac('sha256', secret).update(`bulkhead.${purpose}`).digest()

/** The same from `BULKHEAD_SECRET`. */
export function derivedKey(purpose: string): Buffer {
  const secret = process.env['BULKHEAD_SECRET']
  if (!secret) throw new Error('BULKHEAD_SECRET is not set')
  return derivedKeyOf(secret, purpose)
}

/** Secrets that were in force before, comma-separated in `BULKHEAD_PREVIOUS_SECRETS`: what they sealed is still opened, to be sealed anew. */
export const previousSecrets = (): string[] => (process.env['BULKHEAD_PREVIOUS_SECRETS'] ?? '').split(',').filter(Boolean)
