import type { Database, Trx } from '#db/client'
import { isLivePersonalToken } from '#db/queries/access/actors'
import { lockLinks } from '#db/queries/accounts/identities'
import { isLiveSession } from '#db/queries/accounts/sessions'
import { findToken } from '#db/queries/tokens/tokens'
import type { Actor, ActorContext, UserActor } from '../context.ts'
import { DomainError } from '../errors.ts'

export const sessionOver = () => new DomainError('unauthenticated', 'This session has ended. Sign in again')
const tokenOver = () => new DomainError('unauthenticated', 'This token is not valid: it is mistyped, expired or revoked')

/**
 * Call before adding anything that opens an account or stays in its name: while the request waited, someone may have proven the
 * address and ended its session. Nobody takes the account over until the transaction ends.
 */
export async function assertStillSignedIn(trx: Trx, actor: UserActor): Promise<void> {
  await lockLinks(trx, actor.id)
  await assertStillProven(trx, actor)
}

/** Throws if the caller's session or token has ended since the request began. Nobody can revoke a JWT or an agent's own token. */
export async function assertStillProven(db: Database | Trx, actor: Actor): Promise<void> {
  if (actor.kind === 'project_token') {
    if (actor.itself) return
    const token = await findToken(db, actor.projectId, actor.id)
    if (!token || token.expired) throw tokenOver()
  } else if (actor.via === 'session') {
    if (!(await isLiveSession(db, actor.credentialId))) throw sessionOver()
  } else if (actor.via === 'personal_token') {
    if (!(await isLivePersonalToken(db, actor.orgId, actor.credentialId))) throw tokenOver()
  }
}

/** The person of a browser session; throws for tokens, which cannot act on sessions. */
export function sessionActor({ actor }: ActorContext): UserActor {
  if (actor.kind === 'user' && actor.via === 'session') return actor
  throw new DomainError('forbidden', 'This works only in a browser session. Sign in to the console')
}
