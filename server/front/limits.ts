/** Limits on a connection before any handler runs. The limits on bodies are in `server/http/input.ts`. */
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
  /** Milliseconds for which a refused client may keep sending before the connection is cut, so that it can read the refusal. */
  lastWords: 2_000,
  /** Concurrent connections. A new one beyond them is closed. */
  connections: 10_000,
  /** Requests that a client may pipeline on one connection. They are served one after another. */
  pipelined: 64,
  /** How much of an unread body is read and discarded to keep its connection alive: bytes, and milliseconds. */
  leftover: 1024 * 1024,
  leftoverTime: 5_000,
  /**
   * Bytes of a longer body that are discarded before its connection ends: many clients read only once they have sent everything.
   */
  heardOut: 16 * 1024 * 1024,
  /** Bytes discarded a second, over all connections. */
  heardOutASecond: 16 * 1024 * 1024,
  /** The body of a page's request, in bytes: a sign-in form. */
  pageBody: 64 * 1024,
  /** An answer is cut when its client reads less than this many bytes in this many milliseconds. */
  readBytes: 16 * 1024,
  readTime: 30_000,
  /** Milliseconds between Node's checks for connections past their time limit. */
  lookEvery: 5_000,
}
export type Limits = typeof limits
