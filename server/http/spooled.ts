import { ReadableStream } from 'node:stream/web'
import { DomainError, TryLater } from '#domain/errors'
import { type Spool, openSpool } from './spool.ts'

/** The largest export or list, in bytes. A larger one is refused before its first byte. */
const MOST_BYTES = 16 * 1024 * 1024 * 1024
/** Milliseconds that gathering it may take. */
const MOST_TIME = 10 * 60_000
/** Characters gathered before a write. */
const BATCH = 64 * 1024

const hungUp = () => new DomainError('invalid_request', 'The connection ended before the response started')

/** Writes every text to a file, unless the client hangs up. `what` names it in a refusal. */
export async function spooled(
  what: 'export' | 'list',
  gather: () => Promise<AsyncGenerator<string>>,
  departure: AbortSignal,
): Promise<Spool> {
  const until = performance.now() + MOST_TIME
  const spool = await openSpool()
  try {
    let batch = ''
    for await (const text of await gather()) {
      batch += text
      if (departure.aborted) throw hungUp()
      if (batch.length < BATCH) continue
      await spool.write(Buffer.from(batch))
      batch = ''
      if (spool.size() > MOST_BYTES)
        throw new DomainError('body_too_large', `The ${what} is larger than 16 GiB. Narrow the filter`)
      if (performance.now() > until) throw new TryLater('overloaded', `The ${what} took longer than ten minutes`, 60)
    }
    await spool.write(Buffer.from(batch))
    if (departure.aborted) throw hungUp()
    return spool
  } catch (error) {
    await spool.close()
    throw error
  }
}

/** The file as a response body, closed once it was read or the client left. */
export function bodyOf(spool: Spool, end: () => void): ReadableStream<Uint8Array> {
  const pieces = spool.read()
  const close = async () => {
    end()
    await spool.close()
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value, done } = await pieces.next()
        if (!done) return controller.enqueue(value)
        controller.close()
        await close()
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  )
}
