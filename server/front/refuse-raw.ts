import { once } from 'node:events'
import { STATUS_CODES, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type ErrorBody, type ErrorCode, statusOf } from '#contract/errors'
import { newRequestId } from '#domain/ids'
import { limits } from './limits.ts'

export type Refusal = {
  code: ErrorCode
  sentence: string
  headers?: Record<string, string>
}

/** The body and headers that every refusal of the API has. */
function written({ code, sentence, headers }: Refusal) {
  const refusal: ErrorBody = { error: sentence, code, requestId: newRequestId() }
  const body = JSON.stringify(refusal)
  const length = String(Buffer.byteLength(body))
  const all = { ...headers, 'content-type': 'application/json', 'content-length': length, 'cache-control': 'no-store' }
  return { status: statusOf[code], body, headers: { ...all, 'x-request-id': refusal.requestId } }
}

/** Refuses a request before any handler runs. */
export function refuseEarly(response: ServerResponse, refusal: Refusal) {
  const { status, body, headers } = written(refusal)
  response.writeHead(status, headers).end(body)
}

/** Answers a request before any handler runs. */
export function answerEarly(response: ServerResponse, value: unknown) {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(value))
}

const unparsed: Record<string, Refusal> = {
  HPE_HEADER_OVERFLOW: {
    code: 'headers_too_large',
    sentence: `The headers must be at most ${limits.headerBytes / 1024} KiB`,
  },
  ERR_HTTP_REQUEST_TIMEOUT: { code: 'request_timeout', sentence: 'The request took too long to arrive. Send it faster' },
}

/** The answers under way on each connection, and its latest. */
const answers = new WeakMap<Socket, { open: Set<ServerResponse>; latest: ServerResponse }>()

/**
 * Connections that were refused and may still be sending. Node reports each further piece as one more error. It is read and
 * discarded: closing on unread bytes resets the connection and loses the refusal.
 */
const refused = new WeakSet<Socket>()

/** Records an answer, so that a later refusal can wait for it. */
export function noteAnswer(response: ServerResponse) {
  const { socket } = response.req
  const open = answers.get(socket)?.open ?? new Set()
  answers.set(socket, { open: open.add(response), latest: response })
  response.once('close', () => open.delete(response))
}

/**
 * Refuses what Node's parser rejects, with a body like every other refusal; Node alone sends none. Waits for its turn: a
 * pipelining client would take it for the answer to an earlier request.
 */
export async function refuseUnparsed(error: NodeJS.ErrnoException, socket: Socket) {
  if (refused.has(socket)) return
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  refused.add(socket)
  const { open, latest } = answers.get(socket) ?? {}
  // The broken body belongs to a request that already has its handler, and perhaps its answer.
  const broken = latest?.req.complete ? undefined : latest
  const before = [...(open ?? [])].filter((response) => response !== broken)
  await Promise.all(before.map((response) => once(response, 'close')))
  if (broken?.headersSent || !socket.writable) return socket.destroySoon()
  const refusal = unparsed[error.code ?? ''] ?? {
    code: 'invalid_request',
    sentence: 'This is not a valid HTTP request',
  }
  const { status, body, headers } = written(refusal)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  setTimeout(() => socket.destroy(), limits.discardTime).unref()
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\n${lines.join('')}\r\n${body}`)
}
