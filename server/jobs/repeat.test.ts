import { expect, test } from 'vitest'
import { repeat } from './repeat.ts'

const NEVER = 3_600_000

/** Work that ends on demand, with a count of its starts. */
function heldWork() {
  const starts: PromiseWithResolvers<void>[] = [Promise.withResolvers()]
  const ends: PromiseWithResolvers<void>[] = []
  return {
    begun: () => ends.length,
    /** Resolves once the work has started that many times. */
    start: (count: number) => (starts[count - 1] ??= Promise.withResolvers()).promise,
    end: (count: number, error?: Error) => (error ? ends[count - 1]!.reject(error) : ends[count - 1]!.resolve()),
    work: async (signal: AbortSignal) => {
      const end = Promise.withResolvers<void>()
      ends.push(end)
      signal.addEventListener('abort', () => end.reject(signal.reason))
      ;(starts[ends.length - 1] ??= Promise.withResolvers()).resolve()
      await end.promise
    },
  }
}

test('starts at once, and once more after any number of requests during a run', async () => {
  const { work, start, end, begun } = heldWork()
  const repeated = repeat(NEVER, 'this test', work)
  await start(1)
  for (let i = 0; i < 3; i++) repeated.wake()
  expect(begun()).toBe(1)
  end(1)
  await start(2)
  await repeated.stop()
  expect(begun()).toBe(2)
})

test('continues after a failure', async () => {
  const { work, start, end, begun } = heldWork()
  const repeated = repeat(1, 'this test', work)
  await start(1)
  end(1, new Error('on purpose'))
  await start(2)
  end(2)
  await start(3)
  await repeated.stop()
  expect(begun()).toBe(3)
})

test('a stop aborts the current run through its signal, and starts nothing afterwards', async () => {
  const { work, start, begun } = heldWork()
  const repeated = repeat(1, 'this test', work)
  await start(1)
  await repeated.stop()
  repeated.wake()
  expect(begun()).toBe(1)
})
