import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Limits } from './limits.ts'

type Reader = { taken: number; since: number }

/** Internals that Node itself reads for `socket.setTimeout`: how much of a long write the kernel has taken. */
type Inside = { _bytesDispatched?: number; _handle?: { writeQueueSize?: number } | null }

function takenBy(socket: Socket): number {
  const { _bytesDispatched: handed = 0, _handle: handle } = socket as Socket & Inside
  return handed - (handle?.writeQueueSize ?? 0)
}

/**
 * Cuts the connection of a client that does not read an answer that waits for it in memory or on disk. An answer that waits for
 * the server is exempt: a stream may be silent for any time.
 */
export function watchReaders({ readBytes, readTime, lookEvery }: Pick<Limits, 'readBytes' | 'readTime' | 'lookEvery'>) {
  const readers = new Map<ServerResponse, Reader>()

  function look(): void {
    const now = performance.now()
    for (const [response, reader] of readers) {
      const { socket } = response
      if (!socket) continue
      const taken = takenBy(socket)
      if (socket.writableLength === 0 || taken - reader.taken >= readBytes) {
        reader.taken = taken
        reader.since = now
      } else if (now - reader.since >= readTime) socket.destroy()
    }
  }

  const timer = setInterval(look, Math.min(lookEvery, readTime))
  timer.unref()
  return {
    /** Returns what to call when the answer is over. */
    watch(response: ServerResponse): () => void {
      const { socket } = response.req
      readers.set(response, { taken: takenBy(socket), since: performance.now() })
      return () => void readers.delete(response)
    },
    stop: () => clearInterval(timer),
  }
}
