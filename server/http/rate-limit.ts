import { TryLater } from '#domain/errors'
import { rateLimit } from '#config/settings'
import { networkOf } from '#domain/limits/throttle'
import { askCall, hasOthers, shareCall } from '../workers/others.ts'
import type { Update } from '../workers/messages.ts'
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
  const fullAt = (caller: string, now: number) => Math.max(now, young.get(caller) ?? old.get(caller) ?? now)
  function store(caller: string, full: number): void {
    if (young.size >= half && !young.has(caller)) {
      old = young
      young = new Map()
    }
    young.set(caller, full)
  }
  return {
    size: () => young.size + old.size,
    /** How many calls the caller has left. */
    left: (caller: string, now: number) => Math.floor((now + WINDOW * 1000 + rounding - fullAt(caller, now)) / pause),
    /** Milliseconds until the caller has all of their calls again. */
    ahead: (caller: string, now: number) => fullAt(caller, now) - now,
    /** The same of all who have not. */
    allAhead: (now: number): [caller: string, ahead: number][] =>
      [...new Map([...old, ...young])].flatMap(([caller, full]) => (full > now ? [[caller, full - now]] : [])),
    setAhead: (caller: string, ahead: number, now: number) => store(caller, now + ahead),
    /** Counts calls that others have let through. */
    add: (caller: string, n: number, now: number) =>
      store(caller, Math.min(fullAt(caller, now) + n * pause, now + WINDOW * 1000)),
    /** `now` is in milliseconds of a monotonic clock. A refused call costs nothing. */
    take(caller: string, now: number): Allowance {
      const full = fullAt(caller, now)
      const next = full + pause
      const over = next - now - WINDOW * 1000
      const isOver = over > rounding
      store(caller, isOver ? full : next)
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

/**
 * Counts a call for the caller with this credential. Throws once they call too often. Several workers count together, and may have
 * to ask each other first.
 */
export const countCaller = (request: Request, credential: string) => count(request, 'credential', credential)

/** Counts an unauthenticated call, or one with a wrong credential, for its address. */
export function countAddress(request: Request): Promise<void> | undefined {
  const address = addressOf(request)
  return address === null ? undefined : count(request, 'address', networkOf(address))
}

/**
 * Calls that are left from which on each is counted by the parent of the workers, which knows all of them. Before that each worker
 * counts by itself, and learns of the others a moment later.
 */
const NEAR = 200

function count(request: Request, by: Counted['by'], key: string): Promise<void> | undefined {
  if (counted.has(request)) return undefined
  const own = ours()
  if (!own) return undefined
  const caller = `${by} ${key}`
  const now = performance.now()
  if (hasOthers() && !isRefused(caller, now) && own.left(caller, now) <= NEAR) return countTogether(request, by, caller)
  const allowance = own.take(caller, now)
  if (allowance.waits === 0) shareCall(caller)
  admit(request, { ...allowance, by })
  return undefined
}

function admit(request: Request, allowance: Counted): void {
  counted.set(request, allowance)
  if (allowance.waits > 0) throw new TryLater('rate_limited', 'Too many requests', allowance.waits)
}

/** Callers that the parent has refused lately, and until when: a flood of calls costs it nothing. */
const refused = new Map<string, number>()
const MOST_REFUSED = 10_000

const isRefused = (caller: string, now: number) => (refused.get(caller) ?? 0) > now && ours()!.left(caller, now) < 1

async function countTogether(request: Request, by: Counted['by'], caller: string): Promise<void> {
  const { allowance, ahead } = await askCall(caller)
  const now = performance.now()
  ours()!.setAhead(caller, ahead, now)
  if (allowance.waits === 0) refused.delete(caller)
  else {
    if (refused.size >= MOST_REFUSED) refused.clear()
    refused.set(caller, now + allowance.waits * 1000)
  }
  admit(request, { ...allowance, by })
}

/** Adds calls that other workers have counted. */
export function addCallsOfOthers(calls: Update['calls']): void {
  const now = performance.now()
  for (const [caller, n] of calls) ours()?.add(caller, n, now)
}

/** Learns at the start what the others have counted before. */
export function learnAhead(ahead: [caller: string, ahead: number][]): void {
  const now = performance.now()
  for (const [caller, milliseconds] of ahead) ours()?.setAhead(caller, milliseconds, now)
}

/** The rate limit headers (draft-ietf-httpapi-ratelimit-headers); undefined when the call was not counted. */
export function allowanceHeaders(request: object): Record<string, string> | undefined {
  const allowance = counted.get(request)
  if (!allowance) return undefined
  const { by, limit, remaining, resets } = allowance
  return { 'ratelimit-policy': `"${by}";q=${limit};w=${WINDOW}`, ratelimit: `"${by}";r=${remaining};t=${resets}` }
}
