import { createHash } from 'node:crypto'
import { KIB, MIB, bodyLimits } from './body-limits.ts'
import { type Ledger, type Owners, createLedger } from './ledger.ts'
import { type Spool, openSpool } from './spool.ts'

/** Memory for bodies under way: by address for callers without a credential, by organization and caller for all others. */
const sentences = { own: 'You are sending too many bytes at once', all: 'The server is receiving too many bytes at once' }
const uncredited = createLedger({ own: MIB, all: 16 * MIB }, sentences, 'bodies without a credential')
const credited = createLedger({ own: 24 * MIB, all: 96 * MIB }, sentences, 'bodies')
/** The same on disk: for imports, and for all others. */
const onDisk = {
  imports: createLedger({ own: 4 * KIB * MIB + 64 * MIB, all: 16 * KIB * MIB, part: 1 }, sentences, 'imports on disk'),
  others: createLedger({ own: 128 * MIB, all: KIB * MIB }, sentences, 'bodies on disk'),
}
/** What a caller has announced of such bodies. It counts against that caller alone, because an announcement costs nothing. */
const announcements = createLedger({ own: 64 * MIB, all: Number.POSITIVE_INFINITY }, sentences, 'announced bodies')

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

/** Bytes of a chunk, and how many unused ones are kept. */
const CHUNK = 64 * KIB
const SPARE = 256

/** Chunks are used again and again: with new ones for each body, the garbage collector would take more time than the bodies. */
const spare: Buffer[] = []
const newChunk = () => spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK)
function putBack(chunks: Buffer[]): void {
  for (const chunk of chunks) if (chunk.byteLength === CHUNK && spare.length < SPARE) spare.push(chunk)
}

export type Store = ReturnType<typeof createStore>

/** Stores a body in chunks, so that no small piece keeps its larger source buffer alive, and in a file once it is too long. */
export function createStore(limit: number, { owners, isProven }: Sender, declared: number) {
  const ledger: Ledger = isProven ? credited : uncredited
  const disk: Ledger = limit > bodyLimits.whole ? onDisk.imports : onDisk.others
  // An import can be as long as a whole organization's part.
  const onDiskFor = disk === onDisk.imports ? owners.slice(0, 1) : owners
  const endings: (() => void)[] = []
  /** All but the last are full. */
  let chunks: Buffer[] = []
  let size = 0
  let capacity = 0
  let counted = 0
  let onFile = 0
  let isClosed = false
  const largest = Math.min(declared, limit)
  let announced = disk === onDisk.others && largest > bodyLimits.memory ? largest : 0
  announcements.take(owners.slice(-1), announced)
  // A body that has no room is refused before it is read.
  if (isProven && largest > CHUNK && largest <= bodyLimits.memory) count(largest)
  let spool: Promise<Spool> | undefined
  /** The source may end while its last piece is still being written to the file. */
  let written: Promise<void> | undefined

  function count(bytes: number): void {
    if (bytes <= counted) return
    ledger.take(owners, bytes - counted)
    counted = bytes
  }

  /** Makes room for more bytes: a longer last chunk until it has its full length, then another one. */
  function grow(more: number): void {
    const last = chunks.at(-1)
    const isShort = last !== undefined && last.byteLength < CHUNK
    const first = Number.isNaN(declared) ? KIB : Math.min(declared, limit)
    const needed = isShort ? Math.max(2 * last.byteLength, size + more) : last ? CHUNK : Math.max(first, more)
    const length = Math.min(needed, CHUNK)
    const added = length - (isShort ? last.byteLength : 0)
    count(capacity + added)
    capacity += added
    const chunk = length === CHUNK ? newChunk() : Buffer.allocUnsafeSlow(length)
    if (isShort) last.copy(chunk, 0, 0, size)
    chunks = isShort ? [chunk] : [...chunks, chunk]
  }

  function put(piece: Buffer): void {
    for (let at = 0; at < piece.byteLength;) {
      if (size === capacity) grow(piece.byteLength - at)
      const last = chunks.at(-1)!
      const copied = piece.copy(last, last.byteLength - (capacity - size), at)
      at += copied
      size += copied
    }
  }

  /** The chunks without what is free in the last one. */
  const filled = () =>
    chunks.map((chunk, i) => (i === chunks.length - 1 ? chunk.subarray(0, chunk.byteLength - (capacity - size)) : chunk))

  /** Moves what is in memory to the file, and then appends the piece. */
  async function toFile(piece: Buffer): Promise<void> {
    const moved = filled()
    const used = chunks
    const bytes = counted
    // Closing the body must not hand these chunks to another one while they are written.
    chunks = []
    capacity = counted = 0
    try {
      const file = await (spool ??= openSpool())
      for (const part of [...moved, piece]) await file.write(part)
    } finally {
      putBack(used)
      ledger.give(owners, bytes)
    }
  }

  function forget(): void {
    ledger.give(owners, counted)
    putBack(chunks)
    chunks = []
    capacity = counted = 0
  }

  return {
    /** Returns a promise when the next piece must wait. */
    add(piece: Buffer): Promise<void> | undefined {
      if (onFile === 0 && size + piece.byteLength <= bodyLimits.memory) {
        put(piece)
        return undefined
      }
      const more = piece.byteLength + (onFile === 0 ? size : 0)
      disk.take(onDiskFor, more)
      onFile += more
      written = toFile(piece)
      size += piece.byteLength
      return written
    },
    async finish(): Promise<Body | undefined> {
      if (size === 0) {
        await this.close()
        return undefined
      }
      const close = () => this.close()
      await written
      const file = await spool
      /** Another body may fill the chunks of a closed one. */
      function assertOpen(): void {
        if (isClosed) throw new Error('a body was read after it was closed')
      }
      async function* inMemory(): AsyncGenerator<Buffer> {
        for (const part of filled()) {
          assertOpen()
          yield part
        }
      }
      async function load(): Promise<Buffer> {
        assertOpen()
        return file ? file.load() : Buffer.concat(filled())
      }
      const pieces = () => (file ? file.read() : inMemory())
      const onClose = (work: () => void) => void endings.push(work)
      return {
        size,
        digest: () => digestOf(pieces()),
        load,
        pieces,
        onClose,
        close,
      }
    },
    async close(): Promise<void> {
      isClosed = true
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

/** Bytes of bodies currently held, in memory and on disk. */
export const bodiesHeld = () => ({
  memory: uncredited.total() + credited.total(),
  disk: onDisk.imports.total() + onDisk.others.total(),
})
