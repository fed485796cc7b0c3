import type { Factors } from '#contract/accounts/factors'
import { type Database, inTransaction } from '#db/client'
import { listPasskeys } from '#db/queries/accounts/passkeys'
import { countRecoveryCodes } from '#db/queries/accounts/recovery-codes'
import { findTotp } from '#db/queries/accounts/totp'
import { audit } from '../audit/audit.ts'
import type { ActorContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { dropFactors, methodsOf } from './factor-methods.ts'
import { assertFreshSignIn } from '../access/fresh-sign-in.ts'
import { presentPasskey } from './passkeys.ts'
import { type Person, cli } from './users.ts'
import { makeRecoveryCodes } from './recovery-codes.ts'
import { assertStillSignedIn, sessionActor } from '../access/signed-in.ts'
import { relyingParty } from './webauthn.ts'

export async function getFactors(context: ActorContext): Promise<Factors> {
  const { id } = sessionActor(context)
  const [totp, passkeys, recoveryCodes] = await Promise.all([
    findTotp(context.db, id),
    listPasskeys(context.db, id),
    countRecoveryCodes(context.db, id),
  ])
  return {
    totp: totp ? { enabledAt: totp.confirmed_at! } : null,
    passkeys: passkeys.map(presentPasskey),
    recoveryCodes,
    passkeyOrigin: relyingParty()?.origin ?? null,
  }
}

export async function renewRecoveryCodes(context: ActorContext): Promise<{ codes: string[] }> {
  const actor = sessionActor(context)
  assertFreshSignIn(context)
  return inTransaction(context.db, async (trx) => {
    await assertStillSignedIn(trx, actor)
    if ((await methodsOf(trx, actor.id)).length === 0)
      throw new DomainError('factor_not_found', 'Recovery codes need an authenticator app or a passkey. Set one up first')
    const codes = await makeRecoveryCodes(trx, actor.id)
    await audit(trx, context, 'recovery-codes.renewed', { kind: 'user', id: actor.id, name: actor.email })
    return { codes }
  })
}

/**
 * Break-glass, for someone who lost every second factor: afterwards the password alone signs them in. The console offers it to
 * nobody.
 */
export async function resetFactors(db: Database, person: Person): Promise<{ totp: boolean; passkeys: number }> {
  return inTransaction(db, async (trx) => {
    const gone = await dropFactors(trx, person.id)
    if (gone.totp || gone.passkeys > 0)
      await audit(trx, cli, 'second-factor.reset', { kind: 'user', id: person.id, name: person.email }, { before: gone })
    return gone
  })
}
