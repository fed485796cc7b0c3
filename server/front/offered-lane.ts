type Fetch = (request: Request) => Promise<Response>

/** Next bundles copies of our modules, so a page finds the lane of its process by this name alone. */
const name = Symbol.for('bulkhead.lane')
const offered = globalThis as { [name]?: Fetch }

/** From now on pages read through this lane. */
export function offerLane(fetch: Fetch): void {
  offered[name] = fetch
}

/** Undefined where Next serves the API too, as in development. */
export const offeredLane = (): Fetch | undefined => offered[name]
