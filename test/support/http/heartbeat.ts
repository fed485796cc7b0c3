/**
 * The longest block of this process's event loop while `work` ran, in milliseconds of its own CPU time, which a busy machine does
 * not distort.
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
    // A block that ends with the work counts too.
    beat()
    return { result, pause }
  } finally {
    clearInterval(beats)
  }
}
