/**
 * The longest that the event loop of this process was held up while `work` ran, in milliseconds of its own processor time: what a busy
 * machine takes away in between is no fault of ours.
 */
export async function longestPause<T>(work: () => Promise<T>): Promise<{ result: T; pause: number }> {
  let pause = 0
  let before = process.threadCpuUsage()
  const beat = () => {
    const { user, system } = process.threadCpuUsage(before)
    pause = Math.max(pause, (user + system) / 1000)
    before = process.threadCpuUsage()
  }
  const beats = setInterval(beat, 1)
  try {
    const result = await work()
    // A pause that ends with the work is one, too.
    beat()
    return { result, pause }
  } finally {
    clearInterval(beats)
  }
}
