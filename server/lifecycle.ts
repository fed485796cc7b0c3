import { version } from '#config/version'

// On globalThis, since the server's modules and the copies in Next's bundle must share one state.
const key = Symbol.for('bulkhead.draining')
const state = globalThis as { [key]?: boolean }

/** True from the first stop signal on: the process finishes its work and accepts nothing new. */
export const isDraining = () => state[key] === true

/** From here on readiness fails. */
export function startDraining() {
  state[key] = true
}

let leaving = false

/** True once this process takes no new connections: it stops, or another takes its place. */
export const isLeaving = () => leaving || isDraining()

/** From here on each answer is the last of its connection. The server as a whole stays ready. */
export function startLeaving() {
  leaving = true
}

const answering = Symbol.for('bulkhead.database-answers')
const database = globalThis as { [answering]?: boolean }

/** Remembers whether the database answered when it was last checked. */
export const noteDatabase = (answers: boolean): void => void (database[answering] = answers)

/** What `/healthz` says. It asks nothing, so it answers at once whatever state the database is in. */
export const health = () => ({ ok: true as const, version, postgres: { ok: database[answering] === true } })

/** What `/version` says. */
export const versions = () => ({ version, node: process.versions.node })

/** What a start waits for, in this order. */
export type Stage = 'database' | 'migrations' | 'jobs' | 'pages'

let waitingFor: Stage = 'database'

/** What the start of this process waits for, or waited for last. */
export const stage = () => waitingFor

/** Says what the start waits for from now on. */
export const waitFor = (next: Stage): void => void (waitingFor = next)
