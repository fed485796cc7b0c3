// On globalThis, since the server's modules and the copies in Next's bundle must share one state.
const key = Symbol.for('bulkhead.draining')
const state = globalThis as { [key]?: boolean }

/** True from the first stop signal on: the process finishes its work and accepts nothing new. */
export const isDraining = () => state[key] === true

/** From here on readiness fails. */
export function startDraining() {
  state[key] = true
}
