import { STATUS_CODES, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type ErrorBody, type ErrorCode, statusOf } from '#contract/errors'
import { newRequestId } from '#domain/ids'
import { recordOf } from '../http/record.ts'
import { peerOf } from './client-address.ts'
import { limits } from './limits.ts'
import { answersOn, isOver } from './over.ts'
import { recordRaw } from './requests.ts'

export type Refusal = {
  code: ErrorCode
  sentence: string
  headers?: Record<string, string>
}

/** The body and headers that every refusal of the API has. */
function written({ code, sentence, headers }: Refusal, requestId: string) {
  const refusal: ErrorBody = { error: sentence, code, requestId }
  const body = JSON.stringify(refusal)
  const length = String(Buffer.byteLength(body))
  const all = { ...headers, 'content-type': 'application/json', 'content-length': length, 'cache-control': 'no-store' }
  return { status: statusOf[code], body, headers: { ...all, 'x-request-id': refusal.requestId } }
}

/** Refuses a request before any handler runs. */
export function refuseEarly(response: ServerResponse, refusal: Refusal) {
  const record = recordOf(response.req)
  if (record) record.code = refusal.code
  const { status, body, headers } = written(refusal, record?.requestId ?? newRequestId())
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

/**
 * Connections that were refused and may still be sending. Node reports each further piece as one more error. It is read and
 * discarded: closing on unread bytes resets the connection and loses the refusal.
 */
const refused = new WeakSet<Socket>()

/**
 * Refuses what Node's parser rejects, with a body like every other refusal; Node alone sends none. Waits for its turn: a
 * pipelining client would take it for the answer to an earlier request.
 */
export async function refuseUnparsed(error: NodeJS.ErrnoException, socket: Socket) {
  if (refused.has(socket)) return
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  refused.add(socket)
  const { open, latest } = answersOn(socket)
  // The broken body belongs to a request that already has its handler, and perhaps its answer.
  const broken = latest?.req.complete ? undefined : latest
  const before = open.filter((response) => response !== broken)
  await Promise.all(before.map(isOver))
  if (broken?.headersSent || !socket.writable) return socket.destroySoon()
  const refusal = unparsed[error.code ?? ''] ?? {
    code: 'invalid_request',
    sentence: 'This is not a valid HTTP request',
  }
  const requestId = recordRaw(broken?.req, { code: refusal.code, status: statusOf[refusal.code], address: peerOf(socket) })
  const { status, body, headers } = written(refusal, requestId)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  setTimeout(() => socket.destroy(), limits.discardTime).unref()
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\n${lines.join('')}\r\n${body}`)
}
