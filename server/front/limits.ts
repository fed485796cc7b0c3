import { bodyLimits } from '../http/body-limits.ts'

/** Limits on a connection before any handler runs. Those on a body that is read are in `server/http/body-limits.ts`. */
export const limits = {
  /** All headers including the request line, in bytes. */
  headerBytes: 32 * 1024,
  headers: 200,
  /** Path and query as sent, in bytes. */
  urlBytes: 16 * 1024,
  /** Milliseconds for all headers to arrive, for the whole request, and between two requests on one connection. */
  headersTime: 15_000,
  requestTime: 900_000,
  idleTime: 65_000,
  /**
   * Connections that the kernel has made and Node has not accepted yet; Node accepts one a turn. Beyond this, or the kernel's own
   * limit, they are reset.
   */
  backlog: 4096,
  /** Concurrent connections. A new one beyond them is closed. */
  connections: 10_000,
  /** Requests that a client may pipeline on one connection. They are served one after another. */
  pipelined: 64,
  /** How much of an unread body is read and discarded to keep its connection alive: bytes, and milliseconds. */
  leftover: 1024 * 1024,
  leftoverTime: 5_000,
  /** The same for a body that was refused, before its connection is closed: as much as a handler that refuses it would read. */
  discarded: bodyLimits.discarded,
  discardTime: bodyLimits.discardTime,
  /** Bytes discarded a second, over all connections. */
  discardedASecond: 16 * 1024 * 1024,
  /** The body of a page's request, in bytes: a sign-in form. */
  pageBody: 64 * 1024,
  /** What Next serves has stricter limits (page-refusal.ts): path and query, query parameters, cookies, each `Next-` header. */
  pageUrlBytes: 4 * 1024,
  pageParameters: 100,
  pageCookies: 100,
  nextHeaderBytes: 4 * 1024,
  /** An answer is cut when its client reads less than this many bytes in this many milliseconds. */
  readBytes: 16 * 1024,
  readTime: 30_000,
  /** Milliseconds between Node's checks for connections past their time limit. */
  lookEvery: 5_000,
}
export type Limits = typeof limits
