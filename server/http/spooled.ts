import { ReadableStream } from 'node:stream/web'
import { DomainError, TryLater } from '#domain/errors'
import type { Coding } from './compression/coding.ts'
import { LEAST } from './compression/compressed.ts'
import { type Encoder, openEncoder } from './compression/encoder.ts'
import { type Ledger, createLedger } from './ledger.ts'
import { type Spool, openSpool } from './spool.ts'

const GIB = 1024 * 1024 * 1024
/** The largest export or list, in bytes. A larger one is refused before its first byte. */
const MOST_BYTES = 16 * GIB
/** Milliseconds that gathering it may take. */
const MOST_TIME = 10 * 60_000
/** Characters gathered before a write. */
const BATCH = 64 * 1024

/** What exports and lists take on the disk until they are read: an organization's many tokens must leave room to others. */
const onDisk = createLedger(
  { own: 16 * GIB, all: 64 * GIB, part: 1 / 2 },
  {
    own: 'Your organization has too many exports and long lists that nobody has read. Read them first',
    all: 'The server has too many exports that its clients have not read',
  },
  'spooled answers',
)

const hungUp = () => new DomainError('invalid_request', 'The connection ended before the response started')

/** Texts that are compressed at once, each with a window of its own; further ones are sent as they are. */
const MOST_ENCODERS = 16
let encoders = 0

type Wish = {
  /** What a refusal calls it. */
  what: 'export' | 'list'
  /** The organization, or the caller without one, for whom its bytes are counted until it is closed. */
  owner: string
  departure: AbortSignal
  /** The compression that its client likes best. */
  coding?: Coding | undefined
}

/**
 * Writes every text to a file, unless the client hangs up. It is compressed on its way into the file: a client that reads slowly
 * holds no more than the file.
 */
export async function spooled(
  { what, owner, departure, coding }: Wish,
  gather: () => Promise<AsyncGenerator<string>>,
  ledger: Ledger = onDisk,
): Promise<Spool & { coding(): Coding | undefined }> {
  const until = performance.now() + MOST_TIME
  const spool = await openSpool()
  let counted = 0
  let length = 0
  let encoder: Encoder | undefined
  let used: Coding | undefined
  const endEncoder = () => {
    if (!encoder) return
    encoder.close()
    encoder = undefined
    encoders--
  }
  const close = async () => {
    ledger.give([owner], counted)
    counted = 0
    await spool.close()
  }
  async function store(bytes: Buffer): Promise<void> {
    ledger.take([owner], bytes.byteLength)
    counted += bytes.byteLength
    await spool.write(bytes)
  }
  async function write(batch: string): Promise<void> {
    const bytes = Buffer.from(batch)
    if (coding && length === 0 && bytes.byteLength >= LEAST && encoders < MOST_ENCODERS) {
      encoder = openEncoder(coding)
      encoders++
      used = coding
    }
    length += bytes.byteLength
    await store(encoder ? await encoder.add(bytes) : bytes)
  }
  try {
    let batch = ''
    for await (const text of await gather()) {
      batch += text
      if (departure.aborted) throw hungUp()
      if (batch.length < BATCH) continue
      await write(batch)
      batch = ''
      if (length > MOST_BYTES) throw new DomainError('body_too_large', `The ${what} is larger than 16 GiB. Narrow the filter`)
      if (performance.now() > until) throw new TryLater('overloaded', `The ${what} took longer than ten minutes`, 60)
    }
    await write(batch)
    if (encoder) await store(await encoder.end())
    if (departure.aborted) throw hungUp()
    return { ...spool, close, coding: () => used }
  } catch (error) {
    await close()
    throw error
  } finally {
    endEncoder()
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
