import { newMeter } from '../http/rate-limit.ts'
import { createClaims } from './claims.ts'
import type { Counted, FromParent, Question, Update } from './messages.ts'

/** Milliseconds for which updates of workers are gathered before the others get them. */
const GATHER = 10

type Worker = {
  send: (message: FromParent) => void
  held: Map<string, number>
  claims: string[]
  /** Updates that it has not got yet. */
  calls: Map<string, number>
  changes: Map<string, number>
}

const add = (to: Map<string, number>, key: string, n: number) => void to.set(key, (to.get(key) ?? 0) + n)

/** What all workers count together. The parent keeps it, so that it outlives each of them. `limit`: calls a minute, 0 for any. */
export function createCounts(limit: number) {
  const meter = limit > 0 ? newMeter(limit) : undefined
  const claims = createClaims()
  const workers = new Map<number, Worker>()
  let timer: NodeJS.Timeout | undefined

  function flush(): void {
    timer = undefined
    for (const worker of workers.values()) {
      const held = [...worker.changes].filter(([, by]) => by !== 0)
      if (worker.calls.size > 0 || held.length > 0) worker.send({ kind: 'update', calls: [...worker.calls], held })
      worker.calls.clear()
      worker.changes.clear()
    }
  }

  function share(from: number, { calls, held }: Update): void {
    for (const [id, worker] of workers) {
      if (id === from) continue
      for (const [caller, n] of calls) add(worker.calls, caller, n)
      for (const [key, by] of held) add(worker.changes, key, by)
    }
    timer ??= setTimeout(flush, GATHER)
  }

  function count(id: number, caller: string): Counted {
    const now = performance.now()
    const allowance = meter!.take(caller, now)
    if (allowance.waits === 0) share(id, { calls: [[caller, 1]], held: [] })
    // The answer includes this update.
    workers.get(id)?.calls.delete(caller)
    return { allowance, ahead: meter!.ahead(caller, now) }
  }

  return {
    /** A worker begins, and learns what the others have counted. */
    join(id: number, send: Worker['send']): void {
      const held = new Map<string, number>()
      for (const worker of workers.values()) for (const [key, n] of worker.held) add(held, key, n)
      workers.set(id, { send, held: new Map(), claims: [], calls: new Map(), changes: new Map() })
      send({ kind: 'known', ahead: meter?.allAhead(performance.now()) ?? [], held: [...held] })
    },
    add(id: number, update: Update): void {
      const worker = workers.get(id)
      if (!worker) return
      const now = performance.now()
      for (const [caller, n] of update.calls) meter?.add(caller, n, now)
      for (const [key, by] of update.held) {
        add(worker.held, key, by)
        if (worker.held.get(key) === 0) worker.held.delete(key)
      }
      share(id, update)
    },
    answer(id: number, question: Question): Counted | boolean {
      if ('call' in question) return count(id, question.call)
      const isTaken = claims.take(question.claim, question.most)
      if (isTaken) workers.get(id)?.claims.push(question.claim)
      return isTaken
    },
    give(id: number, claim: string): void {
      const mine = workers.get(id)?.claims ?? []
      const at = mine.indexOf(claim)
      if (at < 0) return
      mine.splice(at, 1)
      claims.give(claim)
    },
    /** A worker has ended, and holds nothing any more. Its calls stay counted. */
    leave(id: number): void {
      const worker = workers.get(id)
      if (!worker) return
      workers.delete(id)
      for (const claim of worker.claims) claims.give(claim)
      share(id, { calls: [], held: [...worker.held].map(([key, n]) => [key, -n]) })
    },
  }
}

export type Counts = ReturnType<typeof createCounts>
