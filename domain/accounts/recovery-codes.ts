import { createHash, randomInt } from 'node:crypto'
import type { Trx } from '#db/client'
import { countRecoveryCodes, replaceRecoveryCodes } from '#db/queries/accounts/recovery-codes'

export const HOW_MANY = 10

/** Crockford's base 32: nothing in it is taken for something else. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const LENGTH = 16
const asRead: Record<string, string> = { o: '0', i: '1', l: '1' }

/** `k7qd-9mxa-3hfe-vw2t`: 80 random bits, so that a plain hash keeps them. */
function newCode(): string {
  const signs = Array.from({ length: LENGTH }, () => alphabet.charAt(randomInt(alphabet.length))).join('')
  return signs.match(/.{4}/g)!.join('-')
}

/** However it was typed: case, hyphens and spaces aside. */
export function hashRecoveryCode(typed: string): Buffer {
  const signs = typed.toLowerCase().replaceAll(/[\s-]/g, '')
  return createHash('sha256')
    .update(signs.replaceAll(/[oil]/g, (sign) => asRead[sign] ?? sign))
    .digest()
}

/** Ten new ones, shown this once; those before them are of no use any more. */
export async function makeRecoveryCodes(trx: Trx, userId: string): Promise<string[]> {
  const codes = Array.from({ length: HOW_MANY }, newCode)
  await replaceRecoveryCodes(trx, userId, codes.map(hashRecoveryCode))
  return codes
}

/** With somebody's first factor come his recovery codes; with another one those that he has stay. */
export async function firstRecoveryCodes(trx: Trx, userId: string): Promise<string[] | null> {
  const { made } = await countRecoveryCodes(trx, userId)
  return made === 0 ? makeRecoveryCodes(trx, userId) : null
}
