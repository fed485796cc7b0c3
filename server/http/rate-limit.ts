import { TryLater } from '#domain/errors'
import { rateLimit } from '#config/settings'
import { networkOf } from '#domain/limits/throttle'
import { addressOf } from './address.ts'

/** The seconds that a limit speaks of. */
const WINDOW = 60
/** Callers that each half of the memory holds. */
const HALF = 50_000

/** What is left to a caller. `resets`: the seconds until he has all of it again. `waits`: those until he may ask at all, 0 when he may now. */
type Allowance = { limit: number; remaining: number; resets: number; waits: number }

/**
 * So many calls a minute for each caller, as a bucket that fills up evenly (GCRA): all that is kept of one is the moment at which his is full.
 * Of more callers than fit, those who have not asked for longest are forgotten, so that memory stays where it is whoever asks.
 */
export function newMeter(limit: number, half = HALF) {
  const pause = (WINDOW * 1000) / limit
  // So that adding up fractions takes nobody's last call.
  const rounding = pause / 10_000
  let young = new Map<string, number>()
  let old = new Map<string, number>()
  return {
    size: () => young.size + old.size,
    /** At this moment, in milliseconds of a clock that never goes back. A refused call costs nothing. */
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
      return { limit, remaining: Math.floor((rounding - over) / pause), resets: Math.ceil((next - now) / 1000), waits: 0 }
    },
  }
}

let meter: ReturnType<typeof newMeter> | null | undefined

/** This process's own, made with the first call; null where `BULKHEAD_RATE_LIMIT` is 0. */
function ours() {
  if (meter !== undefined) return meter
  const limit = rateLimit()
  return (meter = limit > 0 ? newMeter(limit) : null)
}

type Counted = Allowance & { by: 'credential' | 'address' }
const counted = new WeakMap<object, Counted>()

/** Counts a call for whoever has proven himself by this credential. Throws once he asks too often. */
export const countCaller = (request: Request, credential: string) => count(request, 'credential', credential)

/** Counts a call of nobody in particular for where it comes from: nobody proven, or wrongly. */
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

/** Tells the caller what is left to him (draft-ietf-httpapi-ratelimit-headers); nothing where the call was not counted. */
export function allowanceHeaders(request: object): Record<string, string> | undefined {
  const allowance = counted.get(request)
  if (!allowance) return undefined
  const { by, limit, remaining, resets } = allowance
  return { 'ratelimit-policy': `"${by}";q=${limit};w=${WINDOW}`, ratelimit: `"${by}";r=${remaining};t=${resets}` }
}
