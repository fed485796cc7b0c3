import type { Trx } from '#db/client'
import { isLivePersonalToken } from '#db/queries/access/actors'
import { lockLinks } from '#db/queries/accounts/identities'
import { isLiveSession } from '#db/queries/accounts/sessions'
import type { ActorContext, UserActor } from '../context.ts'
import { DomainError } from '../errors.ts'

export const sessionOver = () => new DomainError('unauthenticated', 'This session has ended; sign in again')

/**
 * Call before adding anything that opens an account or stays in its name: while the request waited, someone may have proven the
 * address and ended its session. Nobody takes the account over until the transaction ends.
 */
export async function keepSignedIn(trx: Trx, actor: UserActor): Promise<void> {
  await lockLinks(trx, actor.id)
  if (actor.via === 'session' && !(await isLiveSession(trx, actor.credentialId))) throw sessionOver()
  if (actor.via === 'personal_token' && !(await isLivePersonalToken(trx, actor.orgId, actor.credentialId)))
    throw new DomainError('unauthenticated', 'This token is not valid; it may be mistyped, expired or revoked')
}

/** The person of a browser session; throws for tokens, which cannot act on sessions. */
export function sessionActor({ actor }: ActorContext): UserActor {
  if (actor.kind === 'user' && actor.via === 'session') return actor
  throw new DomainError('forbidden', 'This is for browser sessions only')
}
