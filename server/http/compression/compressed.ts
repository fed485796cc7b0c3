import type { Operation } from '#contract/operation'
import { exchangeOf } from '../exchange.ts'
import type { Json } from '../formats/print.ts'
import { createTurns } from '../turns.ts'
import { type Accepted, type Coding, acceptedIn } from './coding.ts'
import { compress } from './encoder.ts'

/** Bytes of a text below which compressing it saves nothing. */
export const LEAST = 1024

/** Whether a text has this many bytes in UTF-8. */
export const isAtLeast = (bytes: number, text: Json): boolean =>
  text.length >= bytes || (text.length * 3 >= bytes && Buffer.byteLength(text) >= bytes)

/**
 * The compression that a client accepts. Undefined for an operation whose answers are never compressed, and where Next serves the
 * handler, which sends no `Content-Encoding`.
 */
export function accepted({ isCompressed }: Pick<Operation, 'isCompressed'>, request: Request): Accepted | undefined {
  return isCompressed && exchangeOf(request) ? acceptedIn(request.headers.get('accept-encoding')) : undefined
}

/** Headers of an answer whose bytes depend on `Accept-Encoding`, whether or not it is compressed. */
export const varying = (coding: Coding | undefined): Record<string, string> => ({
  vary: 'Accept-Encoding',
  ...(coding && { 'content-encoding': coding }),
})

/**
 * Texts that are compressed at once. Each takes a thread of four, which also read files and check passwords, and memory for its
 * bytes twice.
 */
const turns = createTurns({
  places: 2,
  placesOfShare: 1,
  heavyPlaces: 2,
  heavyPlacesOfShare: 1,
  waiting: 64,
  waitingOfShare: 8,
  patience: 1_000,
})

/** Compresses an answer. Undefined when too many are being compressed: the client gets it as it is rather than wait. */
export async function compressed(coding: Coding, text: Json, operation: Operation, share: string): Promise<Buffer | undefined> {
  // The same for everybody, and long.
  if (operation.permission === 'public') return kept(coding, text, operation)
  if (!(await turns.take(share))) return undefined
  try {
    return await compress(coding, text)
  } finally {
    turns.release(share)
  }
}

type Kept = { text: Json; bytes: Promise<Buffer> }
const constants = new WeakMap<Operation, Partial<Record<Coding, Kept>>>()

/** Compresses what a public operation answers once, while it answers the same. */
function kept(coding: Coding, text: Json, operation: Operation): Promise<Buffer> {
  const known = constants.get(operation) ?? {}
  constants.set(operation, known)
  const same = known[coding]
  if (same?.text === text) return same.bytes
  const bytes = compress(coding, text, true)
  known[coding] = { text, bytes }
  return bytes
}
