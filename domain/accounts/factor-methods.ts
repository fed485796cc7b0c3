import type { FactorMethod } from '#contract/accounts/factors'
import type { Database, Trx } from '#db/client'
import { deletePasskeysOf, listPasskeys } from '#db/queries/accounts/passkeys'
import { countRecoveryCodes, replaceRecoveryCodes } from '#db/queries/accounts/recovery-codes'
import { deleteTotp, findTotp } from '#db/queries/accounts/totp'

/** A person's second factors; empty when they have none. */
export async function methodsOf(db: Database | Trx, userId: string): Promise<FactorMethod[]> {
  const totp = await findTotp(db, userId)
  const passkeys = await listPasskeys(db, userId)
  if (!totp && passkeys.length === 0) return []
  const { left } = await countRecoveryCodes(db, userId)
  return [
    ...(totp ? ['totp' as const] : []),
    ...(passkeys.length > 0 ? ['passkey' as const] : []),
    ...(left > 0 ? ['recovery-code' as const] : []),
  ]
}

/** Recovery codes have no use once the last factor is gone. */
export async function forgetRecoveryCodesWithLastFactor(trx: Trx, userId: string): Promise<void> {
  const isLeft = (await findTotp(trx, userId)) ?? (await listPasskeys(trx, userId)).length > 0
  if (!isLeft) await replaceRecoveryCodes(trx, userId, [])
}

/** Removes all second factors and recovery codes of a person. Returns what there was. */
export async function dropFactors(trx: Trx, userId: string): Promise<{ totp: boolean; passkeys: number }> {
  const gone = { totp: await deleteTotp(trx, userId), passkeys: await deletePasskeysOf(trx, userId) }
  await replaceRecoveryCodes(trx, userId, [])
  return gone
}
