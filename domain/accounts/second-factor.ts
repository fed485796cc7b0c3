import type { SecondFactor } from '#contract/accounts/factors'
import { type Database, type Trx, inTransaction } from '#db/client'
import { spendRecoveryCode } from '#db/queries/accounts/recovery-codes'
import { proveCode } from './authenticator-app.ts'
import { DomainError } from '../errors.ts'
import { provenByPasskey } from './passkeys.ts'
import { hashRecoveryCode } from './recovery-codes.ts'
import { type Attempt, accountOf, countAttempt, forgiveAttempts } from '../limits/throttle.ts'
import { type Ceremony, spendChallenge } from './webauthn.ts'

type Prover = { user: { id: string; email: string }; device: string | undefined; address: string | null; ceremony: Ceremony }

/**
 * Codes can be guessed, so tries count against the account. Signatures cannot, so tries count only against the address, to limit
 * load.
 */
function attemptOf({ code, recoveryCode }: SecondFactor, { user, device, address }: Prover): Attempt {
  if (code === undefined && recoveryCode === undefined) return { address }
  return { guessed: code === undefined ? 'recovery-code' : 'code', account: accountOf(user.email), device, address }
}

/**
 * Proves the factor and runs the work in one transaction, so that a code is spent only when the work succeeds. The try is counted
 * before, in its own transaction; a passkey's challenge is spent either way.
 */
export async function withSecondFactor<Result>(
  db: Database | Trx,
  proof: SecondFactor,
  prover: Prover,
  open: (trx: Trx) => Promise<Result>,
): Promise<Result> {
  const attempt = attemptOf(proof, prover)
  await countAttempt(db, attempt)
  const { passkey } = proof
  const challenge = passkey && (await spendChallenge(db, passkey.response.clientDataJSON, prover.ceremony))
  return inTransaction(db, async (trx) => {
    const result = await open(trx)
    await prove(trx, prover.user.id, proof, challenge)
    await forgiveAttempts(trx, attempt)
    return result
  })
}

async function prove(trx: Trx, userId: string, proof: SecondFactor, challenge: string | undefined): Promise<void> {
  if (proof.code !== undefined) return proveCode(trx, userId, proof.code)
  if (proof.recoveryCode !== undefined) return proveRecoveryCode(trx, userId, proof.recoveryCode)
  const owner = await provenByPasskey(trx, proof.passkey!, challenge!)
  if (owner.id !== userId) throw new DomainError('wrong_passkey', 'This passkey belongs to another account. Use one of yours')
}

async function proveRecoveryCode(trx: Trx, userId: string, typed: string): Promise<void> {
  const outcome = await spendRecoveryCode(trx, userId, hashRecoveryCode(typed))
  if (outcome === 'spent') return
  const path = 'recoveryCode'
  if (outcome === 'used')
    throw new DomainError('recovery_code_used', 'This recovery code was used already. Use another one', [
      { path, message: 'was used already' },
    ])
  throw new DomainError('wrong_recovery_code', 'Incorrect recovery code', [
    { path, message: 'is not one of your recovery codes' },
  ])
}
