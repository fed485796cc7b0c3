import type { Part } from '#config/workers'

/** What a connection is for. Each class has its own connections, so that none can use up another's. */
export type ShareClass = 'auth' | 'read' | 'write' | 'transfer' | 'job'

/**
 * Who wants a connection, and what for. `owner` is the organization, or the caller where there is none. It holds at most half of
 * its class; a quarter while others use the class, because they share its processors; an eighth once its own work takes most of
 * the time. For authentication it is the client's network, which holds twice as much. `project` queues the writers of one project,
 * which would otherwise hold connections while they wait for its lock.
 */
export type Claim = { class: ShareClass; owner?: string | undefined; project?: string | undefined }

/** Milliseconds that a claim waits for its turn. Writers wait longer, because an apply may run before them. */
const PATIENCE: Record<ShareClass, number> = { auth: 5000, read: 5000, write: 15_000, transfer: 15_000, job: 60_000 }

/** The most claims that may wait: of one owner, and of a class. */
const WAITING = { owner: 250, class: 1000 }

/** No connection was free in time, or too many claims wait already. `own` means that this owner's own calls are the cause. */
export class Overloaded extends Error {
  readonly own: boolean

  constructor(own: boolean) {
    super(own ? 'too many requests of one owner' : 'too many requests')
    this.own = own
  }
}

/** The number of connections for each class of a pool, by what its process does. */
export function sizesOf(total: number, part: Part = 'all'): Record<ShareClass, number> {
  if (part === 'jobs') return { auth: total - 2, transfer: 0, job: 2, write: 0, read: 0 }
  const auth = Math.max(2, Math.floor(total / 6))
  const transfer = Math.max(2, Math.floor(total / 8))
  const job = part === 'all' ? 2 : 0
  const rest = Math.max(2, total - auth - transfer - job)
  const write = Math.floor(rest / 2)
  return { auth, transfer, job, write, read: rest - write }
}

/** Milliseconds for which an owner counts as present after asking. */
const PRESENT = 2000

/**
 * Milliseconds over which held time is counted: older time fades. An owner takes most of a class when this share of one
 * connection's time is its own, and more than half of all that was held.
 */
const RECENT = 500
const MUCH = 0.5

/** Counts the milliseconds for which owners held connections lately. */
function createUsage(now: () => number) {
  const used = new Map<string, { held: number; at: number }>()
  let all = { held: 0, at: 0 }
  const faded = ({ held, at } = { held: 0, at: 0 }) => held * Math.exp((at - now()) / RECENT)
  return {
    add(owner: string, held: number): void {
      used.set(owner, { held: faded(used.get(owner)) + held, at: now() })
      all = { held: faded(all) + held, at: now() }
      if (used.size > MOST_OWNERS) used.clear()
    },
    isMost: (owner: string) => {
      const mine = faded(used.get(owner))
      return mine > MUCH * RECENT && mine > faded(all) / 2
    },
  }
}

/** Owners whose use is remembered. Past this number all are forgotten and counted anew. */
const MOST_OWNERS = 1000

/** The last owner to ask, and the last other owner before. */
type Seen = { owner: string; at: number }

type Waiter = { claim: Claim; admit: () => void }

/**
 * Hands out a pool's connections by class, owner and project, first come first served among those with a share left. `acquire`
 * settles once a connection may be taken, and returns how to release it; it throws `Overloaded` where that would take too long.
 */
export function createShares(
  total: number,
  patience: Record<ShareClass, number> = PATIENCE,
  now: () => number = () => performance.now(),
  part: Part = 'all',
) {
  const sizes = sizesOf(total, part)
  const inUse = new Map<string, number>()
  const seen: Record<ShareClass, Seen[]> = { auth: [], read: [], write: [], transfer: [], job: [] }
  const waiting: Record<ShareClass, Waiter[]> = { auth: [], read: [], write: [], transfer: [], job: [] }
  const usage = Object.fromEntries(Object.keys(sizes).map((kind) => [kind, createUsage(now)])) as Record<
    ShareClass,
    ReturnType<typeof createUsage>
  >

  function see({ class: kind, owner }: Claim): void {
    if (owner === undefined) return
    const [last] = seen[kind]
    if (last?.owner === owner) last.at = now()
    else seen[kind] = [{ owner, at: now() }, ...(last ? [last] : [])]
  }

  const isBesideOthers = ({ class: kind, owner }: Claim): boolean =>
    seen[kind].some((one) => one.owner !== owner && now() - one.at < PRESENT)

  const limitsOf = (claim: Claim): [key: string, limit: number][] => {
    const size = sizes[claim.class]
    const half = Math.max(1, Math.floor(size / 2))
    const quarter = Math.ceil(half / 2)
    const eighth = Math.ceil(quarter / 2)
    const all: [string, number][] = [[claim.class, size]]
    if (claim.owner !== undefined) {
      // Looking up who calls is short, and behind a proxy all callers can have one address.
      const [alone, beside, busy] = claim.class === 'auth' ? [size, half, quarter] : [half, quarter, eighth]
      const shared = usage[claim.class].isMost(claim.owner) ? busy : beside
      all.push([`${claim.class} ${claim.owner}`, isBesideOthers(claim) ? shared : alone])
    }
    if (claim.project !== undefined && claim.class === 'write')
      all.push([`${claim.class} ${claim.owner} ${claim.project}`, quarter])
    return all
  }
  const fits = (claim: Claim) => limitsOf(claim).every(([key, limit]) => (inUse.get(key) ?? 0) < limit)

  function take(claim: Claim): () => void {
    const keys = limitsOf(claim).map(([key]) => key)
    for (const key of keys) inUse.set(key, (inUse.get(key) ?? 0) + 1)
    const since = now()
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      if (claim.owner !== undefined) usage[claim.class].add(claim.owner, now() - since)
      for (const key of keys) {
        const left = inUse.get(key)! - 1
        if (left > 0) inUse.set(key, left)
        else inUse.delete(key)
      }
      admitNext(claim.class)
    }
  }

  function admitNext(kind: ShareClass): void {
    const queue = waiting[kind]
    if (queue.length === 0) return
    const at = queue.findIndex(({ claim }) => fits(claim))
    if (at >= 0) queue.splice(at, 1)[0]!.admit()
  }

  function wait(claim: Claim): Promise<() => void> {
    const queue = waiting[claim.class]
    const { owner } = claim
    // Claims without an owner are unrelated, so only the limit of their class applies.
    const most = claim.class === 'auth' && !isBesideOthers(claim) ? WAITING.class : WAITING.owner
    const isTooMany = owner !== undefined && queue.filter((one) => one.claim.owner === owner).length >= most
    if (isTooMany) throw new Overloaded(true)
    if (queue.length >= WAITING.class) throw new Overloaded(false)
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        claim,
        admit: () => {
          clearTimeout(timer)
          resolve(take(claim))
        },
      }
      const timer = setTimeout(() => {
        const at = queue.indexOf(waiter)
        if (at >= 0) queue.splice(at, 1)
        reject(new Overloaded((inUse.get(claim.class) ?? 0) < sizes[claim.class]))
      }, patience[claim.class])
      queue.push(waiter)
    })
  }

  return {
    sizes,
    async acquire(claim: Claim): Promise<() => void> {
      see(claim)
      return fits(claim) ? take(claim) : wait(claim)
    },
    /** Connections in use and waiting claims, by class. */
    state: () =>
      Object.fromEntries(
        Object.entries(waiting).map(([kind, queue]) => [kind, { used: inUse.get(kind) ?? 0, waiting: queue.length }]),
      ) as Record<ShareClass, { used: number; waiting: number }>,
  }
}

export type Shares = ReturnType<typeof createShares>
