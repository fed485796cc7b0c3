import type { Task } from './messages.ts'
import { type Outcome, type Thread, type ThreadLimits, startThread } from './thread.ts'
import { type TurnLimits, createTurns } from '../turns.ts'

const MINUTE = 60_000

const usual = {
  places: 2,
  placesOfShare: 1,
  heavyPlaces: 1,
  heavyPlacesOfShare: 1,
  waiting: 64,
  waitingOfShare: 16,
  patience: 10_000,
  work: 20_000,
  clock: MINUTE,
  memory: 112,
  /** Milliseconds after which an idle thread ends and frees its memory. */
  idle: 10_000,
}

export type PoolLimits = TurnLimits & ThreadLimits & { idle: number }

/** `busy`: nothing was started. */
export type Parsed = Outcome | { busy: true }

/**
 * Threads that parse bodies too large for the event loop, started on demand. A share has at most one of them, so that one
 * organization leaves the other thread to everybody else.
 */
export function createPool(file: string, limits: Partial<PoolLimits> = {}) {
  const all: PoolLimits = { ...usual, ...limits }
  const turns = createTurns(all)
  const threads = new Set<Thread>()
  const idle = new Map<Thread, NodeJS.Timeout>()

  function thread(): Thread {
    for (const [known, timer] of idle) {
      clearTimeout(timer)
      idle.delete(known)
      if (!known.isOver()) return known
      threads.delete(known)
    }
    const started = startThread(file, all)
    threads.add(started)
    return started
  }

  async function end(used: Thread): Promise<void> {
    threads.delete(used)
    await used.end()
  }

  function rest(used: Thread): void {
    if (used.isOver()) {
      threads.delete(used)
      return
    }
    const timer = setTimeout(() => {
      idle.delete(used)
      void end(used)
    }, all.idle)
    idle.set(used, timer.unref())
  }

  return {
    /**
     * Loads and parses a body when it is its share's turn. Heavy bodies go one at a time, so that all threads together hold
     * little more than the limit of one.
     */
    async parse(share: string, load: () => Promise<Task>, isHeavy = false): Promise<Parsed> {
      if (!(await turns.take(share, isHeavy))) return { busy: true }
      try {
        const task = await load()
        const used = thread()
        try {
          return await used.parse(task)
        } finally {
          // Frees the heap of a heavy body at once.
          if (isHeavy) await end(used)
          else rest(used)
        }
      } finally {
        turns.release(share, isHeavy)
      }
    },
    /** The number of threads. */
    size: () => threads.size,
    async stop(): Promise<void> {
      turns.clear()
      for (const timer of idle.values()) clearTimeout(timer)
      idle.clear()
      await Promise.all([...threads].map((one) => one.end()))
      threads.clear()
    },
  }
}

export type Pool = ReturnType<typeof createPool>
