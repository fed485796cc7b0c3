import type { Actor } from './context.ts'
import { DomainError } from './errors.ts'

/** How old a sign-in may be for what destroys, in milliseconds. */
const FRESH = 10 * 60 * 1000

/** What destroys, or opens another way in, comes soon after the browser's person has proven who he is. */
export function assertFreshSignIn(actor: Actor): void {
  if (actor.kind !== 'user' || actor.via !== 'session') return
  // An unknown time is not a number and so not fresh.
  if (!(Date.now() - Date.parse(actor.authenticatedAt ?? '') <= FRESH)) {
    throw new DomainError('reauthentication_required', 'You signed in more than ten minutes ago; prove again that it is you')
  }
}
