import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { DomainError } from '#domain/errors'
import { exchangeOf } from './exchange.ts'
import { type Ledger, type Owners, createLedger } from './ledger.ts'
import { type Spool, openSpool } from './spool.ts'

const KIB = 1024
const MIB = 1024 * KIB

/** Limits on a body while it arrives. */
export const bodyLimits = {
  /** Bytes kept in memory; a longer body goes to a file. */
  memory: MIB,
  /** The longest body that is ever loaded whole, in bytes. Longer ones are read piece by piece. */
  whole: 16 * MIB,
  /** The body of a call without a credential, in bytes. */
  uncredited: 64 * KIB,
  /** Pieces that are free. Beyond them, pieces must have this many bytes on average, so that nobody sends a byte at a time. */
  freePieces: 1000,
  pieceBytes: 32,
  /** Milliseconds in which a body must arrive, plus the time for its length at this many bytes a second. */
  grace: 10_000,
  slowest: 8 * KIB,
  /** Milliseconds for which nothing at all may arrive, however much came before. */
  silence: 30_000,
  /** Milliseconds after which the sender is looked up again, because their session or token may have ended meanwhile. */
  unquestioned: 1000,
  /**
   * Bytes and milliseconds for which an oversized body is still read, so that the client reads the refusal: many clients read
   * only once they have sent everything.
   */
  heardOut: 16 * MIB,
  heardOutTime: 2000,
}

/** Memory for bodies under way: by address for callers without a credential, by organization and caller for all others. */
const sentences = { own: 'You are sending too many bytes at once', all: 'The server is receiving too many bytes at once' }
const uncredited = createLedger({ own: MIB, all: 16 * MIB }, sentences)
const credited = createLedger({ own: 24 * MIB, all: 96 * MIB }, sentences)
/** The same on disk: for imports, and for all others. */
const onDisk = {
  imports: createLedger({ own: 4 * KIB * MIB + 64 * MIB, all: 16 * KIB * MIB, part: 1 }, sentences),
  others: createLedger({ own: 128 * MIB, all: KIB * MIB }, sentences),
}
/** What a caller has announced of such bodies. It counts against that caller alone, because an announcement costs nothing. */
const announcements = createLedger({ own: 64 * MIB, all: Number.POSITIVE_INFINITY }, sentences)

/** Who sends a body: a caller and their organization, or an unauthenticated client known by its address. */
export type Sender = { owners: Owners; isProven: boolean; assertStillProven?: () => Promise<void> }

/** A whole body, in memory or in a file. The reader must close it. */
export type Body = {
  size: number
  /** SHA-256. */
  digest(): Promise<Buffer>
  /** Loads all of it into memory, as a copy that the caller owns. */
  load(): Promise<Buffer>
  /** Reads it piece by piece. */
  pieces(): AsyncIterable<Buffer>
  /** Registers work for when the body is closed, at the end of its request. */
  onClose(work: () => void): void
  close(): Promise<void>
}

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
  if (declared > Math.max(bodyLimits.heardOut, limit)) throw tooLarge(limit)
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
  let heardOut: NodeJS.Timeout | undefined
  let isOver = false
  return new Promise<void>((resolve, reject) => {
    const watch = setInterval(() => {
      if (!refusal && gauge.isSlow()) end(tooSlow())
    }, 1000)
    watch.unref()
    function end(error?: unknown): void {
      isOver = true
      clearInterval(watch)
      clearTimeout(heardOut)
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
      if (wrong && (wrong.code !== 'body_too_large' || gauge.bytes() > Math.max(bodyLimits.heardOut, 2 * Math.min(limit, MIB))))
        return end(wrong)
      if (wrong) {
        refusal ??= wrong
        heardOut ??= setTimeout(() => end(wrong), bodyLimits.heardOutTime)
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

type Store = ReturnType<typeof createStore>

/**
 * Stores a body in one growing buffer, so that no small piece keeps its larger source buffer alive, and in a file once it is too
 * long.
 */
function createStore(limit: number, { owners, isProven }: Sender, declared: number) {
  const ledger: Ledger = isProven ? credited : uncredited
  const disk: Ledger = limit > bodyLimits.whole ? onDisk.imports : onDisk.others
  // An import can be as long as a whole organization's part.
  const onDiskFor = disk === onDisk.imports ? owners.slice(0, 1) : owners
  const endings: (() => void)[] = []
  let buffer = Buffer.alloc(0)
  let size = 0
  let counted = 0
  let onFile = 0
  const largest = Math.min(declared, limit)
  let announced = disk === onDisk.others && largest > bodyLimits.memory ? largest : 0
  announcements.take(owners.slice(-1), announced)
  let spool: Promise<Spool> | undefined
  /** The source may end while its last piece is still being written to the file. */
  let written: Promise<void> | undefined

  function grow(wanted: number): void {
    const first = Math.min(Number.isNaN(declared) ? KIB : declared, 64 * KIB)
    const capacity = Math.max(wanted, Math.min(2 * buffer.byteLength, bodyLimits.memory, limit), Math.min(first, limit))
    ledger.take(owners, capacity - counted)
    counted = capacity
    const larger = Buffer.allocUnsafeSlow(capacity)
    buffer.copy(larger, 0, 0, size)
    buffer = larger
  }

  function forget(): void {
    ledger.give(owners, counted)
    counted = 0
    buffer = Buffer.alloc(0)
  }

  async function toFile(first: Buffer): Promise<void> {
    const file = await (spool ??= openSpool())
    await file.write(first)
  }

  return {
    /** Returns a promise when the next piece must wait. */
    add(piece: Buffer): Promise<void> | undefined {
      if (!spool && size + piece.byteLength <= bodyLimits.memory) {
        if (size + piece.byteLength > buffer.byteLength) grow(size + piece.byteLength)
        piece.copy(buffer, size)
        size += piece.byteLength
        return undefined
      }
      const more = piece.byteLength + (spool ? 0 : size)
      disk.take(onDiskFor, more)
      onFile += more
      const first = spool ? piece : Buffer.concat([buffer.subarray(0, size), piece])
      if (!spool) forget()
      size += piece.byteLength
      return (written = toFile(first))
    },
    async finish(): Promise<Body | undefined> {
      if (size === 0) {
        await this.close()
        return undefined
      }
      const close = () => this.close()
      const whole = buffer.subarray(0, size)
      await written
      const file = await spool
      const pieces = () => (file ? file.read() : slices(whole))
      const onClose = (work: () => void) => void endings.push(work)
      return {
        size,
        digest: () => digestOf(pieces()),
        load: async () => (file ? file.load() : Buffer.from(whole)),
        pieces,
        onClose,
        close,
      }
    },
    async close(): Promise<void> {
      forget()
      disk.give(onDiskFor, onFile)
      announcements.give(owners.slice(-1), announced)
      announced = 0
      for (const end of endings.splice(0)) end()
      onFile = 0
      await spool?.then(
        (file) => file.close(),
        () => {},
      )
    },
  }
}

async function digestOf(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const hash = createHash('sha256')
  for await (const piece of pieces) hash.update(piece)
  return hash.digest()
}

async function* slices(whole: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < whole.byteLength; at += 64 * KIB) yield whole.subarray(at, at + 64 * KIB)
}

/** Bytes of bodies currently held, in memory and on disk. */
export const bodiesHeld = () => ({
  memory: uncredited.total() + credited.total(),
  disk: onDisk.imports.total() + onDisk.others.total(),
})
