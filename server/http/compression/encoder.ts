import { promisify } from 'node:util'
import {
  type BrotliOptions,
  type ZlibOptions,
  brotliCompress,
  constants,
  createBrotliCompress,
  createGzip,
  gzip,
} from 'node:zlib'
import type { Json } from '../formats/print.ts'
import type { Coding } from './coding.ts'

/** Higher levels take several times as long for a few percent. */
const LEVEL = 3
/** The level for what is compressed once. */
const BEST = 9
/** A window of 256 KiB: brotli's own choice takes 4 MiB for each text. */
const WINDOW = 18

const gzipOptions = (level: number): ZlibOptions => ({ level })
const brotliOptions = (level: number): BrotliOptions => ({
  params: {
    [constants.BROTLI_PARAM_QUALITY]: level,
    [constants.BROTLI_PARAM_LGWIN]: WINDOW,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
  },
})

const gzipped = promisify<Buffer, ZlibOptions, Buffer>(gzip)
const brotlied = promisify<Buffer, BrotliOptions, Buffer>(brotliCompress)

/** Compresses a whole text, in zlib's own threads. */
export async function compress(coding: Coding, text: Json, isKept = false): Promise<Buffer> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const level = isKept ? BEST : LEVEL
  return coding === 'br' ? brotlied(bytes, brotliOptions(level)) : gzipped(bytes, gzipOptions(level))
}

/** Compresses a long text piece by piece. It holds its window until it is closed. */
export function openEncoder(coding: Coding) {
  const stream = coding === 'br' ? createBrotliCompress(brotliOptions(LEVEL)) : createGzip(gzipOptions(LEVEL))
  let ready: Buffer[] = []
  const takeReady = () => {
    const bytes = Buffer.concat(ready)
    ready = []
    return bytes
  }
  stream.on('data', (piece: Buffer) => ready.push(piece))
  const { promise: failed, reject: fail } = Promise.withResolvers<never>()
  // Rejects whoever waits for a piece; between two pieces nobody does.
  failed.catch(() => {})
  stream.on('error', fail)
  return {
    /** What the text so far has become, which may be nothing yet. */
    async add(bytes: Buffer): Promise<Buffer> {
      const { promise: taken, resolve: take } = Promise.withResolvers<void>()
      stream.write(bytes, () => take())
      await Promise.race([taken, failed])
      return takeReady()
    },
    async end(): Promise<Buffer> {
      const { promise: ended, resolve: end } = Promise.withResolvers<void>()
      stream.once('end', end)
      stream.end()
      await Promise.race([ended, failed])
      return takeReady()
    },
    close: () => void stream.destroy(),
  }
}

export type Encoder = ReturnType<typeof openEncoder>
