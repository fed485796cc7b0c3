import { log } from '#server/log'

/** Work that repeats for as long as the process runs. */
export type Repeated = {
  /** Starts the work now, or once more after the current run. */
  wake(): void
  /** Aborts the current run through its signal and waits for its end. */
  stop(): Promise<void>
}

/** Runs `work` at once, and again `every` milliseconds after it ended. Logs a failure when it differs from the last one. */
export function repeat(every: number, what: string, work: (signal: AbortSignal) => Promise<void>): Repeated {
  const stopping = new AbortController()
  let isAwaited = false
  let endPause = () => {}
  let failure: string | undefined

  async function once(): Promise<void> {
    try {
      await work(stopping.signal)
      failure = undefined
    } catch (error) {
      if (stopping.signal.aborted) return
      const message = String(error)
      if (message !== failure) log.error(error, `${what} failed; it will be retried`)
      failure = message
    }
  }

  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, every)
      endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      isAwaited = false
      await once()
      if (!isAwaited && !stopping.signal.aborted) await pause()
    }
  }

  const running = run()
  const wake = () => {
    isAwaited = true
    endPause()
  }
  return {
    wake,
    async stop() {
      stopping.abort()
      wake()
      await running
    },
  }
}
