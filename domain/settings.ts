import { createHmac } from 'node:crypto'

/** How long a nuke or a deletion can be undone, in hours; 0 = not at all. */
export function retentionHours(): number {
  return Number(process.env['BULKHEAD_NUKE_RETENTION_HOURS'] ?? 72)
}

/** A key for one purpose, derived from `BULKHEAD_SECRET`, so that no two uses share one. */
export function derivedKey(purpose: string): Buffer {
  const secret = process.env['BULKHEAD_SECRET']
  if (!secret) throw new Error('BULKHEAD_SECRET is not set')
  return createHmac('sha256', secret).update(`bulkhead.${purpose}`).digest()
}
