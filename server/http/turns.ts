export type TurnLimits = {
  /** So many hold a place at once; of one share one at most, and of those with something heavy one in all. */
  places: number
  /** So many wait for one, in all and of one share. */
  waiting: number
  waitingOfShare: number
  /** Who has waited so long is sent away, in milliseconds. */
  patience: number
}

type Waiter = { isHeavy: boolean; admit(isAdmitted: boolean): void }

/** A few places that are shared out: whoever waits is served by turns of the shares, the one that was served longest ago first. */
export function createTurns({ places, waiting: mostWaiting, waitingOfShare, patience }: TurnLimits) {
  /** The shares that hold a place, and whether it is for something heavy. */
  const holding = new Map<string, boolean>()
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

  function hold(share: string, isHeavy: boolean): void {
    holding.set(share, isHeavy)
    served.set(share, ++turn)
  }

  const hasPlace = (share: string, isHeavy: boolean): boolean =>
    holding.size < places && !holding.has(share) && !(isHeavy && [...holding.values()].includes(true))

  const firstOf = (share: string): Waiter => waiting.get(share)!.values().next().value!

  function serveNext(): void {
    while (holding.size < places) {
      let next: string | undefined
      for (const share of waiting.keys())
        if (hasPlace(share, firstOf(share).isHeavy) && (next === undefined || (served.get(share) ?? 0) < (served.get(next) ?? 0)))
          next = share
      if (next === undefined) return
      const waiter = firstOf(next)
      hold(next, waiter.isHeavy)
      leave(next, waiter)
      waiter.admit(true)
    }
  }

  return {
    /** True once there is a place, which is then given back by `release`; false when too many wait, or it takes too long. */
    take(share: string, isHeavy = false): Promise<boolean> {
      if (hasPlace(share, isHeavy)) {
        hold(share, isHeavy)
        return Promise.resolve(true)
      }
      const theirs = waiting.get(share) ?? new Set()
      if (count >= mostWaiting || theirs.size >= waitingOfShare) return Promise.resolve(false)
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
    release(share: string): void {
      holding.delete(share)
      forget(share)
      serveNext()
    },
    /** Sends away all who wait. */
    clear(): void {
      for (const waiter of [...waiting.values()].flatMap((theirs) => [...theirs])) waiter.admit(false)
    },
  }
}
