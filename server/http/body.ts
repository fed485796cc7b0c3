import { HttpError } from './errors.ts'

const MIB = 1024 * 1024
const HEARD_OUT = 16 * MIB

/** A whole body: how long it is, and its bytes once they are needed. */
export type Body = { size: number; load(): Promise<Uint8Array> }

/**
 * The raw body, up to the limit in bytes; undefined when there is none. A longer one is heard out within reason: who hangs up on a client
 * that still speaks is not heard either.
 */
export async function readBody(request: Request, limit: number): Promise<Body | undefined> {
  const patience = Math.max(HEARD_OUT, 2 * limit)
  if (Number(request.headers.get('content-length') ?? 0) > patience) throw tooLarge(limit)
  if (!request.body) return undefined
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > patience) throw tooLarge(limit)
    if (size <= limit) chunks.push(chunk)
  }
  if (size > limit) throw tooLarge(limit)
  if (size === 0) return undefined
  const bytes = Buffer.concat(chunks)
  return { size, load: () => Promise.resolve(bytes) }
}

const tooLarge = (limit: number) => new HttpError(413, 'body_too_large', `The body must be at most ${limit / MIB} MiB`)
