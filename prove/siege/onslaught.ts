import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { type Socket, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { parsed } from '../fuzz/wire.ts'
import type { Target } from './target.ts'
import type { Answered, Tally } from './tally.ts'

/** Bytes of an answer that are inspected. */
const HEARD = 256 * 1024

type Sent = { token?: string; headers?: Record<string, string>; body?: string | Buffer }

/** A connection on which the attacker chooses every byte. */
export type Wire = {
  socket: Socket
  isOpen: () => boolean
  /** Resolves when the bytes have left, or when no more can leave. */
  send: (bytes: string | Buffer) => Promise<void>
  closed: Promise<void>
}

export type Head = { method?: string; token?: string; headers?: Record<string, string>; goesOn?: boolean }

/** The first lines of a request, whose rest is still to be sent. `goesOn`: another follows on the same connection. */
export function head(path: string, { method = 'GET', token, headers = {}, goesOn = false }: Head = {}): string {
  const close = goesOn ? {} : { connection: 'close' }
  const all = { host: 'bulkhead', ...close, ...(token && { authorization: `Bearer ${token}` }), ...headers }
  return `${method} ${path} HTTP/1.1\r\n${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`
}

export type Onslaught = ReturnType<typeof newOnslaught>

/** The running parts of one attack: its sockets and callers, from an address of its own. `stop` ends all of them. */
export function newOnslaught(target: Target, tally: Tally, localAddress: string) {
  const { host, port, world, much } = target
  const agent = new Agent({ keepAlive: true, localAddress, maxSockets: 1000 })
  const over = new AbortController()
  const open = new Set<Socket>()
  const isOver = () => over.signal.aborted
  const pause = (milliseconds: number) => sleep(milliseconds, undefined, { signal: over.signal }).catch(() => {})

  /** One request over the agent, with its answer read to the end. Undefined when there is none. */
  function call(line: string, { token, headers, body }: Sent = {}): Promise<Answered | undefined> {
    const [method = 'GET', path = '/'] = line.split(' ')
    const type = body === undefined || headers?.['content-type'] ? {} : { 'content-type': 'application/json' }
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const bearer = token === undefined ? {} : { authorization: `Bearer ${token}` }
    return new Promise((resolve) => {
      const none = (why: string) => {
        if (!isOver()) tally.count(why)
        resolve(undefined)
      }
      const sent = request(
        { host, port, method, path, agent, headers: { ...type, ...length, ...bearer, ...headers } },
        (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (piece: string) => {
            if (text.length < HEARD) text += piece
          })
          response.on('error', () => none('cut'))
          response.on('end', () => {
            const answer = { status: response.statusCode!, headers: response.headers, body: text, isHead: method === 'HEAD' }
            tally.answered(answer)
            resolve(answer)
          })
        },
      )
      sent.on('error', () => none('cut'))
      over.signal.addEventListener('abort', () => sent.destroy(), { once: true })
      sent.end(body)
    })
  }

  /** Connects. `hears`: reads and counts what arrives; otherwise leaves it unread, as long as the server keeps it. */
  async function dial(hears: boolean): Promise<Wire | undefined> {
    const socket = connect({ host, port, localAddress, noDelay: true, allowHalfOpen: true })
    const heard: Buffer[] = []
    let size = 0
    open.add(socket)
    socket.on('error', () => {})
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => {
        open.delete(socket)
        if (hears) countAnswers(Buffer.concat(heard))
        else if (!isOver() && !socket.isOurs) tally.count('cut unread')
        resolve()
      })
    })
    function countAnswers(bytes: Buffer) {
      const { answers } = parsed(bytes.toString('latin1'), [])
      for (const answer of answers) tally.answered(answer)
      if (answers.length === 0 && !isOver() && !socket.isOurs) tally.count('cut')
    }
    if (hears) {
      socket.on('data', (piece: Buffer) => {
        size += piece.length
        if (size <= HEARD) heard.push(piece)
      })
      socket.on('end', () => socket.destroy())
    }
    await Promise.race([once(socket, 'connect').catch(() => {}), closed])
    if (socket.destroyed || isOver()) {
      socket.destroy()
      return undefined
    }
    const isOpen = () => !socket.destroyed && socket.writable && !isOver()
    return {
      socket,
      isOpen,
      closed,
      async send(bytes) {
        if (!isOpen() || socket.write(bytes)) return
        await Promise.race([once(socket, 'drain').catch(() => {}), closed])
      },
    }
  }

  /** Keeps about this many sockets open: one that has ended is replaced after a while. */
  function sockets(count: number, drive: (wire: Wire, i: number) => Promise<unknown>, { hears = true, again = 250 } = {}) {
    for (let i = 0; i < count; i++) {
      void (async () => {
        while (!isOver()) {
          const wire = await dial(hears)
          if (wire) {
            await drive(wire, i).catch(() => {})
            if (!isOver()) await wire.closed
          }
          await pause(again)
        }
      })()
    }
  }

  /** Runs this many callers at once, each one call after the other with a pause between them. */
  function callers(count: number, rest: number, step: (i: number, turn: number) => Promise<unknown>) {
    for (let i = 0; i < count; i++) {
      void (async () => {
        for (let turn = 0; !isOver(); turn++) {
          await step(i, turn)
          await pause(rest)
        }
      })()
    }
  }

  return {
    world,
    much,
    tally,
    isOver,
    pause,
    call,
    sockets,
    callers,
    /** The larger of the two in the long form. */
    many: (short: number, long: number) => (much ? long : short),
    stop() {
      over.abort()
      for (const socket of open) socket.resetAndDestroy()
      agent.destroy()
    },
  }
}

/** Hangs up in the middle of anything. */
export function hangUp({ socket }: Wire): void {
  socket.isOurs = true
  socket.resetAndDestroy()
}

declare module 'node:net' {
  interface Socket {
    /** The attacker ended it. */
    isOurs?: boolean
  }
}
