import { createHash } from 'node:crypto'
import { Kysely, PostgresDialect, type Transaction, sql } from 'kysely'
import pg from 'pg'
import type { DB } from './schema.ts'

export type Database = Kysely<DB>
export type Trx = Transaction<DB>

const TIMESTAMPTZ = 1184
const INT8 = 20

/**
 * Postgres prints `2026-11-21 20:04:46.1234+00`; it leaves as RFC 3339 with six digits, never through a `Date`, which would
 * cut it to milliseconds. The connection's time zone is UTC, so the offset is always `+00`.
 */
export function toRfc3339(text: string): string {
  const clock = `${text.slice(0, 10)}T${text.slice(11, 19)}`
  // As most are: with all six digits.
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

/** Beyond this many distinct texts a statement goes unnamed, so that a generated text cannot fill the server's memory. */
const MAX_NAMED_STATEMENTS = 1000
const names = new Map<string, string>()
const preparable = /^\s*(select|insert|update|delete|with)\b/i

/** A statement is prepared under a name derived from its text; `undefined` for DDL and for texts past the limit. */
export function statementName(text: string): string | undefined {
  const known = names.get(text)
  if (known) return known
  if (names.size >= MAX_NAMED_STATEMENTS || !preparable.test(text)) return undefined
  const name = createHash('sha256').update(text).digest('base64url').slice(0, 32)
  names.set(text, name)
  return name
}

/** Kysely calls `query(text, values)`; this names the statement on its way, so that Postgres parses and plans it once a connection. */
class PreparingClient extends pg.Client {
  override query(text: unknown, values?: unknown): never {
    const config = typeof text === 'string' && Array.isArray(values) ? { text, values, name: statementName(text) } : text
    return super.query(config as never, values as never) as never
  }
}

/** What the code relies on, whatever the server, the database or the role is set to. */
const settings = [
  '-c TimeZone=UTC',
  '-c DateStyle=ISO',
  '-c default_transaction_isolation=read\\ committed',
  '-c statement_timeout=30000',
  '-c idle_in_transaction_session_timeout=60000',
].join(' ')

/** A Kysely on its own pool of `max` connections. Whoever calls it destroys it. */
export function createDatabase(url: string, { max = 10 }: { max?: number } = {}): Database {
  const pool = new pg.Pool({
    Client: PreparingClient as never,
    connectionString: url,
    max,
    types,
    options: settings,
    connectionTimeoutMillis: 5000,
    idleTimeoutMillis: 30_000,
  })
  // A server that goes away emits `error` on idle clients (pool) and on those in use (client); unheard, it ends the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return new Kysely<DB>({ dialect: new PostgresDialect({ pool }) })
}

const slot = Symbol.for('bulkhead.database')
const shared = globalThis as { [slot]?: Database }

/** The process's one database, from `DATABASE_URL`. On `globalThis`, since Next bundles a second copy of this module. */
export function database(): Database {
  const url = process.env['DATABASE_URL']
  if (!url) throw new Error('DATABASE_URL is not set')
  return (shared[slot] ??= createDatabase(url, { max: Number(process.env['BULKHEAD_DATABASE_POOL'] ?? 10) }))
}

/** Ends the process's database. The next call of `database` opens another, unless one is given to take its place. */
export async function replaceDatabase(by?: Database): Promise<void> {
  await shared[slot]?.destroy()
  if (by) shared[slot] = by
  else delete shared[slot]
}

/**
 * Runs `work` in a transaction: the caller's own when it already is in one, so that a request that is replayable
 * (Idempotency-Key) and the verb inside it commit together.
 */
export function inTransaction<T>(db: Database | Trx, work: (trx: Trx) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db as Trx) : db.transaction().execute(work)
}

/** Throws unless the database answers. */
export async function ping(db: Database | Trx): Promise<void> {
  await sql`select 1`.execute(db)
}
