import type { Socket } from 'node:net'
import type { Config } from '#config/config'
import { openDoors } from '../front/doors.ts'
import { createFront, notYet } from '../front/front.ts'
import { servingHanded } from '../front/handed.ts'
import { limits } from '../front/limits.ts'

/** Who can take a connection. */
export type Taker = { open: number; hand(id: number, socket: Socket, failed: () => void): void }

type Handed = { socket: Socket; taker: Taker }

/**
 * Accepts the connections of the whole server, and hands each to the worker with the fewest. Answers itself, that nothing is
 * ready, while there is no worker. Keeps a connection until its worker has it, so that none is lost with a worker that dies.
 */
export async function openGate(config: Pick<Config, 'host' | 'port' | 'trustedProxies'>) {
  const front = createFront(config.trustedProxies)
  front.serve((request, response) => {
    // The next request may find a worker.
    response.setHeader('connection', 'close')
    notYet(request, response)
  })
  const unserved = servingHanded(front.server, () => open--)
  const handed = new Map<number, Handed>()
  let choose: () => Taker | undefined = () => undefined
  let next = 0
  let open = 0

  function hand(socket: Socket): void {
    const taker = choose()
    if (!taker) return unserved.take(socket)
    const id = next++
    handed.set(id, { socket, taker })
    taker.open++
    taker.hand(id, socket, () => again(id))
  }

  function again(id: number): void {
    const one = handed.get(id)
    if (!one) return
    handed.delete(id)
    one.taker.open--
    hand(one.socket)
  }

  const hasRoom = () => open < limits.connections
  const doors = await openDoors(config, limits.backlog, hasRoom, (socket) => {
    open++
    hand(socket)
  })

  return {
    port: doors.port,
    /** Begins to hand connections to whom `chosen` names. */
    handTo: (chosen: () => Taker | undefined) => void (choose = chosen),
    /** A worker has the connection: closes this process's copy. */
    took(id: number): void {
      handed.get(id)?.socket.destroy()
      handed.delete(id)
    },
    /** Connections of a worker have closed. */
    closed(taker: Taker, n: number): void {
      taker.open -= n
      open -= n
    },
    /** A worker has died: hands what it has not taken to others. */
    lost(taker: Taker): void {
      const mine = [...handed].filter(([, one]) => one.taker === taker)
      for (const [id] of mine) again(id)
      open -= taker.open
      taker.open = 0
    },
    /** Takes who is waiting, and nobody after that. */
    close: doors.close,
    async stop(): Promise<void> {
      await unserved.drain(0, 1000)
      front.stop()
    },
  }
}

export type Gate = Awaited<ReturnType<typeof openGate>>
