import type { Actor } from './context.ts'
import { DomainError } from './errors.ts'

/** How old a sign-in may be for what destroys or grants, in milliseconds. */
const FRESH = 10 * 60 * 1000

/** A token means what it says by being used, and has nobody to ask; a browser may have been left open. An unknown time is not fresh. */
const isFresh = (actor: Actor): boolean =>
  actor.kind !== 'user' || actor.via !== 'session' || Date.now() - Date.parse(actor.authenticatedAt ?? '') <= FRESH

/** Throws in a browser in which nobody has proven for ten minutes who he is. */
export function assertFreshSignIn({ actor }: { actor: Actor }): void {
  if (isFresh(actor)) return
  throw new DomainError('reauthentication_required', 'You signed in more than ten minutes ago; prove again that it is you')
}
