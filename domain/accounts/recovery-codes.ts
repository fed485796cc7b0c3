import { createHash, randomInt } from 'node:crypto'
import type { Trx } from '#db/client'
import { countRecoveryCodes, replaceRecoveryCodes } from '#db/queries/accounts/recovery-codes'

export const HOW_MANY = 10

/** Crockford's base 32, which leaves out characters that look alike. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const LENGTH = 16
const asRead: Record<string, string> = { o: '0', i: '1', l: '1' }

/** `k7qd-9mxa-3hfe-vw2t`: 80 random bits, enough for a plain hash to protect them. */
function newCode(): string {
  const signs = Array.from({ length: LENGTH }, () => alphabet.charAt(randomInt(alphabet.length))).join('')
  return signs.match(/.{4}/g)!.join('-')
}

/** Ignores case, hyphens and spaces. */
export function hashRecoveryCode(typed: string): Buffer {
  const signs = typed.toLowerCase().replaceAll(/[\s-]/g, '')
  return createHash('sha256')
    .update(signs.replaceAll(/[oil]/g, (sign) => asRead[sign] ?? sign))
    .digest()
}

/** Makes ten new codes, which are shown only once, and invalidates all earlier ones. */
export async function makeRecoveryCodes(trx: Trx, userId: string): Promise<string[]> {
  const codes = Array.from({ length: HOW_MANY }, newCode)
  await replaceRecoveryCodes(trx, userId, codes.map(hashRecoveryCode))
  return codes
}

/** Makes recovery codes with a person's first factor. With a later factor their existing codes stay, and it returns null. */
export async function firstRecoveryCodes(trx: Trx, userId: string): Promise<string[] | null> {
  const { made } = await countRecoveryCodes(trx, userId)
  return made === 0 ? makeRecoveryCodes(trx, userId) : null
}
