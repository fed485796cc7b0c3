export type TurnLimits = {
  /** Places at once: in all and of one share, and of those with heavy work. */
  places: number
  placesOfShare: number
  heavyPlaces: number
  heavyPlacesOfShare: number
  /** Callers that wait for a place, in all and of one share. */
  waiting: number
  waitingOfShare: number
  /** Milliseconds after which a waiting caller is refused. */
  patience: number
}

type Waiter = { isHeavy: boolean; admit(isAdmitted: boolean): void }
type Held = { all: number; heavy: number }

/** Shares out a few places. Waiting shares take turns: the one that was served longest ago is next. */
export function createTurns(limits: TurnLimits) {
  const { places, placesOfShare, heavyPlaces, heavyPlacesOfShare, patience } = limits
  const holding = new Map<string, Held>()
  const total: Held = { all: 0, heavy: 0 }
  const waiting = new Map<string, Set<Waiter>>()
  /** When a share that holds or waits was last served. */
  const served = new Map<string, number>()
  let turn = 0
  let count = 0

  function leave(share: string, waiter: Waiter): void {
    const theirs = waiting.get(share)
    if (!theirs?.delete(waiter)) return
    count--
    if (theirs.size === 0) waiting.delete(share)
    forget(share)
  }

  function forget(share: string): void {
    if (!waiting.has(share) && !holding.has(share)) served.delete(share)
  }

  function add(held: Held, isHeavy: boolean, by: 1 | -1): void {
    held.all += by
    if (isHeavy) held.heavy += by
  }

  function hold(share: string, isHeavy: boolean): void {
    const held = holding.get(share) ?? { all: 0, heavy: 0 }
    holding.set(share, held)
    add(held, isHeavy, 1)
    add(total, isHeavy, 1)
    served.set(share, ++turn)
  }

  function hasPlace(share: string, isHeavy: boolean): boolean {
    const held = holding.get(share) ?? { all: 0, heavy: 0 }
    if (total.all >= places || held.all >= placesOfShare) return false
    return !isHeavy || (total.heavy < heavyPlaces && held.heavy < heavyPlacesOfShare)
  }

  const firstOf = (share: string): Waiter => waiting.get(share)!.values().next().value!

  function nextShare(): string | undefined {
    let next: string | undefined
    for (const share of waiting.keys()) {
      const isEarlier = next === undefined || (served.get(share) ?? 0) < (served.get(next) ?? 0)
      if (isEarlier && hasPlace(share, firstOf(share).isHeavy)) next = share
    }
    return next
  }

  function serveNext(): void {
    for (let share = nextShare(); share !== undefined; share = nextShare()) {
      const waiter = firstOf(share)
      hold(share, waiter.isHeavy)
      leave(share, waiter)
      waiter.admit(true)
    }
  }

  return {
    /** Resolves to true once there is a place, which `release` gives back; to false when too many wait or it takes too long. */
    take(share: string, isHeavy = false): Promise<boolean> {
      const theirs = waiting.get(share) ?? new Set()
      if (theirs.size === 0 && hasPlace(share, isHeavy)) {
        hold(share, isHeavy)
        return Promise.resolve(true)
      }
      if (count >= limits.waiting || theirs.size >= limits.waitingOfShare) return Promise.resolve(false)
      return new Promise((resolve) => {
        const waiter: Waiter = {
          isHeavy,
          admit(isAdmitted) {
            clearTimeout(timer)
            leave(share, waiter)
            resolve(isAdmitted)
          },
        }
        const timer = setTimeout(() => waiter.admit(false), patience)
        waiting.set(share, theirs.add(waiter))
        count++
      })
    },
    release(share: string, isHeavy = false): void {
      const held = holding.get(share)
      if (!held) return
      add(held, isHeavy, -1)
      add(total, isHeavy, -1)
      if (held.all === 0) holding.delete(share)
      forget(share)
      serveNext()
    },
    /** Refuses all that wait. */
    clear(): void {
      for (const waiter of [...waiting.values()].flatMap((theirs) => [...theirs])) waiter.admit(false)
    },
  }
}
