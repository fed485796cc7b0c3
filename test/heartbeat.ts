import { monitorEventLoopDelay } from 'node:perf_hooks'

/** The longest that the event loop of this process stood still while `work` ran, in milliseconds. */
export async function longestPause<T>(work: () => Promise<T>): Promise<{ result: T; pause: number }> {
  const delays = monitorEventLoopDelay({ resolution: 5 })
  delays.enable()
  const result = await work()
  // One more turn, so that a pause that ends with the work is seen.
  await new Promise((resolve) => void setTimeout(resolve, 10))
  delays.disable()
  return { result, pause: delays.max / 1e6 }
}
