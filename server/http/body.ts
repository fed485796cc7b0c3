import { Readable } from 'node:stream'
import { DomainError } from '#domain/errors'
import { KIB, MIB, bodyLimits } from './body-limits.ts'
import { type Body, type Sender, type Store, createStore } from './body-store.ts'
import { exchangeOf } from './exchange.ts'

const inWords = (bytes: number) =>
  bytes >= KIB * MIB ? `${bytes / MIB / KIB} GiB` : bytes >= MIB ? `${bytes / MIB} MiB` : `${bytes / KIB} KiB`

const tooLarge = (limit: number) => new DomainError('body_too_large', `The body must be at most ${inWords(limit)}`)
const tooSlow = () =>
  new DomainError('request_timeout', `The body arrived too slowly. Send at least ${bodyLimits.slowest / KIB} KiB a second`)
const inCrumbs = () =>
  new DomainError('invalid_request', 'The body arrived in too many small chunks. Send chunks of at least 1 KiB')

const cutOff = () => new DomainError('invalid_request', 'The connection ended before the body was complete')

/** Counts what arrives and returns what is wrong with its size or pace. */
export function createGauge(limit: number) {
  let bytes = 0
  let pieces = 0
  const since = performance.now()
  let last = since
  return {
    bytes: () => bytes,
    add(piece: number): DomainError | undefined {
      last = performance.now()
      bytes += piece
      pieces++
      if (pieces > bodyLimits.freePieces && bytes < (pieces - bodyLimits.freePieces) * bodyLimits.pieceBytes) return inCrumbs()
      return bytes > limit ? tooLarge(limit) : undefined
    },
    isSlow() {
      const now = performance.now()
      return now - since > bodyLimits.grace + (bytes / bodyLimits.slowest) * 1000 || now - last > bodyLimits.silence
    },
  }
}

/** Refuses a compressed body: its real size would be known too late. */
function assertPlainEncoding({ headers }: Request): void {
  const encoding = headers.get('content-encoding')
  if (encoding && encoding.toLowerCase() !== 'identity')
    throw new DomainError('unsupported_media_type', 'Send the body without Content-Encoding')
}

/**
 * Reads the whole body, up to `limit` bytes; undefined when there is none. Reads from the socket with backpressure, before any
 * database connection is taken. Throws 400, 408, 413, 415, 429 or 503, and then closes the connection of an incomplete body.
 */
export async function readBody(request: Request, limit: number, sender: Sender): Promise<Body | undefined> {
  const { incoming, outgoing } = exchangeOf(request) ?? {}
  const declared = Number(request.headers.get('content-length') ?? Number.NaN)
  if (
    incoming ? declared === 0 || (Number.isNaN(declared) && incoming.headers['transfer-encoding'] === undefined) : !request.body
  )
    return undefined
  assertPlainEncoding(request)
  if (declared > Math.max(bodyLimits.discarded, limit)) throw tooLarge(limit)
  const source = incoming ?? Readable.fromWeb(request.body as never)
  const store = createStore(limit, sender, declared)
  const since = performance.now()
  try {
    await gather(source, limit, store)
    if (performance.now() - since >= bodyLimits.unquestioned) await sender.assertStillProven?.()
    return await store.finish()
  } catch (error) {
    if (outgoing && !incoming?.complete) outgoing.shouldKeepAlive = false
    await store.close()
    throw error
  }
}

/** Hands each piece to the store as it arrives. Resolves at the end; rejects with the first problem. */
function gather(source: Readable, limit: number, store: Store): Promise<void> {
  const gauge = createGauge(limit)
  let refusal: DomainError | undefined
  let discarding: NodeJS.Timeout | undefined
  let isOver = false
  return new Promise<void>((resolve, reject) => {
    const watch = setInterval(() => {
      if (!refusal && gauge.isSlow()) end(tooSlow())
    }, 1000)
    watch.unref()
    function end(error?: unknown): void {
      isOver = true
      clearInterval(watch)
      clearTimeout(discarding)
      source.off('data', take)
      source.off('end', finish)
      source.off('error', leave)
      source.off('close', leave)
      if (error) {
        source.pause()
        reject(error)
      } else resolve()
    }
    function take(piece: Buffer): void {
      const wrong = gauge.add(piece.byteLength)
      if (wrong && (wrong.code !== 'body_too_large' || gauge.bytes() > Math.max(bodyLimits.discarded, 2 * Math.min(limit, MIB))))
        return end(wrong)
      if (wrong) {
        refusal ??= wrong
        discarding ??= setTimeout(() => end(wrong), bodyLimits.discardTime)
        return
      }
      try {
        const written = store.add(piece)
        if (!written) return
        source.pause()
        written.then(() => {
          // Stops reading a body that was given up meanwhile.
          if (!isOver) source.resume()
        }, end)
      } catch (error) {
        end(error)
      }
    }
    const finish = () => end(refusal)
    const leave = () => end(refusal ?? cutOff())
    if (source.destroyed) return leave()
    source.on('data', take)
    source.on('end', finish)
    source.on('error', leave)
    source.on('close', leave)
  })
}
