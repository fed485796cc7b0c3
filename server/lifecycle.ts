// The server's own modules and the copies in Next's bundle must see one state, so it lives on globalThis.
const key = Symbol.for('bulkhead.draining')
const state = globalThis as { [key]?: boolean }

/** True from the first stop signal on: the process finishes what it has and takes nothing new. */
export const isDraining = () => state[key] === true

/** From here on readiness fails. */
export function startDraining() {
  state[key] = true
}
