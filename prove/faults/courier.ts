import { type Agent, request } from 'node:http'

/** `taken`: the server had the request in its hands before the connection broke. */
export type Delivery = { status: number; body: string } | { error: string; taken: boolean }

type Letter = { method: string; path: string; headers?: Record<string, string>; body?: string }

/**
 * One request that says what became of it, as `fetch` would not. It asks for `100 Continue`, so that a server which has taken it is told from a
 * connection that nobody took: the kernel makes connections by itself, and resets those that wait when the server closes its door.
 */
export function deliver(
  agent: Agent | false,
  port: number,
  { method, path, headers = {}, body = '' }: Letter,
): Promise<Delivery> {
  return new Promise((resolve) => {
    let taken = false
    const all = { ...headers, expect: '100-continue', 'content-length': String(Buffer.byteLength(body)) }
    const sent = request({ agent, port, host: '127.0.0.1', method, path, headers: all }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString() }))
      response.on('error', (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message, taken: true }))
    })
    sent.on('continue', () => {
      taken = true
      sent.end(body)
    })
    sent.on('error', (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message, taken }))
    sent.flushHeaders()
  })
}
