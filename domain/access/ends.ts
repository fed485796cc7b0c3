import { DomainError } from '../errors.ts'

/** Refuses an end before the beginning. An end in between ends it now. */
export function assertEndsAfter(createdAt: string, expiresAt: string | null | undefined): void {
  if (!expiresAt || Date.parse(expiresAt) > Date.parse(createdAt)) return
  throw new DomainError('invalid_request', `expiresAt must be after ${createdAt}, when it was created`, [
    { path: 'expiresAt', message: `must be after ${createdAt}, when it was created` },
  ])
}
