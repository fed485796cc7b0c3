import type { Passkey } from '#contract/accounts/factors'
import type { PresentedCredential, RegisteredCredential } from '#contract/accounts/webauthn'
import { type Database, type Trx, inTransaction } from '#db/client'
import * as rows from '#db/queries/accounts/passkeys'
import { audit } from '../audit/audit.ts'
import type { ActorContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { forgetRecoveryCodesWithLastFactor } from './factor-methods.ts'
import { assertFreshSignIn } from '../access/fresh-sign-in.ts'
import { newId } from '../ids.ts'
import { firstRecoveryCodes } from './recovery-codes.ts'
import { assertStillSignedIn, sessionActor } from '../access/signed-in.ts'
import {
  type Ceremony,
  authenticationOptions,
  registrationOptions,
  spendChallenge,
  verifyAuthentication,
  verifyRegistration,
} from './webauthn.ts'

const MOST = 20

export const presentPasskey = (row: rows.PasskeyRow): Passkey => ({
  id: row.id,
  name: row.name,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
})

const notFound = () => new DomainError('passkey_not_found', 'No such passkey')

async function assertRoom(db: Database | Trx, userId: string) {
  const known = await rows.listPasskeys(db, userId)
  if (known.length >= MOST)
    throw new DomainError('too_many_passkeys', `You already have ${MOST} passkeys, the maximum. Remove one first`)
  return known
}

export async function startPasskey(context: ActorContext) {
  const actor = sessionActor(context)
  assertFreshSignIn(context)
  const known = await assertRoom(context.db, actor.id)
  return registrationOptions({ purpose: 'register', by: actor.credentialId }, actor, known)
}

/** Returns recovery codes with a person's first factor, else null. */
export async function addPasskey(
  context: ActorContext,
  { name, credential }: { name: string; credential: RegisteredCredential },
) {
  const actor = sessionActor(context)
  assertFreshSignIn(context)
  const ceremony: Ceremony = { purpose: 'register', by: actor.credentialId }
  const challenge = await spendChallenge(context.db, credential.response.clientDataJSON, ceremony)
  const made = await verifyRegistration(credential, challenge)
  return inTransaction(context.db, async (trx) => {
    await assertStillSignedIn(trx, actor)
    await assertRoom(trx, actor.id)
    const row = await rows.insertPasskey(trx, {
      id: newId(),
      user_id: actor.id,
      name,
      credential_id: made.id,
      public_key: Buffer.from(made.publicKey),
      counter: made.counter,
      transports: made.transports ?? [],
    })
    if (!row) throw new DomainError('passkey_exists', 'This passkey was added already')
    await audit(trx, context, 'passkey.added', { kind: 'passkey', id: row.id, name }, { after: { name } })
    return { ...presentPasskey(row), recoveryCodes: await firstRecoveryCodes(trx, actor.id) }
  })
}

export async function renamePasskey(context: ActorContext, id: string, { name }: { name: string }): Promise<Passkey> {
  const actor = sessionActor(context)
  return inTransaction(context.db, async (trx) => {
    const row = await rows.lockPasskeyOf(trx, actor.id, id)
    if (!row) throw notFound()
    if (row.name === name) return presentPasskey(row)
    await rows.renamePasskey(trx, actor.id, id, name)
    const change = { before: { name: row.name }, after: { name } }
    await audit(trx, context, 'passkey.renamed', { kind: 'passkey', id, name }, change)
    return presentPasskey({ ...row, name })
  })
}

export async function removePasskey(context: ActorContext, id: string): Promise<{ id: string; removed: true }> {
  const actor = sessionActor(context)
  assertFreshSignIn(context)
  return inTransaction(context.db, async (trx) => {
    const row = await rows.lockPasskeyOf(trx, actor.id, id)
    if (!row) throw notFound()
    await rows.deletePasskey(trx, actor.id, id)
    await forgetRecoveryCodesWithLastFactor(trx, actor.id)
    await audit(trx, context, 'passkey.removed', { kind: 'passkey', id, name: row.name }, { before: { name: row.name } })
    return { id, removed: true }
  })
}

/** The options for a browser to authenticate this person again with one of their own passkeys. */
export async function startReauthentication(context: ActorContext) {
  const actor = sessionActor(context)
  const known = await rows.listPasskeys(context.db, actor.id)
  return authenticationOptions({ purpose: 'prove-again', by: actor.credentialId }, known)
}

/** The owner of the passkey that answered this challenge. Runs in the transaction of what it opens, after `spendChallenge`. */
export async function provenByPasskey(trx: Trx, presented: PresentedCredential, challenge: string) {
  const row = await rows.lockPasskey(trx, presented.id)
  const counter = await verifyAuthentication(presented, challenge, row)
  await rows.touchPasskey(trx, row!.id, counter)
  return { id: row!.user_id, email: row!.email, name: row!.name, avatar_url: row!.avatar_url }
}
