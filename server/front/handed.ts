import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds that a client who has just connected has for a first request, when connections are closed. */
const FIRST = 1000

/** A connection: requests under way, and since when and after how many bytes there are none. */
type Open = { underWay: number; since: number; bytes: number }

/** Milliseconds between two looks for connections that can be closed. */
const LOOK = 25

/**
 * Serves connections that another listener has accepted. `closed` is called for each that ends. Knows which of them wait for a
 * request: Node itself can only close all of those at once, among them one whose client is about to send the next.
 */
export function servingHanded(server: Server, closed: () => void = () => {}) {
  const open = new Map<Socket, Open>()
  let until = Number.POSITIVE_INFINITY
  let rest = Number.POSITIVE_INFINITY

  const restart = (socket: Socket, connection: Open) =>
    Object.assign(connection, { since: performance.now(), bytes: socket.bytesRead })

  server.on('request', ({ socket }, response: ServerResponse) => {
    const connection = open.get(socket)
    if (!connection) return
    connection.underWay++
    response.once('close', () => {
      connection.underWay--
      restart(socket, connection)
    })
  })
  // Node looks for slow requests once it listens.
  server.emit('listening')

  /** A request of which a part has arrived is under way too. */
  const isIdle = (socket: Socket, { underWay, since, bytes }: Open) =>
    underWay === 0 && socket.bytesRead === bytes && performance.now() - since >= (bytes === 0 ? Math.max(rest, FIRST) : rest)

  return {
    /** How many connections are open. */
    open: () => open.size,
    take(socket: Socket): void {
      open.set(socket, { underWay: 0, since: performance.now(), bytes: 0 })
      socket.once('close', () => {
        open.delete(socket)
        closed()
      })
      server.emit('connection', socket)
      socket.resume()
    },
    /**
     * Resolves once all connections are closed: each after its next answer, or after `idle` milliseconds without a request, which
     * a new client has in any case. Cuts what takes longer than `patience`. A second call can only hasten the first.
     */
    async drain(idle: number, patience: number): Promise<void> {
      rest = Math.min(rest, idle)
      until = Math.min(until, performance.now() + patience)
      for (; open.size > 0 && performance.now() < until; await sleep(LOOK))
        for (const [socket, connection] of open) if (isIdle(socket, connection)) socket.destroy()
      for (const socket of open.keys()) socket.destroy()
    },
  }
}
