import type { Socket } from 'node:net'
import type pg from 'pg'
import { Client } from './connection.ts'
import { Lookup, type Readers, type Row, type Statement } from './lookup.ts'
import type { ShareClass } from './shares.ts'

/** What goes through a pipe: authentication, and the short reads of a request. */
const kinds = ['auth', 'read'] as const
export type PipeKind = (typeof kinds)[number]
export const isPiped = (kind: ShareClass): kind is PipeKind => (kinds as readonly string[]).includes(kind)

/** Statements under way at once, over all workers: in a pipe, and of one owner in it. More go to the pool, where shares decide. */
const MOST = { pipe: 512, owner: 32 }
/** Milliseconds until PostgreSQL gives a statement up, and until this process gives up a connection without any answer. */
const PATIENCE = { server: 1000, client: 3000 }
/**
 * Characters of an answer that others wait for too long, and the milliseconds for which its owner then has to use the pool: a page
 * of projects is as long as their metadata.
 */
const LONG = { length: 64 * 1024, rest: 10_000 }
/** Owners of long answers that are remembered. Past this number all are forgotten. */
const MOST_LONG = 1000
/** Milliseconds before a lost connection is opened again. Meanwhile the pool serves all. */
const REST = 1000

const streamOf = (client: pg.Client) => (client as unknown as { connection: { stream: Socket } }).connection.stream

/**
 * One connection on which statements leave without waiting for earlier answers, so that one round trip serves many requests. A
 * slow statement would hold up all behind it: only short lookups by key belong here. `send` returns undefined when the pool must
 * serve: while the connection is away, and beyond `MOST`. It rejects with whatever PostgreSQL or the connection says.
 */
function createPipe(config: pg.ClientConfig & { types: pg.CustomTypesConfig }, workers: number) {
  const most = { pipe: Math.ceil(MOST.pipe / workers), owner: Math.ceil(MOST.owner / workers) }
  let client: pg.Client | undefined
  let readers: Readers = new Map()
  let heard = 0
  let isReady = false
  let restUntil = 0
  let isOver = false
  let isCorked = false
  let underWay = 0
  const owners = new Map<string, number>()
  const restingUntil = new Map<string, number>()

  function connect(): void {
    if (client || isOver || Date.now() < restUntil) return
    const one = new Client({ ...config, pipeline: true, application_name: 'bulkhead pipe' })
    client = one
    readers = new Map()
    const lose = () => {
      if (client !== one) return
      client = undefined
      isReady = false
      restUntil = Date.now() + REST
    }
    one.on('error', () => {
      lose()
      streamOf(one).destroy()
    })
    one.on('end', lose)
    one.connect().then(
      () => void (isReady = client === one),
      () => {
        lose()
        void one.end().catch(() => {})
      },
    )
  }

  /** Sends all statements of one turn of the event loop in one packet. */
  function cork(one: pg.Client): void {
    if (isCorked) return
    isCorked = true
    const stream = streamOf(one)
    stream.cork()
    setImmediate(() => {
      isCorked = false
      stream.uncork()
    })
  }

  function rest(owner: string): void {
    if (restingUntil.size >= MOST_LONG) restingUntil.clear()
    restingUntil.set(owner, performance.now() + LONG.rest)
  }

  function isResting(owner: string): boolean {
    const until = restingUntil.get(owner)
    if (until === undefined) return false
    if (until > performance.now()) return true
    restingUntil.delete(owner)
    return false
  }

  // A connection can be cut without a word.
  const watch = setInterval(() => {
    if (client && underWay > 0 && performance.now() - heard > PATIENCE.client) streamOf(client).destroy()
  }, 1000).unref()

  return {
    send(owner: string, statement: Statement): Promise<Row[]> | undefined {
      if (!client || !isReady) {
        connect()
        return undefined
      }
      const own = owners.get(owner) ?? 0
      if (underWay >= most.pipe || own >= most.owner || isResting(owner)) return undefined
      const one = client
      cork(one)
      underWay++
      owners.set(owner, own + 1)
      if (underWay === 1) heard = performance.now()
      return new Promise((resolve, reject) => {
        const lookup = new Lookup(statement, { readers, types: config.types }, (error) => {
          heard = performance.now()
          underWay--
          const left = owners.get(owner)! - 1
          if (left > 0) owners.set(owner, left)
          else owners.delete(owner)
          if (lookup.length > LONG.length) rest(owner)
          if (error) reject(error)
          else resolve(lookup.found)
        })
        one.query(lookup)
      })
    },
    async end(): Promise<void> {
      isOver = true
      clearInterval(watch)
      await client?.end().catch(() => {})
    },
  }
}

/** A pipe for authentication and one for reads, opened when first used. They come on top of the pool's connections. */
export function createPipes({ options = '', ...config }: pg.ClientConfig & { types: pg.CustomTypesConfig }, workers = 1) {
  const all = Object.fromEntries(
    kinds.map((kind) => [
      kind,
      createPipe({ ...config, options: `${options} -c statement_timeout=${PATIENCE.server}` }, workers),
    ]),
  ) as Record<PipeKind, ReturnType<typeof createPipe>>
  return {
    ...all,
    end: () => Promise.all(kinds.map((kind) => all[kind].end())),
  }
}

export type Pipes = ReturnType<typeof createPipes>
