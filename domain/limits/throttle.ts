import { createHmac } from 'node:crypto'
import { isIPv4, isIPv6 } from 'node:net'
import { foldAddress } from '#contract/common'
import { type Database, type Trx, inTransaction } from '#db/client'
import * as rows from '#db/queries/limits/sign-in-throttles'
import { TooManyAttempts } from '../errors.ts'
import { derivedKey } from '#config/settings'

/** Whose tries are counted: one account's from unknown devices, one known device's on its account, one address's on any account. */
type Counter = 'account' | 'device' | 'address'

/** How many wrong tries cost nothing yet; an address may be that of a whole office. */
const free = { account: 5, device: 10, address: 50 } as const satisfies Record<Counter, number>

/** What is guessed at. Of six digits there are so few that at the end only one try a day is left, and a month goes by until they are forgotten. */
type Guessed = 'password' | 'recovery-code' | 'code'

const FIRST_PAUSE = 30
const longestPause = { password: 15 * 60, 'recovery-code': 15 * 60, code: 24 * 3600 } as const satisfies Record<Guessed, number>
const forgetHours = { password: 24, 'recovery-code': 24, code: 30 * 24 } as const satisfies Record<Guessed, number>

/** The seconds that nothing is tried for after the n-th wrong try in a row: none at first, then twice as long each time. */
export const pauseAfter = (counter: Counter, failures: number, guessed: Guessed = 'password'): number =>
  failures < free[counter] ? 0 : Math.min(FIRST_PAUSE * 2 ** (failures - free[counter]), longestPause[guessed])

/** One try at a password, or at a code. A known device answers for itself alone, so that no stranger's tries keep it out. */
export type Attempt = {
  guessed?: Guessed
  account?: string | undefined
  device?: string | undefined
  address: string | null
}

const hashed = (text: string) => createHmac('sha256', derivedKey('sign-in-throttle')).update(text).digest('base64url')

/** Whoever an email may belong to, or not: nobody can tell from here. */
export const accountOf = (email: string) => hashed(`account ${foldAddress(email)}`)

/** The same for who asks for a new password, so that nobody's asking keeps anybody from signing in. */
export const resetsOf = (email: string) => hashed(`resets ${foldAddress(email)}`)

/** An IPv6 network as a whole: whoever has one address there has as many as he likes. */
export function networkOf(address: string): string {
  const v4 = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIPv4(v4) || !isIPv6(address)) return v4
  const [head = '', tail] = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1).split('::')
  const left = head.split(':').filter(Boolean)
  const right = (tail ?? '').split(':').filter(Boolean)
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length
  return [...left, ...Array.from({ length: zeros }, () => '0'), ...right].slice(0, 4).join(':') + '::/64'
}

/** Always in this order, so that two tries never wait for each other crosswise. */
function countersOf({ guessed = 'password', account, device, address }: Attempt): Counted[] {
  const keyed = (text: string) => (guessed === 'password' ? text : hashed(`${guessed} ${text}`))
  if (account !== undefined && device !== undefined)
    return [{ counter: 'device', guessed, key: keyed(hashed(`device ${account} ${device}`)) }]
  return [
    ...(address ? [{ counter: 'address', guessed: 'password', key: hashed(`address ${networkOf(address)}`) } as const] : []),
    ...(account === undefined ? [] : [{ counter: 'account', guessed, key: keyed(account) } as const]),
  ]
}

type Counted = { counter: Counter; guessed: Guessed; key: string }

/** Counts a try before it is made, so that many at once are as dear as many in a row. Refuses, and then counts nothing, during a pause. */
export async function countAttempt(db: Database | Trx, attempt: Attempt): Promise<void> {
  await inTransaction(db, async (trx) => {
    for (const { counter, guessed, key } of countersOf(attempt)) {
      const { failures, waits } = await rows.lockThrottle(trx, key, forgetHours[guessed])
      if (waits > 0) throw new TooManyAttempts(Math.ceil(waits))
      await rows.setThrottle(trx, key, { failures: failures + 1, waits: pauseAfter(counter, failures + 1, guessed) })
    }
  })
}

/** After a right one. An address gets back this try alone: whoever has an account of his own could else begin anew as often as he likes. */
export async function forgiveAttempts(db: Database | Trx, attempt: Attempt): Promise<void> {
  for (const { counter, key } of countersOf(attempt)) {
    if (counter === 'address') await rows.uncountThrottle(db, key)
    else await rows.deleteThrottle(db, key)
  }
}
