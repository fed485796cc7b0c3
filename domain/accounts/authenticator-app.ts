import type { TotpStarted } from '#contract/accounts/factors'
import { type Trx, inTransaction } from '#db/client'
import * as rows from '#db/queries/accounts/totp'
import { audit } from '../audit/audit.ts'
import type { ActorContext, UserActor } from '../context.ts'
import { DomainError } from '../errors.ts'
import { forgetRecoveryCodesWithLastFactor } from './factor-methods.ts'
import { assertFreshSignIn } from '../access/fresh-sign-in.ts'
import { firstRecoveryCodes } from './recovery-codes.ts'
import { assertStillSignedIn, sessionActor } from '../access/signed-in.ts'
import { countAttempt, accountOf, forgiveAttempts } from '../limits/throttle.ts'
import { judgeCode, newTotpSecret, presentTotp } from './totp.ts'
import { sealTotp, unsealTotp } from './totp-secrets.ts'

const targetOf = (actor: UserActor) => ({ kind: 'user', id: actor.id, name: actor.email })

const isOn = () => new DomainError('totp_enabled', 'An authenticator app is turned on already. Turn it off first')

/** Creates a secret that counts only after its first code was given. Starting again replaces an unconfirmed secret. */
export async function startTotp(context: ActorContext): Promise<TotpStarted> {
  const actor = sessionActor(context)
  assertFreshSignIn(context)
  const secret = newTotpSecret()
  return inTransaction(context.db, async (trx) => {
    await assertStillSignedIn(trx, actor)
    if (!(await rows.insertTotp(trx, actor.id, sealTotp(secret, actor.id)))) throw isOn()
    return presentTotp(secret, actor.email)
  })
}

export async function confirmTotp(context: ActorContext, { code }: { code: string }) {
  const actor = sessionActor(context)
  const attempt = { guessed: 'code', account: accountOf(actor.email), device: actor.credentialId, address: null } as const
  await countAttempt(context.db, attempt)
  return inTransaction(context.db, async (trx) => {
    await assertStillSignedIn(trx, actor)
    const begun = await rows.lockTotp(trx, actor.id)
    if (begun?.confirmed_at) throw isOn()
    if (!begun || begun.old)
      throw new DomainError('totp_not_started', 'The setup of the authenticator app was not started, or has expired. Start again')
    await takeCode(trx, actor.id, begun, code)
    await rows.confirmTotp(trx, actor.id)
    await forgiveAttempts(trx, attempt)
    const recoveryCodes = await firstRecoveryCodes(trx, actor.id)
    await audit(trx, context, 'second-factor.enabled', targetOf(actor))
    return { enabledAt: (await rows.findTotp(trx, actor.id))!.confirmed_at!, recoveryCodes }
  })
}

export async function removeTotp(context: ActorContext): Promise<{ removed: true }> {
  const actor = sessionActor(context)
  assertFreshSignIn(context)
  return inTransaction(context.db, async (trx) => {
    if (!(await rows.deleteTotp(trx, actor.id))) throw new DomainError('factor_not_found', 'No authenticator app is turned on')
    await forgetRecoveryCodesWithLastFactor(trx, actor.id)
    await audit(trx, context, 'second-factor.disabled', targetOf(actor))
    return { removed: true }
  })
}

const sentences = {
  wrong: ['wrong_code', 'Incorrect code. Enter the current code from your authenticator app'],
  used: ['code_used', 'This code was used already. Wait for the next one'],
  expired: ['code_expired', 'This code has expired. Enter the current code, and check the clock of your device'],
} as const

/** Checks a code of this locked factor; each code works once. */
async function takeCode(
  trx: Trx,
  userId: string,
  factor: rows.Sealed & { last_step: number | null },
  code: string,
): Promise<void> {
  const judged = judgeCode(unsealTotp(factor, userId), code, factor.last_step)
  if (judged.kind === 'right') return rows.setTotpStep(trx, userId, judged.step)
  const [refusal, sentence] = sentences[judged.kind]
  const path = 'code'
  throw new DomainError(refusal, sentence, [{ path, message: 'can’t be used now' }])
}

/** Checks a code as a second factor, for a person whose app is confirmed. */
export async function proveCode(trx: Trx, userId: string, code: string): Promise<void> {
  const factor = await rows.lockTotp(trx, userId)
  if (!factor?.confirmed_at)
    throw new DomainError('wrong_code', 'No authenticator app is turned on. Confirm it’s you in another way')
  await takeCode(trx, userId, factor, code)
}
