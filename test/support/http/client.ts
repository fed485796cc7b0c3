import { type IncomingMessage, request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'
import type { ErrorBody } from '#contract/errors'

export type Answer<Body = ErrorBody> = { status: number; headers: Headers; body: Body; text: string }

type Sent = { json?: unknown; raw?: BodyInit; headers?: Record<string, string>; path?: Record<string, string> }

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
    const body = json === undefined ? raw : JSON.stringify(json)
    const content = body === undefined ? undefined : new Response(body)
    const type = json === undefined ? content?.headers.get('content-type') : 'application/json'
    const answer = await sent(
      new URL(origin + request.slice(space + 1)),
      request.slice(0, space),
      { ...(type && { 'content-type': type }), ...proof(who), ...headers },
      body instanceof ReadableStream || content === undefined ? content?.body : Buffer.from(await content.arrayBuffer()),
    )
    const text = await textOf(answer)
    return { status: answer.statusCode!, headers: headersOf(answer), body: parsed(text) as Body, text }
  }

export type Client = ReturnType<typeof clientOf>

function sent(url: URL, method: string, headers: Record<string, string>, body: Buffer | ReadableStream | null | undefined) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    // A server that refuses a body may close before it has read all of it; then this fails after its answer.
    const request = httpRequest(url, { method, headers }, resolve).on('error', reject)
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
  return Buffer.concat(chunks).toString()
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
