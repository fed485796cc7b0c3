import { TryLater } from '#domain/errors'
import { rateLimit } from '#config/settings'
import { networkOf } from '#domain/limits/throttle'
import { addressOf } from './address.ts'

/** The period of a limit, in seconds. */
const WINDOW = 60
/** Callers in each half of the memory. */
const HALF = 50_000

/**
 * A caller's remaining calls. `resets`: seconds until all of them are available again. `waits`: seconds until the next call is
 * allowed, 0 for now.
 */
type Allowance = { limit: number; remaining: number; resets: number; waits: number }

/**
 * Limits each caller's calls a minute with a leaky bucket (GCRA), which stores one time per caller: when their allowance is full
 * again. Memory is bounded: beyond its size, the callers idle the longest are forgotten.
 */
export function newMeter(limit: number, half = HALF) {
  const pause = (WINDOW * 1000) / limit
  // Keeps rounding errors from refusing the last allowed call, and from naming a second too many.
  const rounding = pause / 10_000
  let young = new Map<string, number>()
  let old = new Map<string, number>()
  return {
    size: () => young.size + old.size,
    /** `now` is in milliseconds of a monotonic clock. A refused call costs nothing. */
    take(caller: string, now: number): Allowance {
      const full = Math.max(now, young.get(caller) ?? old.get(caller) ?? now)
      const next = full + pause
      const over = next - now - WINDOW * 1000
      const isOver = over > rounding
      if (young.size >= half && !young.has(caller)) {
        old = young
        young = new Map()
      }
      young.set(caller, isOver ? full : next)
      if (isOver) {
        const waits = Math.max(1, Math.ceil(over / 1000))
        return { limit, remaining: 0, resets: waits, waits }
      }
      return {
        limit,
        remaining: Math.floor((rounding - over) / pause),
        resets: Math.ceil((next - now - rounding) / 1000),
        waits: 0,
      }
    },
  }
}

let meter: ReturnType<typeof newMeter> | null | undefined

/** This process's meter, created with the first call; null when `BULKHEAD_RATE_LIMIT` is 0. */
function ours() {
  if (meter !== undefined) return meter
  const limit = rateLimit()
  return (meter = limit > 0 ? newMeter(limit) : null)
}

type Counted = Allowance & { by: 'credential' | 'address' }
const counted = new WeakMap<object, Counted>()

/** Counts a call for the caller with this credential. Throws once they call too often. */
export const countCaller = (request: Request, credential: string) => count(request, 'credential', credential)

/** Counts an unauthenticated call, or one with a wrong credential, for its address. */
export function countAddress(request: Request): void {
  const address = addressOf(request)
  if (address !== null) count(request, 'address', networkOf(address))
}

function count(request: Request, by: Counted['by'], key: string): void {
  if (counted.has(request)) return
  const allowance = ours()?.take(`${by} ${key}`, performance.now())
  if (!allowance) return
  counted.set(request, { ...allowance, by })
  if (allowance.waits > 0) throw new TryLater('rate_limited', 'Too many requests', allowance.waits)
}

/** The rate limit headers (draft-ietf-httpapi-ratelimit-headers); undefined when the call was not counted. */
export function allowanceHeaders(request: object): Record<string, string> | undefined {
  const allowance = counted.get(request)
  if (!allowance) return undefined
  const { by, limit, remaining, resets } = allowance
  return { 'ratelimit-policy': `"${by}";q=${limit};w=${WINDOW}`, ratelimit: `"${by}";r=${remaining};t=${resets}` }
}
