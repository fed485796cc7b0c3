import { createHmac } from 'node:crypto'
import { isIPv4, isIPv6 } from 'node:net'
import { type Database, type Trx, inTransaction } from '#db/client'
import * as rows from '#db/queries/sign-in-throttles'
import { TooManyAttempts } from './errors.ts'
import { derivedKey } from './settings.ts'

/** Whose tries are counted: one account's from unknown devices, one known device's on its account, one address's on any account. */
type Counter = 'account' | 'device' | 'address'

/** How many wrong tries cost nothing yet; an address may be that of a whole office. */
const free = { account: 5, device: 10, address: 50 } as const satisfies Record<Counter, number>

const FIRST_PAUSE = 30
const LONGEST_PAUSE = 15 * 60
export const FORGET_HOURS = 24

/** The seconds that nothing is tried for after the n-th wrong try in a row: none at first, then twice as long each time. */
export const pauseAfter = (counter: Counter, failures: number): number =>
  failures < free[counter] ? 0 : Math.min(FIRST_PAUSE * 2 ** (failures - free[counter]), LONGEST_PAUSE)

/** One try at a password. A known device answers for itself alone, so that no stranger's tries keep it out. */
export type Attempt = { account?: string | undefined; device?: string | undefined; address: string | null }

const hashed = (text: string) => createHmac('sha256', derivedKey('sign-in-throttle')).update(text).digest('base64url')

/** Whoever an email may belong to, or not: nobody can tell from here. */
export const accountOf = (email: string) => hashed(`account ${email.trim().toLowerCase()}`)

/** The same for who asks for a new password, so that nobody's asking keeps anybody from signing in. */
export const resetsOf = (email: string) => hashed(`resets ${email.trim().toLowerCase()}`)

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
function countersOf({ account, device, address }: Attempt): { counter: Counter; key: string }[] {
  if (account !== undefined && device !== undefined) return [{ counter: 'device', key: hashed(`device ${account} ${device}`) }]
  return [
    ...(address ? [{ counter: 'address' as const, key: hashed(`address ${networkOf(address)}`) }] : []),
    ...(account === undefined ? [] : [{ counter: 'account' as const, key: account }]),
  ]
}

/** Counts a try before it is made, so that many at once are as dear as many in a row. Refuses, and then counts nothing, during a pause. */
export async function countAttempt(db: Database | Trx, attempt: Attempt): Promise<void> {
  await inTransaction(db, async (trx) => {
    for (const { counter, key } of countersOf(attempt)) {
      const { failures, waits } = await rows.lockThrottle(trx, key, FORGET_HOURS)
      if (waits > 0) throw new TooManyAttempts(Math.ceil(waits))
      await rows.setThrottle(trx, key, { failures: failures + 1, waits: pauseAfter(counter, failures + 1) })
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
