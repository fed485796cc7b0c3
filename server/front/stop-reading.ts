import type { Socket } from 'node:net'

/** Internals of Node's HTTP server on a socket, which its types leave out. */
type Inside = { parser?: { pause?: () => void } | null; _handle?: { readStop?: () => void } | null }

/**
 * Stops reading from this connection and parsing what was read. `socket.pause()` does neither: Node's HTTP parser reads past it,
 * and parses all of a 64 KiB read, which may hold a thousand requests or ten thousand pieces of a body.
 */
export function stopReading(socket: Socket): void {
  const { parser, _handle: handle } = socket as Inside
  parser?.pause?.()
  handle?.readStop?.()
}
