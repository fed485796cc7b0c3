import type { IncomingMessage, ServerResponse } from 'node:http'
import { createGauge } from '../http/body.ts'
import type { Limits } from './limits.ts'
import { stopReading } from './stop-reading.ts'

type Allowed = Pick<Limits, 'leftover' | 'leftoverTime' | 'discardTime' | 'discarded' | 'discardedASecond'>

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** Whether reading the rest of the body costs less than a new connection. */
function isWorthReading({ headers }: IncomingMessage, { leftover }: Allowed): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= leftover
}

const recently = { since: 0, bytes: 0 }

/** Milliseconds until more may be discarded. Reading unwanted bytes must not delay clients that wait for an answer. */
function waitFor(bytes: number, { discardedASecond }: Allowed): number {
  const now = performance.now()
  const done = recently.since + (recently.bytes / discardedASecond) * 1000
  if (done < now) Object.assign(recently, { since: now, bytes: 0 })
  recently.bytes += bytes
  return Math.max(0, done - now)
}

/**
 * Stops reading a body in too many small pieces, or of too many bytes that nobody reads: Node runs JavaScript for each piece and
 * buffers it. A handler that reads the body refuses it by the same limit.
 */
function stopAtCrumbs(request: IncomingMessage, allowed: Allowed) {
  const { discarded } = allowed
  const gauge = createGauge(Number.POSITIVE_INFINITY)
  const push = request.push.bind(request)
  let isDiscarding = false
  let isOver = false
  let left = discarded
  request.push = (piece: Buffer | null, encoding) => {
    if (piece === null) return push(null)
    if (isOver) return false
    isOver = gauge.add(piece.byteLength) !== undefined || (isDiscarding && (left -= piece.byteLength) < 0)
    if (isOver) stopReading(request.socket)
    if (isDiscarding && !isOver) {
      const wait = waitFor(piece.byteLength, allowed)
      if (wait > 0) setTimeout(() => request._read(0), wait).unref()
      return wait === 0
    }
    // The reader must also receive the one piece too many.
    return (isDiscarding || push(piece, encoding)) && !isOver
  }
  return {
    /**
     * Discards what still arrives. Node would do that itself, without a limit, for a request that nobody has started to read:
     * `resume` starts it, also when its buffer is full.
     */
    discard() {
      isDiscarding = true
      request.resume()
    },
  }
}

/**
 * Discards a short rest of a body whose answer is already complete. A client with more to send gets `connection: close` and time
 * to read the answer, which an immediate close would lose by a reset.
 */
export function closeUnread(request: IncomingMessage, response: ServerResponse, allowed: Allowed): void {
  if (!hasBody(request)) return
  const crumbs = stopAtCrumbs(request, allowed)
  const { socket } = request
  const { writeHead } = response
  response.writeHead = ((...args: Parameters<typeof writeHead>) => {
    if (!request.complete && !(response.shouldKeepAlive && isWorthReading(request, allowed))) {
      // Node closes the connection itself once the answer is out.
      socket.destroySoon = () => {
        socket.end()
        setTimeout(() => socket.destroy(), allowed.discardTime).unref()
      }
      response.setHeader('connection', 'close')
      response.shouldKeepAlive = false
      crumbs.discard()
    }
    return writeHead.apply(response, args)
  }) as typeof writeHead
  response.once('finish', () => {
    if (request.complete || socket.destroyed) return
    const timer = setTimeout(() => {
      if (!request.complete) socket.destroy()
    }, allowed.leftoverTime)
    timer.unref()
    request.once('close', () => clearTimeout(timer))
  })
}
