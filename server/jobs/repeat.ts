import { log } from '#server/log'

/** Work that goes on for as long as the process runs. */
export type Repeated = {
  /** Does the work now, or once more when it is under way. */
  wake(): void
  /** Ends what is under way by its signal, and waits for that. */
  stop(): Promise<void>
}

/** Does `work` at once, and again so many milliseconds after it has ended. A failure is logged when it is another than the last. */
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
      if (message !== failure) log.error(error, `${what} failed; it is tried again`)
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
