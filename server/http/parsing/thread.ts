import { Worker } from 'node:worker_threads'
import type { FromWorker, Refusal, Task, ToWorker } from './messages.ts'
import { assembly } from './pieces.ts'

export type Outcome = { value: unknown } | { refusal: Refusal } | { lost: 'time' | 'memory' | 'stopped' }

export type ThreadLimits = {
  /** Milliseconds of the thread's processor time that one body may take; `clock` limits the real time, for a busy machine. */
  work: number
  clock: number
  /** MiB of memory that a thread may hold. More ends the thread, and nothing else of the process. */
  memory: number
}

const WATCH_EVERY = 500

/** Milliseconds that a thread has run; undefined on a Node that cannot report it. */
async function workOf(worker: Worker): Promise<number | undefined> {
  if (typeof worker.cpuUsage !== 'function') return undefined
  const usage = await worker.cpuUsage().catch(() => undefined)
  return usage && (usage.user + usage.system) / 1000
}

/** The buffer, when the bytes fill it alone, so that it can be transferred instead of copied. */
const ownMemory = ({ byteLength, buffer }: Uint8Array): ArrayBuffer[] =>
  buffer instanceof ArrayBuffer && byteLength === buffer.byteLength ? [buffer] : []

/** Starts a thread that parses one body at a time. After `lost` it is gone. */
export function startThread(file: string, { work, clock, memory }: ThreadLimits) {
  const worker = new Worker(file, {
    // The thread must not inherit this process's Node options.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 16 },
  })
  let isOver = false
  // An idle thread keeps no process alive, and a dying one ends none.
  worker.on('error', () => {})
  worker.once('exit', () => void (isOver = true))
  worker.unref()

  async function parse(task: Task): Promise<Outcome> {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>()
    const parts = assembly()
    const onMessage = (message: FromWorker) => {
      clearInterval(watch)
      if ('bug' in message) reject(asError(message.bug))
      else if ('refusal' in message) resolve({ refusal: message.refusal })
      else {
        parts.add(message.piece)
        if (message.isLast) resolve({ value: parts.value() })
        // Not at once: replies would arrive in the same turn of the event loop.
        else setImmediate(() => worker.postMessage({ next: true } satisfies ToWorker))
      }
    }
    const onError = (error: unknown) =>
      (error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve({ lost: 'memory' }) : reject(asError(error))
    const onExit = () => resolve({ lost: 'stopped' })
    const started = performance.now()
    const before = workOf(worker)
    const watch = setInterval(() => {
      void Promise.all([before, workOf(worker)]).then(([then = 0, now = 0]) => {
        if (now - then <= work && performance.now() - started <= clock) return
        resolve({ lost: 'time' })
      })
      if (performance.now() - started > clock) resolve({ lost: 'time' })
    }, WATCH_EVERY)
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.on('exit', onExit)
    worker.ref()
    try {
      if (isOver) return { lost: 'stopped' }
      worker.postMessage({ task } satisfies ToWorker, ownMemory(task.bytes))
      const outcome = await promise
      if ('lost' in outcome) await end()
      return outcome
    } catch (error) {
      await end()
      throw error
    } finally {
      clearInterval(watch)
      worker.off('message', onMessage)
      worker.off('error', onError)
      worker.off('exit', onExit)
      worker.unref()
    }
  }

  async function end(): Promise<void> {
    isOver = true
    await worker.terminate()
  }

  return { parse, end, isOver: () => isOver }
}

export type Thread = ReturnType<typeof startThread>

const asError = (cause: unknown) => (cause instanceof Error ? cause : new Error('a parsing thread failed', { cause }))
