import { type Hmac, createHash, createHmac } from 'node:crypto'
import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import { z } from 'zod'
import { StartError } from '#config/start-error'

/*
 * A backup is one stream: a line of text, then frames of a type, a length and a payload. The first frame is the head, in JSON; then
 * come each table's rows in compressed pieces with a frame that ends the table; the last frame signs every byte before it. So a
 * program can write it to a pipe, and nothing can be cut off, changed or added without being noticed.
 */

const FORMAT = 1
const NAME = 'bulkhead backup '
const FIRST_LINE = Buffer.from(`${NAME}${FORMAT}\n`)

const frames = { head: 0x48, rows: 0x52, table: 0x54, end: 0x45 } as const
type FrameType = keyof typeof frames
const typeOf = new Map(Object.entries(frames).map(([name, code]) => [code as number, name as FrameType]))

/** Bytes of rows in one frame, and the most that any frame may hold: a single row can be long. */
const PIECE = 1_000_000
const MOST = 2 ** 30

const Head = z.object({
  /** The version of Bulkhead that wrote it. */
  version: z.string(),
  createdAt: z.string(),
  postgres: z.string(),
  migrations: z.array(z.string()).min(1),
  /** The keys that signed the backup and sealed the database, by their ids. */
  keys: z.object({ signed: z.string(), sealed: z.string().nullable() }),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()).min(1) })),
})
export type Head = z.output<typeof Head>

const TableEnd = z.object({ name: z.string(), rows: z.number(), bytes: z.number(), sha256: z.string() })
export type TableEnd = z.output<typeof TableEnd>

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** Pieces compressed at once; libuv has four threads for it. */
const AT_ONCE = 4

function frame(type: FrameType, payload: Buffer): Buffer[] {
  const start = Buffer.alloc(5)
  start.writeUInt8(frames[type])
  start.writeUInt32BE(payload.length, 1)
  return [start, payload]
}

const json = (value: object) => Buffer.from(JSON.stringify(value))

/** Joins small chunks and keeps long ones. */
async function* inPieces(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = []
  let size = 0
  for await (const chunk of chunks) {
    held.push(chunk)
    size += chunk.length
    if (size < PIECE) continue
    yield Buffer.concat(held)
    held = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(held)
}

/** Compresses several pieces at once and returns them in order. */
async function* compressed(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const waiting: Promise<Buffer>[] = []
  for await (const piece of pieces) {
    waiting.push(compress(piece))
    if (waiting.length === AT_ONCE) yield await waiting.shift()!
  }
  for (const one of waiting) yield await one
}

type Rows = AsyncIterable<Buffer> & { rowCount: number }
export type Written = { tables: number; rows: number; bytes: number }

/** Writes a backup, table by table. `onBytes` counts the bytes of rows as they are read. */
export async function* writeBackup(
  head: Head,
  { read, key, onBytes }: { read: (table: Head['tables'][number]) => Rows; key: Buffer; onBytes: (n: number) => void },
): AsyncGenerator<Buffer, Written> {
  const signature = createHmac('sha256', key)
  const written: Written = { tables: 0, rows: 0, bytes: 0 }
  function* signed(parts: Buffer[]): Generator<Buffer> {
    for (const part of parts) {
      signature.update(part)
      yield part
    }
  }
  yield* signed([FIRST_LINE, ...frame('head', json(head))])
  for (const table of head.tables) {
    const hash = createHash('sha256')
    const rows = read(table)
    let bytes = 0
    async function* counted() {
      for await (const chunk of rows) {
        hash.update(chunk)
        bytes += chunk.length
        onBytes(chunk.length)
        yield chunk
      }
    }
    for await (const piece of compressed(inPieces(counted()))) yield* signed(frame('rows', piece))
    yield* signed(frame('table', json({ name: table.name, rows: rows.rowCount, bytes, sha256: hash.digest('hex') })))
    written.tables++
    written.rows += rows.rowCount
    written.bytes += bytes
  }
  const [start] = frame('end', Buffer.alloc(32))
  yield* signed([start!])
  yield signature.digest()
  return written
}

const cutOff = (name: string) => new StartError(`${name} is cut off, so nothing was restored.`)
const damaged = (name: string) => new StartError(`${name} was changed after it was written, or is damaged. Nothing was restored.`)

/** Reads exact numbers of bytes from chunks of any size, and signs what it reads. */
class Bytes {
  readonly #chunks: AsyncIterator<Buffer>
  readonly #name: string
  #held: Buffer = Buffer.alloc(0)
  signature: Hmac | undefined
  #unsigned: Buffer[] = []

  constructor(chunks: AsyncIterable<Buffer>, name: string) {
    this.#chunks = chunks[Symbol.asyncIterator]()
    this.#name = name
  }

  async #take(size: number): Promise<Buffer> {
    const parts = [this.#held]
    let length = this.#held.length
    while (length < size) {
      const { value, done } = await this.#chunks.next()
      if (done) throw cutOff(this.#name)
      parts.push(value)
      length += value.length
    }
    const all = parts.length === 1 ? this.#held : Buffer.concat(parts)
    this.#held = all.subarray(size)
    return all.subarray(0, size)
  }

  /** What is read before the key is known is signed as soon as it is. */
  async read(size: number): Promise<Buffer> {
    const taken = await this.#take(size)
    if (this.signature) this.signature.update(taken)
    else this.#unsigned.push(taken)
    return taken
  }

  signWith(key: Buffer): void {
    this.signature = createHmac('sha256', key)
    for (const part of this.#unsigned) this.signature.update(part)
    this.#unsigned = []
  }

  readUnsigned = (size: number): Promise<Buffer> => this.#take(size)

  async isOver(): Promise<boolean> {
    while (this.#held.length === 0) {
      const { value, done } = await this.#chunks.next()
      if (done) return true
      this.#held = value
    }
    return false
  }
}

async function readFrameStart(bytes: Bytes, name: string): Promise<{ type: FrameType; length: number }> {
  const start = await bytes.read(5)
  const type = typeOf.get(start.readUInt8())
  const length = start.readUInt32BE(1)
  if (type === undefined || length > MOST) throw damaged(name)
  return { type, length }
}

function parsed<T>(shape: z.ZodType<T>, payload: Buffer, name: string): T {
  try {
    return shape.parse(JSON.parse(payload.toString()))
  } catch {
    throw damaged(name)
  }
}

export type Source = {
  /** For sentences: the file, or stdin. */
  name: string
  chunks: AsyncIterable<Buffer>
  /** The key with this id; throws where it is not known. */
  keyOf(head: Head): Buffer
}

/** A table whose rows are read next. Its end is known once the rows are read. */
export type TableRead = { table: Head['tables'][number]; rows: AsyncGenerator<Buffer>; end: () => TableEnd }

/**
 * Reads a backup: first its head, then its tables in order. Throws a sentence where a byte is missing, was changed or was added, at
 * the end at the latest, so nothing that was read counts before the last table is.
 */
export async function openBackup({ name, chunks, keyOf }: Source) {
  const bytes = new Bytes(chunks, name)
  await readFirstLine(bytes, name)
  const { type, length } = await readFrameStart(bytes, name)
  if (type !== 'head') throw damaged(name)
  const head = parsed(Head, await bytes.read(length), name)
  bytes.signWith(keyOf(head))
  return { head, tables: readTables(bytes, head, name) }
}

async function readFirstLine(bytes: Bytes, name: string): Promise<void> {
  const start = await bytes.read(NAME.length)
  if (start.toString('latin1') !== NAME) throw new StartError(`${name} is not a backup of Bulkhead.`)
  let line = ''
  while (!line.endsWith('\n') && line.length < 10) line += (await bytes.read(1)).toString('latin1')
  if (/^\d+\n$/.test(line) && Number(line) > FORMAT)
    throw new StartError(`${name} was written by a newer version of Bulkhead. Install that version or a newer one.`)
  if (line !== `${FORMAT}\n`) throw damaged(name)
}

async function* readTables(bytes: Bytes, head: Head, name: string): AsyncGenerator<TableRead> {
  for (const table of head.tables) {
    let end: TableEnd | undefined
    async function* rows() {
      for (;;) {
        const { type, length } = await readFrameStart(bytes, name)
        const payload = await bytes.read(length)
        if (type === 'table') {
          end = parsed(TableEnd, payload, name)
          if (end.name !== table.name) throw damaged(name)
          return
        }
        if (type !== 'rows') throw damaged(name)
        yield payload
      }
    }
    const read = { table, rows: rows(), end: () => end! }
    yield read
    // What the reader has left.
    while (!(await read.rows.next()).done);
  }
  const { type, length } = await readFrameStart(bytes, name)
  if (type !== 'end' || length !== 32) throw damaged(name)
  const expected = bytes.signature!.digest()
  if (!expected.equals(await bytes.readUnsigned(length))) throw damaged(name)
  if (!(await bytes.isOver())) throw damaged(name)
}

/** The rows of a table as they were read from the database; throws where they are not those that were written. */
export async function* rowsOf({ rows, end }: TableRead, name: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  for await (const piece of rows) {
    const plain = await decompress(piece, { maxOutputLength: MOST }).catch(() => {
      throw damaged(name)
    })
    hash.update(plain)
    yield plain
  }
  if (hash.digest('hex') !== end().sha256) throw damaged(name)
}
