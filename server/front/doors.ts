import { type AddressInfo, type Server, type Socket, createServer } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Config } from '#config/config'
import { StartError } from '#config/start-error'

type Place = Pick<Config, 'host' | 'port'>

/**
 * Listeners on one port. libuv accepts one connection per listener and turn of its loop, so behind clients who connect and reset
 * without a pause, everybody else would wait for seconds. The kernel divides new connections among them (SO_REUSEPORT).
 */
const DOORS = 16

/** Milliseconds after which a stop no longer waits for a moment without new connections. */
const MOST_WAITING = 1000

const sentences: Record<string, (place: Place) => string> = {
  EADDRINUSE: ({ host, port }) => `Port ${port} of ${host} is in use by another program. Set PORT to a free one.`,
  EACCES: ({ port }) => `This user may not listen on port ${port}. Set PORT to one above 1023.`,
  EADDRNOTAVAIL: ({ host }) => `This machine has no address ${host}. Set HOST to one of its own, or to 0.0.0.0 for all.`,
  ENOTFOUND: ({ host }) => `This machine has no address ${host}. Set HOST to one of its own, or to 0.0.0.0 for all.`,
}

const listenAt = (door: Server, how: Place & { backlog: number; reusePort: boolean }) =>
  new Promise<void>((resolve, reject) => {
    door.once('error', reject)
    door.listen(how, resolve)
  })

const closed = (door: Server) => new Promise<void>((resolve) => void door.close(() => resolve()))

/** Opens the listeners, and says in one sentence why that is not possible. */
async function openAt(place: Place, backlog: number, open: () => Server): Promise<Server[]> {
  const alone = open()
  try {
    // Listeners that share a port would share it with another server of the same user too, so this one comes first.
    await listenAt(alone, { ...place, backlog, reusePort: false })
    const { port } = alone.address() as AddressInfo
    if (process.platform !== 'linux') return [alone]
    await closed(alone)
    const doors = Array.from({ length: DOORS }, open)
    await Promise.all(doors.map((door) => listenAt(door, { ...place, port, backlog, reusePort: true })))
    return doors
  } catch (error) {
    const sentence = sentences[(error as NodeJS.ErrnoException).code ?? '']
    throw sentence ? new StartError(sentence(place)) : error
  }
}

/**
 * Accepts connections, and gives each to `take`. A connection for which there is no room is closed. `backlog`: how many may wait
 * to be accepted, per listener.
 */
export async function openDoors(place: Place, backlog: number, hasRoom: () => boolean, take: (socket: Socket) => void) {
  let accepted = 0
  const enter = (socket: Socket) => {
    accepted++
    // Else the process ends when a client resets a connection that nobody has taken yet.
    socket.on('error', () => {})
    if (!hasRoom()) return void socket.destroy()
    take(socket)
  }
  // As `http.createServer` itself listens; what is paused reads nothing in this process.
  const doors = await openAt(place, backlog, () =>
    createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, enter),
  )
  return {
    port: (doors[0]!.address() as AddressInfo).port,
    /** Takes who is waiting, and nobody after that: closing at once would cut them off. */
    async close(): Promise<void> {
      const until = Date.now() + MOST_WAITING
      let before: number
      await nextTurn()
      do {
        before = accepted
        await nextTurn()
      } while (accepted > before && Date.now() < until)
      for (const door of doors) door.close()
    },
  }
}
