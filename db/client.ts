import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import { type DatabaseConnection, type Driver, Kysely, PostgresDialect, PostgresDriver, type Transaction, sql } from 'kysely'
import pg from 'pg'
import { DEFAULT_POOL } from '#config/defaults'
import { setting } from '#config/environment'
import { type Part, ownPool, workers } from '#config/workers'
import { Client } from './connection.ts'
import type { Row, Statement } from './lookup.ts'
import { type Pipes, createPipes, isPiped } from './pipe.ts'
import type { DB } from './schema.ts'
import { type ShownSettings, lostSettings, readSettings, withSettings } from './session-settings.ts'
import { type Claim, type Shares, createShares } from './shares.ts'

export type Database = Kysely<DB>
export type Trx = Transaction<DB>

const TIMESTAMPTZ = 1184
const INT8 = 20

/**
 * Postgres prints `2026-11-21 20:04:46.1234+00`; returns RFC 3339 with six digits. A `Date` would truncate it to milliseconds.
 * The connection's time zone is UTC, so the offset is always `+00`; in another zone it would be another time.
 */
export function toRfc3339(text: string): string {
  if (!text.endsWith('+00') && !text.endsWith('+00 BC')) throw new Error(`the time zone of the connection is not UTC: ${text}`)
  const clock = `${text.slice(0, 10)}T${text.slice(11, 19)}`
  // The common case: all six digits are there.
  if (text.length === 29) return `${clock}${text.slice(19, 26)}Z`
  return `${clock}.${text.slice(20, -3).padEnd(6, '0')}Z`
}

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    if (oid === TIMESTAMPTZ) return toRfc3339
    if (oid === INT8) return Number
    return pg.types.getTypeParser(oid, format)
  },
}

/** After this many distinct texts a statement goes unnamed, so that generated texts cannot fill the server's memory. */
const MAX_NAMED_STATEMENTS = 1000
const preparable = /^\s*(select|insert|update|delete|with)\b/i

/** In the text of a statement that PostgreSQL plans with its values every time (db/prepared.ts). */
export const PLANNED_WITH_VALUES = '/* planned with its values */'

/** The names under which statements are prepared, for at most this many texts that come by themselves. */
export function createStatementNames(most: number) {
  const names = new Map<string, string>()

  /** The name of a statement that is built once (db/prepared.ts), however many texts have been named before. */
  function lastingName(text: string): string | undefined {
    if (!preparable.test(text) || text.includes(PLANNED_WITH_VALUES)) return undefined
    const name = createHash('sha256').update(text).digest('base64url').slice(0, 32)
    names.set(text, name)
    return name
  }

  return {
    lastingName,
    /**
     * The name, derived from its text, under which a statement is prepared; `undefined` for DDL, for what is planned with its values,
     * and for texts past the limit.
     */
    statementName: (text: string): string | undefined => names.get(text) ?? (names.size < most ? lastingName(text) : undefined),
  }
}

export const { lastingName, statementName } = createStatementNames(MAX_NAMED_STATEMENTS)

/** A statement that took longer than it should: its name where it has one, and its text, which has no values in it. */
export type SlowStatement = { name: string | undefined; text: string; milliseconds: number }

let slow: { from: number; report: (statement: SlowStatement) => void } | undefined

/** Reports each statement of the pool that takes longer than `from` milliseconds, also one that fails. */
export const reportSlowStatements = (from: number, report: (statement: SlowStatement) => void): void =>
  void (slow = from > 0 ? { from, report } : undefined)

/** Times a statement. Pauses of this process count too, since its caller waits for them. */
async function timed(text: string, name: string | undefined, running: Promise<unknown>): Promise<unknown> {
  const since = performance.now()
  try {
    return await running
  } finally {
    const milliseconds = performance.now() - since
    if (slow && milliseconds > slow.from) slow.report({ name, text, milliseconds })
  }
}

/**
 * Kysely calls `query(text, values)`; this adds a name, so that Postgres parses and plans the statement once for each connection.
 */
class PreparingClient extends Client {
  override query(text: unknown, values?: unknown): never {
    if (typeof text !== 'string' || !Array.isArray(values)) return super.query(text as never, values as never) as never
    const name = statementName(text)
    const running = super.query({ text, values, name } as never, values as never) as unknown as Promise<unknown>
    return (slow ? timed(text, name, running) : running) as never
  }
}

/** A pooler gives a connection whatever session it has: its role must have the settings, and each new connection is checked. */
const throughPooler = (url: string): pg.PoolConfig => ({
  connectionString: url,
  verify: (client, done) => {
    client.query<ShownSettings>(readSettings).then(
      ({ rows }) => {
        const [lost] = lostSettings(rows[0]!)
        done(lost && new Error(`the pooler of DATABASE_URL has lost a setting: ${lost.name} is ${lost.shown}, not ${lost.value}`))
      },
      (error: Error) => done(error),
    )
  },
})

/** Kysely alone would leave the connections of its views (`acquire`) open. */
class PooledDatabase extends Kysely<DB> {
  readonly #pooled: Pooled

  constructor(pooled: Pooled) {
    super({ dialect: new PostgresDialect({ pool: pooled.pool }) })
    this.#pooled = pooled
  }

  override async destroy(): Promise<void> {
    const { pipes, pool } = this.#pooled
    await pipes.end()
    await super.destroy()
    if (!pool.ending) await pool.end()
  }
}

/**
 * A Kysely on its own pool of `max` connections. The caller must destroy it. Where `url` leads to a connection pooler, `direct`
 * leads past it, for what needs sessions of its own.
 */
export function createDatabase(
  url: string,
  { max = DEFAULT_POOL, direct, part = 'all' }: { max?: number; direct?: string | undefined; part?: Part } = {},
): Database {
  const config = { types, application_name: 'bulkhead', connectionTimeoutMillis: 5000 }
  const pipes = createPipes({ ...config, ...withSettings(direct ?? url) }, workers())
  const connections = direct === undefined ? withSettings(url) : throughPooler(url)
  const pool = new pg.Pool({ ...config, ...connections, Client: PreparingClient, max, idleTimeoutMillis: 30_000 })
  // A server that goes away emits `error` on idle clients (pool) and on clients in use; without a listener that ends the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const pooled = { pool, pipes, shares: createShares(max, undefined, undefined, part), views: new Map<string, Database>() }
  const db = new PooledDatabase(pooled)
  pools.set(db, pooled)
  return db
}

type Pooled = { pool: pg.Pool; pipes: Pipes; shares: Shares; views: Map<string, Database> }
const pools = new WeakMap<Database, Pooled>()

/** Views kept for the next request of the same owner and project. Past this number all are dropped and rebuilt. */
const MAX_VIEWS = 2000

/** The requester is gone, so nothing more is read for them. */
export class Abandoned extends Error {}

const turns = new AsyncLocalStorage<() => void>()

/**
 * Runs `work`. Each of its reads first calls `check`, which may throw (for example `Abandoned`) to end it. Writes are never ended
 * that way.
 */
export const whileWanted = <T>(check: () => void, work: () => Promise<T>): Promise<T> => turns.run(check, work)

/** Waits for a share before taking a connection from the pool, and returns both together. */
class SharingDriver extends PostgresDriver implements Driver {
  readonly #shares: Shares
  readonly #claim: Claim
  readonly #releases = new WeakMap<DatabaseConnection, () => void>()

  constructor({ pool, shares }: Pooled, claim: Claim) {
    super({ pool })
    this.#shares = shares
    this.#claim = claim
  }

  override async acquireConnection(options?: Parameters<Driver['acquireConnection']>[0]): Promise<DatabaseConnection> {
    const release = await this.#shares.acquire(this.#claim)
    try {
      if (this.#claim.class === 'read') turns.getStore()?.()
      const connection = await super.acquireConnection(options)
      this.#releases.set(connection, release)
      return connection
    } catch (error) {
      release()
      throw error
    }
  }

  override async releaseConnection(...args: Parameters<PostgresDriver['releaseConnection']>): Promise<void> {
    try {
      await super.releaseConnection(...args)
    } finally {
      this.#releases.get(args[0])?.()
    }
  }
}

class SharingDialect extends PostgresDialect {
  readonly #pooled: Pooled
  readonly #claim: Claim

  constructor(pooled: Pooled, claim: Claim) {
    super({ pool: pooled.pool })
    this.#pooled = pooled
    this.#claim = claim
  }

  override createDriver(): Driver {
    return new SharingDriver(this.#pooled, this.#claim)
  }
}

/**
 * The same database, where every statement and transaction waits for its share of the connections; everything that serves a
 * request uses one. Throws `Overloaded` (db/shares.ts) from a statement that would wait too long. A database not made here, such
 * as one with plugins, is returned as it is.
 */
export function acquire(db: Database, claim: Claim): Database {
  const pooled = pools.get(db)
  if (!pooled) return db
  const key = `${claim.class} ${claim.owner} ${claim.project}`
  const known = pooled.views.get(key)
  if (known) return known
  if (pooled.views.size >= MAX_VIEWS) pooled.views.clear()
  const view = new Kysely<DB>({ dialect: new SharingDialect(pooled, claim) })
  pooled.views.set(key, view)
  const { class: kind, owner } = claim
  if (isPiped(kind) && owner !== undefined)
    senders.set(view, (statement) => {
      if (kind === 'read') turns.getStore()?.()
      return pooled.pipes[kind].send(owner, statement)
    })
  return view
}

const senders = new WeakMap<Database, (statement: Statement) => Promise<Row[]> | undefined>()

/**
 * The rows of a short lookup through the pipe of this view's class; undefined when the pool must serve: in transactions, and when
 * the pipe is away, full or failed. A read on a connection that was lost is so tried once more, on the pool.
 */
export async function piped(db: Database | Trx, statement: Statement): Promise<Row[] | undefined> {
  const sent = senders.get(db)?.(statement)
  return sent?.catch(() => undefined)
}

/**
 * Lends a connection outside of all shares and without the time limits of requests: as a client of pg, for COPY, and as a Kysely
 * whose every statement runs on it. Closes it afterwards, so that nothing set on it outlives the work.
 */
export async function onOneConnection<T>(db: Database, work: (client: pg.ClientBase, one: Database) => Promise<T>): Promise<T> {
  const pooled = pools.get(db)
  if (!pooled) throw new Error('this database was not made by createDatabase')
  const client = await pooled.pool.connect()
  try {
    await client.query('set statement_timeout to 0; set lock_timeout to 0; set idle_in_transaction_session_timeout to 0')
    const pool = { connect: async () => ({ query: client.query.bind(client), release() {} }), end: async () => {} }
    return await work(client, new Kysely<DB>({ dialect: new PostgresDialect({ pool: pool as unknown as pg.Pool }) }))
  } finally {
    client.release(true)
  }
}

/** Connections in use and waiting claims, by class; undefined for a database not made here. */
export const sharesOf = (db: Database): ReturnType<Shares['state']> | undefined => pools.get(db)?.shares.state()

const slot = Symbol.for('bulkhead.database')
const shared = globalThis as { [slot]?: { db: Database; acquire: typeof acquire } }

/** The process's one database, from `DATABASE_URL`. On `globalThis`, because Next bundles a second copy of this module. */
export function database(claim: Claim): Database {
  const { db, acquire: acquireIn } = (shared[slot] ??= { db: openDatabase(), acquire })
  return acquireIn(db, claim)
}

/** How the connections of the process's database are shared out now; undefined before it is opened. */
export function sharesInUse(): { sizes: Shares['sizes']; state: ReturnType<Shares['state']> } | undefined {
  const shares = shared[slot] && pools.get(shared[slot].db)?.shares
  return shares && { sizes: shares.sizes, state: shares.state() }
}

function openDatabase(): Database {
  const url = setting('DATABASE_URL')
  if (!url) throw new Error('DATABASE_URL is not set')
  return createDatabase(url, { ...ownPool(), direct: setting('DATABASE_DIRECT_URL') })
}

/** The same without a share, for what runs before the server serves: migrations and the first start. */
export const wholeDatabase = (): Database => (shared[slot] ??= { db: openDatabase(), acquire }).db

/** Ends the process's database. The next call of `database` opens another, unless a replacement is given. */
export async function replaceDatabase(by?: Database): Promise<void> {
  await shared[slot]?.db.destroy()
  if (by) shared[slot] = { db: by, acquire }
  else delete shared[slot]
}

/**
 * Runs `work` in a transaction, or in the caller's own if there is one, so that a replayable request (Idempotency-Key) and its
 * verb commit together.
 */
export function inTransaction<T>(db: Database | Trx, work: (trx: Trx) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db as Trx) : db.transaction().execute(work)
}

/** Throws unless the database answers. */
export async function ping(db: Database | Trx): Promise<void> {
  await sql`select 1`.execute(db)
}
