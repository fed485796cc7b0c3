import { type IncomingMessage, request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'
import type { ErrorBody } from '#contract/errors'
import { noteAnswer } from './answers.ts'

export type Answer<Body = ErrorBody> = { status: number; headers: Headers; body: Body; text: string }

export type Raw = string | Uint8Array | Blob | ReadableStream
type Sent = { json?: unknown; raw?: Raw; headers?: Record<string, string>; path?: Record<string, string> }

/** `null` = nobody, a string = a bearer token, headers = any other credential. */
export type Who = string | null | Record<string, string>

const proof = (who: Who): Record<string, string> =>
  who === null ? {} : typeof who === 'string' ? { authorization: `Bearer ${who}` } : who

/**
 * `send(token, 'PUT /orgs/acme/projects/alpha', { json: { name } })`: one real request and its answer. Through `node:http`, which
 * costs a third of what `fetch` does: the tests send tens of thousands.
 */
export const clientOf =
  (origin: string) =>
  async <Body = ErrorBody>(who: Who, request: string, { json, raw, headers }: Sent = {}): Promise<Answer<Body>> => {
    const space = request.indexOf(' ')
    const content =
      json === undefined ? await contentOf(raw) : { type: 'application/json', body: Buffer.from(JSON.stringify(json)) }
    const answer = await sent(
      new URL(origin + request.slice(space + 1)),
      request.slice(0, space),
      { ...(content.type && { 'content-type': content.type }), ...proof(who), ...headers },
      content.body,
    )
    const text = await textOf(answer)
    noteAnswer({
      method: request.slice(0, space),
      path: request.slice(space + 1).split('?', 1)[0]!,
      status: answer.statusCode!,
      type: answer.headers['content-type'] ?? '',
      text,
    })
    return { status: answer.statusCode!, headers: headersOf(answer), body: parsed(text) as Body, text }
  }

export type Client = ReturnType<typeof clientOf>

type Content = { type?: string; body?: Buffer | ReadableStream }

/** The bytes of a body, with the type that `fetch` would give it. */
async function contentOf(raw: Raw | undefined): Promise<Content> {
  if (raw === undefined) return {}
  if (typeof raw === 'string') return { type: 'text/plain;charset=UTF-8', body: Buffer.from(raw) }
  if (raw instanceof Blob) return { type: raw.type, body: Buffer.from(await raw.arrayBuffer()) }
  return { body: raw instanceof ReadableStream ? raw : Buffer.from(raw) }
}

function sent(url: URL, method: string, headers: Record<string, string>, body: Content['body']) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    // A server that refuses a body may close before it has read all of it; then this fails after its answer.
    // Node says by itself how a body ends, but not with DELETE.
    const framing = Buffer.isBuffer(body) ? { 'content-length': body.byteLength } : body ? { 'transfer-encoding': 'chunked' } : {}
    const request = httpRequest(url, { method, headers: { ...framing, ...headers } }, resolve).on('error', reject)
    if (body instanceof ReadableStream)
      Readable.fromWeb(body as never)
        .on('error', reject)
        .pipe(request)
    else request.end(body)
  })
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk as Buffer)
  // Without a mark of the byte order, as `fetch` reads it.
  return new TextDecoder().decode(Buffer.concat(chunks))
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers()
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i]!, rawHeaders[i + 1]!)
  return headers
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
