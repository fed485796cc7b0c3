import type { Role } from '#contract/common'
import type { Actor } from '../context.ts'
import { DomainError } from '../errors.ts'
import { isAtLeast } from './permissions.ts'

/** How old a sign-in may be for what destroys or grants, in milliseconds. */
const FRESH = 10 * 60 * 1000

/** A token means what it says by being used, and has nobody to ask; a browser may have been left open. An unknown time is not fresh. */
export const isFresh = (actor: Actor): boolean =>
  actor.kind !== 'user' || actor.via !== 'session' || Date.now() - Date.parse(actor.authenticatedAt ?? '') <= FRESH

/** Throws in a browser in which nobody has proven for ten minutes who he is. */
export function assertFreshSignIn({ actor }: { actor: Actor }): void {
  if (isFresh(actor)) return
  throw new DomainError('reauthentication_required', 'You signed in more than ten minutes ago; prove again that it is you')
}

/** Owners and admins: whoever makes or changes one passes on power over everybody's work. */
export const isPowerful = (role: Role): boolean => isAtLeast(role, 'admin')

/** The same for a change that concerns these roles, before and after it. */
export function assertFreshToGrant(context: { actor: Actor }, ...roles: Role[]): void {
  if (roles.some(isPowerful)) assertFreshSignIn(context)
}
