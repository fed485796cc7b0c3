import { createHmac } from 'node:crypto'
import { isIPv4, isIPv6 } from 'node:net'
import { foldAddress } from '#contract/email'
import { type Database, type Trx, inTransaction } from '#db/client'
import * as rows from '#db/queries/limits/sign-in-throttles'
import { TooManyAttempts } from '../errors.ts'
import { derivedKey } from '#config/settings'

/**
 * What failed tries are counted by: an account from unknown devices, a known device on its account, or an address on any account.
 */
type Counter = 'account' | 'device' | 'address'

/** The number of wrong tries without a pause. An address may be that of a whole office. */
const free = { account: 5, device: 10, address: 50 } as const satisfies Record<Counter, number>

/**
 * What is guessed. Six digits are so few that in the end one try a day remains, and a counter is forgotten only after a month.
 */
type Guessed = 'password' | 'recovery-code' | 'code'

const FIRST_PAUSE = 30
const longestPause = { password: 15 * 60, 'recovery-code': 15 * 60, code: 24 * 3600 } as const satisfies Record<Guessed, number>
const forgetHours = { password: 24, 'recovery-code': 24, code: 30 * 24 } as const satisfies Record<Guessed, number>

/** The pause in seconds after the n-th wrong try in a row: none at first, then doubling. */
export const pauseAfter = (counter: Counter, failures: number, guessed: Guessed = 'password'): number =>
  failures < free[counter] ? 0 : Math.min(FIRST_PAUSE * 2 ** (failures - free[counter]), longestPause[guessed])

/** One try at a password or a code. A known device has its own counter, so that a stranger's tries never lock it out. */
export type Attempt = {
  guessed?: Guessed
  account?: string | undefined
  device?: string | undefined
  address: string | null
}

const hashed = (text: string) => createHmac('sha256', derivedKey('sign-in-throttle')).update(text).digest('base64url')

/** The counter key of an email, whether or not it has an account: the key does not reveal it. */
export const accountOf = (email: string) => hashed(`account ${foldAddress(email)}`)

/** The key for password reset requests, separate so that they never keep anyone from signing in. */
export const resetsOf = (email: string) => hashed(`resets ${foldAddress(email)}`)

/** An IPv6 network counts as a whole: whoever has one address in it has as many as they like. */
export function networkOf(address: string): string {
  const v4 = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIPv4(v4) || !isIPv6(address)) return v4
  const [head = '', tail] = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1).split('::')
  const left = head.split(':').filter(Boolean)
  const right = (tail ?? '').split(':').filter(Boolean)
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length
  return [...left, ...Array.from({ length: zeros }, () => '0'), ...right].slice(0, 4).join(':') + '::/64'
}

/** Always in this order, so that two tries never deadlock. */
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

/**
 * Counts a try before it runs, so that parallel tries cost as much as tries in a row. During a pause it throws and counts
 * nothing.
 */
export async function countAttempt(db: Database | Trx, attempt: Attempt): Promise<void> {
  await inTransaction(db, async (trx) => {
    for (const { counter, guessed, key } of countersOf(attempt)) {
      const { failures, waits } = await rows.lockThrottle(trx, key, forgetHours[guessed])
      if (waits > 0) throw new TooManyAttempts(Math.ceil(waits))
      await rows.setThrottle(trx, key, { failures: failures + 1, waits: pauseAfter(counter, failures + 1, guessed) })
    }
  })
}

/** After a right try. An address gets back only this try: otherwise its user could reset the counter with their own account. */
export async function forgiveAttempts(db: Database | Trx, attempt: Attempt): Promise<void> {
  for (const { counter, key } of countersOf(attempt)) {
    if (counter === 'address') await rows.uncountThrottle(db, key)
    else await rows.deleteThrottle(db, key)
  }
}
