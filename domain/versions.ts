import type { ActorContext } from './context.ts'
import { DomainError } from './errors.ts'

/** A resource's version, with which its `ETag` starts: the time of its last change, in microseconds. */
export const versionOf = (resource: { updatedAt: string }) => resource.updatedAt.replaceAll(/\D/g, '')

/**
 * Throws 412 when the caller's `If-Match` names an older version, whatever a proxy has added to its tag. Call it under the
 * resource's lock.
 */
export function assertMatches({ ifMatch }: Pick<ActorContext, 'ifMatch'>, resource: { updatedAt: string }): void {
  const versions = ifMatch?.split(',').map((tag) => tag.split(/[-;:]/)[0])
  if (!versions || versions.includes('*') || versions.includes(versionOf(resource))) return
  throw new DomainError('precondition_failed', 'This was changed after you read it. Read it again, then repeat your change')
}
