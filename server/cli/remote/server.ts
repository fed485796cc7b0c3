import { setting } from '#config/environment'
import { version } from '#config/version'
import { type Client, createClient } from '../../../sdk/src/client.ts'
import { BulkheadError, Unanswered } from '../../../sdk/src/errors.ts'
import type { Terminal } from '../command.ts'
import { UsageError } from '../usage-error.ts'
import { ANOTHER_VERSION, Unusable } from './errors.ts'

/** Milliseconds for an answer, and bytes of one that is not a stream. */
const PATIENCE = 30_000
/** Milliseconds for an upload and its answer. */
const UPLOAD = 3_600_000
const MOST = 64 * 1024 * 1024

type Sent = { headers?: Record<string, string>; body?: string | ReadableStream<Uint8Array>; isStream?: boolean }

export type Server = {
  origin: string
  client: Client
  /**
   * Sends one request and returns its answer, also a refusal. `isStream`: the caller reads the answer, which is then as long as what
   * it carries; else it is complete, within the limits of time and size. Throws `Unanswered`, as `client` does.
   */
  send(method: string, path: string, sent?: Sent): Promise<Response>
}

const EXAMPLE = 'such as https://bulkhead.example.com'

/** The origin of `text`, which names a server and nothing else. */
export function originOf(text: string, name: string): string {
  if (/\bbh[up]_/.test(text)) throw new UsageError(`${name} has a token in it, which others could see; put it in BULKHEAD_TOKEN`)
  if (!URL.canParse(text)) throw new UsageError(`${name} must be the address of a server, ${EXAMPLE}`)
  const url = new URL(text)
  const isOrigin = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
  if (!/^https?:$/.test(url.protocol) || !isOrigin)
    throw new UsageError(`${name} must be the address of a server without a path, a user or a query, ${EXAMPLE}`)
  return url.origin
}

/** Ends an answer that is larger than this command line takes. */
function limited(response: Response): Response {
  if (response.body === null) return response
  let bytes = 0
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      if (bytes > MOST) controller.error(new Unusable(`The answer has more than ${MOST / 1024 / 1024} MiB`))
      else controller.enqueue(chunk)
    },
  })
  return new Response(response.body.pipeThrough(counted), response)
}

/** The server of `--server` or BULKHEAD_SERVER, with the token of BULKHEAD_TOKEN. Says which it is. */
export function connect(given: string | undefined, { say }: Terminal): Server {
  const [text, name] = given === undefined ? [setting('BULKHEAD_SERVER'), 'BULKHEAD_SERVER'] : [given, '--server']
  if (text === undefined) throw new UsageError('set BULKHEAD_SERVER or give --server: the address of a Bulkhead server')
  const origin = originOf(text, name)
  const token = setting('BULKHEAD_TOKEN')
  if (token === undefined) throw new UsageError('set BULKHEAD_TOKEN to a token of this server')
  if (!/^[\x21-\x7e]+$/.test(token)) throw new UsageError('BULKHEAD_TOKEN has characters that no token has')
  say(`Server: ${origin}`)
  const { protocol, hostname } = new URL(origin)
  if (protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname))
    say('Warning: the token is sent without encryption. Use https if the server has it.')
  const agent = `bulkhead-cli/${version}`
  const client = createClient({
    url: origin,
    token,
    timeout: PATIENCE,
    fetch: async (to, init) => {
      const headers = { ...(init.headers as Record<string, string>), 'user-agent': agent }
      return limited(await fetch(to, { ...init, headers }))
    },
  })
  return { origin, client, send: sender(origin, { authorization: `Bearer ${token}`, 'user-agent': agent }) }
}

/** A path of these parts, each encoded. */
export function pathOf(...parts: string[]): string {
  if (parts.some((part) => /^\.{0,2}$/.test(part))) throw new UsageError('a slug or name can’t be empty or consist of dots')
  return `/${parts.map(encodeURIComponent).join('/')}`
}

/** The answer as JSON. Throws a refusal, and what is not JSON. */
export async function read<Answer>(response: Response): Promise<Answer> {
  if (!response.ok) throw await BulkheadError.of(response)
  try {
    return (await response.json()) as Answer
  } catch (error) {
    throw new Unusable(ANOTHER_VERSION, { cause: error })
  }
}

const sender =
  (origin: string, always: Record<string, string>): Server['send'] =>
  async (method, path, { headers, body, isStream = false } = {}) => {
    const to = new URL(path, origin)
    // Such as `/\\elsewhere.example`, which a URL reads as another host.
    if (to.origin !== origin) throw new UsageError(`the path ${path} leads to another server`)
    const isUpload = body instanceof ReadableStream
    const clock = new AbortController()
    const alarm = setTimeout(() => clock.abort(new DOMException('no answer', 'TimeoutError')), isUpload ? UPLOAD : PATIENCE)
    try {
      const response = await fetch(to, {
        method,
        headers: { ...headers, ...always },
        signal: clock.signal,
        redirect: 'error',
        ...(body !== undefined && { body }),
        ...(isUpload && { duplex: 'half' }),
      })
      if (isStream || response.body === null) return response
      return new Response(await limited(response).arrayBuffer(), response)
    } catch (error) {
      throw new Unanswered(method, to.href, { cause: error })
    } finally {
      clearTimeout(alarm)
    }
  }
