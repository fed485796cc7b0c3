import type { Role } from '#contract/common'
import type { Actor } from '../context.ts'
import { DomainError } from '../errors.ts'
import { isAtLeast, isInBrowser } from './permissions.ts'

/** Maximum age, in milliseconds, of a sign-in that may destroy or grant. */
const FRESH = 10 * 60 * 1000

/**
 * Only browser sessions go stale: a browser may be left open, while a token cannot be asked again. An unknown time is not fresh.
 */
export const isFresh = (actor: Actor): boolean =>
  !isInBrowser(actor) || Date.now() - Date.parse(actor.authenticatedAt ?? '') <= FRESH

/** Throws in a browser session that was not authenticated within the last ten minutes. */
export function assertFreshSignIn({ actor }: { actor: Actor }): void {
  if (isFresh(actor)) return
  throw new DomainError('reauthentication_required', 'Confirm it’s you: you last signed in more than ten minutes ago')
}

/** Owners and admins: whoever grants or changes such a role passes on power over everyone's work. */
export const isPowerful = (role: Role): boolean => isAtLeast(role, 'admin')

/** Like `assertFreshSignIn`, but only when one of these roles, before or after the change, is powerful. */
export function assertFreshToGrant(context: { actor: Actor }, ...roles: Role[]): void {
  if (roles.some(isPowerful)) assertFreshSignIn(context)
}
