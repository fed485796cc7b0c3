/** What a connection may cost before any handler is asked. The limits of bodies are in `server/http/input.ts`. */
export const limits = {
  /** All headers with the request line, in bytes. */
  headerBytes: 32 * 1024,
  headers: 200,
  /** Path and query, in bytes as they are sent. */
  urlBytes: 16 * 1024,
  /** The time for all headers to arrive, for the whole request, and between two requests of one connection; in milliseconds. */
  headersTime: 15_000,
  requestTime: 900_000,
  idleTime: 65_000,
  /** Connections that the kernel has made and Node has not taken yet, of which it takes one a turn; beyond, and beyond the kernel's own limit, they are reset. */
  backlog: 4096,
  /** How long whoever is refused unheard may go on sending until the connection is cut, so that he gets to read why; in milliseconds. */
  lastWords: 2_000,
  /** Connections at once. Beyond, a new one is closed. */
  connections: 10_000,
  /** Requests that a client may send on one connection without waiting for their answers. They are served one after another. */
  pipelined: 64,
  /** What may be left of a body that nobody reads, to be read and thrown away so that its connection lives on; in bytes, and milliseconds. */
  leftover: 1024 * 1024,
  leftoverTime: 5_000,
  /** What is thrown away of a longer body before its connection ends, in bytes: many clients read only once they have sent all. */
  heardOut: 16 * 1024 * 1024,
  /** What is thrown away in a second, of all connections together. */
  heardOutASecond: 16 * 1024 * 1024,
  /** The body of a page's request, in bytes: a form of a sign-in. */
  pageBody: 64 * 1024,
  /** An answer of which the client has taken less than so many bytes in so many milliseconds is cut. */
  readBytes: 16 * 1024,
  readTime: 30_000,
  /** How often Node looks for connections that have run out of their time. */
  lookEvery: 5_000,
}
export type Limits = typeof limits
