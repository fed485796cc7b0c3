import { type Agent, request } from 'node:http'

/** `taken`: the server had accepted the request before the connection broke. */
export type Delivery = { status: number; body: string } | { error: string; taken: boolean }

type Letter = { method: string; path: string; headers?: Record<string, string>; body?: string }

/**
 * Sends one request and reports more than `fetch`. It asks for `100 Continue`, which tells a server that took the request from a
 * connection that only the kernel accepted, and that is reset when the socket closes.
 */
export function deliver(
  agent: Agent | false,
  port: number,
  { method, path, headers = {}, body = '' }: Letter,
): Promise<Delivery> {
  return new Promise((resolve) => {
    let isTaken = false
    const all = { ...headers, expect: '100-continue', 'content-length': String(Buffer.byteLength(body)) }
    const sent = request({ agent, port, host: '127.0.0.1', method, path, headers: all }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString() }))
      response.on('error', (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message, taken: true }))
    })
    sent.on('continue', () => {
      isTaken = true
      sent.end(body)
    })
    sent.on('error', (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message, taken: isTaken }))
    sent.flushHeaders()
  })
}
