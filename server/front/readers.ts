import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Limits } from './limits.ts'

type Reader = { taken: number; since: number }

/** What Node itself looks at for `socket.setTimeout`: of a long piece that is under way, how much the kernel has taken. */
type Inside = { _bytesDispatched?: number; _handle?: { writeQueueSize?: number } | null }

function takenBy(socket: Socket): number {
  const { _bytesDispatched: handed = 0, _handle: handle } = socket as Socket & Inside
  return handed - (handle?.writeQueueSize ?? 0)
}

/**
 * Cuts the connection of a client that does not read its answer, which we hold in memory or on disk for it. Nothing is asked of an answer that
 * waits for us: a stream may be silent for as long as it likes.
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
    watch(response: ServerResponse): void {
      const { socket } = response.req
      readers.set(response, { taken: takenBy(socket), since: performance.now() })
      response.once('close', () => readers.delete(response))
    },
    stop: () => clearInterval(timer),
  }
}
