import type { Socket } from 'node:net'

/** What Node's HTTP server keeps on a socket, and its types do not tell of. */
type Inside = { parser?: { pause?: () => void } | null; _handle?: { readStop?: () => void } | null }

/**
 * Nothing more is read from this connection, nor parsed of what has been read. `socket.pause()` does neither: the parser of Node's HTTP server reads
 * past it, and parses all of a read of 64 KiB, which may be a thousand requests or ten thousand pieces of a body.
 */
export function stopReading(socket: Socket): void {
  const { parser, _handle: handle } = socket as Inside
  parser?.pause?.()
  handle?.readStop?.()
}
