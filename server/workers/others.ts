// What a worker knows of the others. In a server of one process nobody else counts, and all of this is only its own memory.
import { createClaims } from './claims.ts'
import type { Counted, FromWorker, Question, Update } from './messages.ts'

/** Milliseconds for which counts are gathered before the parent gets them. */
const GATHER = 10

let send: ((message: FromWorker) => void) | undefined
const calls = new Map<string, number>()
const held = new Map<string, number>()
const others = new Map<string, number>()
const asked = new Map<number, (value: Counted | boolean) => void>()
const own = createClaims()
let timer: NodeJS.Timeout | undefined
let asks = 0

/** Makes this process one of several; or, without an argument, alone again. */
export const joinOthers = (by?: (message: FromWorker) => void): void => void (send = by)

/** Whether other workers count too. */
export const hasOthers = (): boolean => send !== undefined

function flush(): void {
  clearTimeout(timer)
  timer = undefined
  const update: Update = { calls: [...calls], held: [...held].filter(([, by]) => by !== 0) }
  calls.clear()
  held.clear()
  if (update.calls.length > 0 || update.held.length > 0) send?.({ kind: 'update', ...update })
}

function gather(into: Map<string, number>, key: string, n: number): void {
  into.set(key, (into.get(key) ?? 0) + n)
  timer ??= setTimeout(flush, GATHER)
}

/** Counts a call for the others too, within a moment. */
export function shareCall(caller: string): void {
  if (send) gather(calls, caller, 1)
}

/** Counts a change of what is held under a key for the others too, within a moment. */
export function shareHeld(key: string, by: number): void {
  if (send) gather(held, key, by)
}

/** What the others hold under a key, as of a moment ago. */
export const heldByOthers = (key: string): number => others.get(key) ?? 0

/** Adds changes of what the others hold. */
export function addHeldByOthers(changes: Update['held']): void {
  for (const [key, by] of changes) {
    const now = heldByOthers(key) + by
    if (now === 0) others.delete(key)
    else others.set(key, now)
  }
}

/** Asks the parent, which knows all that this process has counted before. */
function ask(question: Question): Promise<Counted | boolean> {
  flush()
  const id = asks++
  const { promise, resolve } = Promise.withResolvers<Counted | boolean>()
  asked.set(id, resolve)
  send!({ kind: 'ask', id, question })
  return promise
}

/** Passes on an answer of the parent. */
export function settleAnswer(id: number, value: Counted | boolean): void {
  asked.get(id)?.(value)
  asked.delete(id)
}

/** Counts one call exactly, whatever other workers count at the same time. */
export const askCall = async (caller: string): Promise<Counted> => (await ask({ call: caller })) as Counted

/** Takes one of `most` places of the whole server under a key. Returns how to give it back; undefined when none is free. */
export async function claim(key: string, most: number): Promise<(() => void) | undefined> {
  const isMine = send ? await ask({ claim: key, most }) : own.take(key, most)
  if (isMine !== true) return undefined
  let isHeld = true
  return () => {
    if (!isHeld) return
    isHeld = false
    if (send) send({ kind: 'give', claim: key })
    else own.give(key)
  }
}
