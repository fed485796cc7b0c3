import { randomUUID } from 'node:crypto'
import { STATUS_CODES, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ErrorBody } from '#contract/errors'
import { limits } from './limits.ts'

export type Refusal = {
  status: 400 | 408 | 414 | 417 | 431 | 503
  code: string
  sentence: string
  headers?: Record<string, string>
}

/** The body and headers that every refusal of the API has. */
function written({ code, sentence, headers }: Refusal) {
  const refusal: ErrorBody = { error: sentence, code, requestId: randomUUID() }
  const body = JSON.stringify(refusal)
  const length = String(Buffer.byteLength(body))
  const all = { ...headers, 'content-type': 'application/json', 'content-length': length, 'cache-control': 'no-store' }
  return { body, headers: { ...all, 'x-request-id': refusal.requestId } }
}

/** Refuses before any handler is asked. */
export function refuseEarly(response: ServerResponse, refusal: Refusal) {
  const { body, headers } = written(refusal)
  response.writeHead(refusal.status, headers).end(body)
}

const unparsed: Record<string, Refusal> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'headers_too_large',
    sentence: `The headers must be at most ${limits.headerBytes / 1024} KiB`,
  },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'request_timeout', sentence: 'The request took too long to arrive' },
}

/** What Node's parser refuses, with a body like every other refusal; Node alone would send none. */
export function refuseUnparsed(error: NodeJS.ErrnoException, socket: Duplex) {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const refusal = unparsed[error.code ?? ''] ?? {
    status: 400,
    code: 'invalid_request',
    sentence: 'This is not a valid HTTP request',
  }
  const { body, headers } = written(refusal)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\nconnection: close\r\n${lines.join('')}\r\n${body}`)
}
