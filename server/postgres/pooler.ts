import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Config } from '#config/config'
import { StartError } from '#config/start-error'
import { Client } from '#db/connection'
import { type ShownSettings, lostSettings, readSettings } from '#db/session-settings'
import { checkDatabase, reaching } from './database-url.ts'

/** Connections that are held at once to see whether a pooler moves another one. */
const HELD = 3
/** Milliseconds for a connection and for an answer. */
const PATIENCE = 5000

/** Opens connections and closes them all afterwards. */
async function withConnections<T>(work: (open: (config: pg.ClientConfig) => Promise<pg.Client>) => Promise<T>): Promise<T> {
  const opened: pg.Client[] = []
  try {
    return await work(async (config) => {
      const client = new Client({ ...config, connectionTimeoutMillis: PATIENCE, query_timeout: PATIENCE })
      client.on('error', () => {})
      opened.push(client)
      await client.connect()
      return client
    })
  } finally {
    await Promise.all(opened.map((client) => client.end().catch(() => {})))
  }
}

type Place = { server: string; database: string; user: string; schema: string | null }

const placeOf = async (client: pg.Client): Promise<Place> =>
  (
    await client.query<Place>(
      `select extract(epoch from pg_postmaster_start_time())::text as server, current_database()::text as database, session_user::text as "user",
        current_schema()::text as schema`,
    )
  ).rows[0]!

const quoted = (name: string) => pg.escapeIdentifier(name)

/** The role must have each setting, since a session of the pooler serves one connection after another. */
async function assertSettings(client: pg.Client, { user, database }: Place): Promise<void> {
  const lost = lostSettings((await client.query<ShownSettings>(readSettings)).rows[0]!)
  if (lost.length === 0) return
  const found = lost.map(({ name, value, shown }) => `${name} is ${shown}, not ${value}`).join('; ')
  const statements = lost.map(
    ({ name, value }) => `ALTER ROLE ${quoted(user)} IN DATABASE ${quoted(database)} SET ${name} = '${value}';`,
  )
  throw new StartError(
    `Connections through the pooler (DATABASE_URL) lack settings that Bulkhead relies on: ${found}. Run this in the database, let the pooler reconnect (RECONNECT), then start again: ${statements.join(' ')}`,
  )
}

/** What DATABASE_URL and DATABASE_DIRECT_URL lead to must be the same. */
function assertSamePlace(pooled: Place, direct: Place): void {
  const same = (what: keyof Place) => pooled[what] === direct[what]
  if (!same('server') || !same('database'))
    throw new StartError(
      `DATABASE_URL and DATABASE_DIRECT_URL lead to two databases (${pooled.database} and ${direct.database}). Set both to the same one.`,
    )
  if (!same('user'))
    throw new StartError(
      `DATABASE_URL and DATABASE_DIRECT_URL connect as two users (${pooled.user} and ${direct.user}). Use one for both.`,
    )
  if (!same('schema'))
    throw new StartError(
      `DATABASE_URL and DATABASE_DIRECT_URL use two schemas (${pooled.schema} and ${direct.schema}). Run this in the database, let the pooler reconnect (RECONNECT), then start again: ALTER ROLE ${quoted(pooled.user)} IN DATABASE ${quoted(pooled.database)} SET search_path = ${quoted(direct.schema ?? 'public')};`,
    )
}

/** Begins a transaction, so that the pooler gives its session to nobody else. */
async function hold(client: pg.Client, host: string): Promise<void> {
  try {
    await client.query('begin')
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    if (message === 'Query read timeout')
      throw new StartError(`The pooler at ${host} (DATABASE_URL) gives Bulkhead too few connections. Raise its pool_size.`)
    if (code === '08P01')
      throw new StartError(
        `The pooler at ${host} (DATABASE_URL) allows no transactions (${message}). Set its pool_mode to transaction.`,
      )
    throw error
  }
}

/**
 * Prepares a statement by name on one connection, and runs it again while others hold the session on which it was prepared: in
 * transaction mode it then runs on another one, which a pooler that does not follow prepared statements has not told of it.
 * Returns the connections, each on a session of its own.
 */
async function assertPrepared(first: pg.Client, open: () => Promise<pg.Client>, host: string): Promise<pg.Client[]> {
  // Its session may serve others later, so that the name must be new.
  const named = { name: `bulkhead_${randomBytes(8).toString('hex')}`, text: 'select 1' }
  await first.query(named)
  const held: pg.Client[] = []
  while (held.length < HELD) {
    const other = await open()
    await hold(other, host)
    held.push(other)
  }
  try {
    await first.query(named)
  } catch (error) {
    if ((error as { code?: string }).code !== '26000') throw error
    throw new StartError(
      `The pooler at ${host} (DATABASE_URL) forgets prepared statements between transactions. Bulkhead needs PgBouncer 1.21 or newer with max_prepared_statements set, such as 1000, or pool_mode = session.`,
    )
  }
  return [first, ...held]
}

/** Connects, and explains a refusal of what the URL asks for, such as `options`. */
async function connectThrough(open: () => Promise<pg.Client>, host: string): Promise<pg.Client> {
  try {
    return await open()
  } catch (error) {
    const { message } = error as Error
    if (!/unsupported (options )?startup parameter/.test(message)) throw error
    throw new StartError(
      `The pooler at ${host} (DATABASE_URL) refuses what the URL sets (${message}). Remove it from DATABASE_URL, and set it for the role instead.`,
    )
  }
}

/** Checks that a pooler keeps what Bulkhead relies on. `direct` leads past it. */
async function checkPooler(url: string, direct: string): Promise<void> {
  const { host } = new URL(url)
  await withConnections(async (open) => {
    const pooled = () => open({ connectionString: url })
    const first = await connectThrough(pooled, host)
    const here = await placeOf(first)
    assertSamePlace(here, await placeOf(await open({ connectionString: direct })))
    for (const client of await assertPrepared(first, pooled, host)) await assertSettings(client, here)
  })
}

/** Checks the databases of the settings, and returns the URL for what needs sessions of its own. */
export async function checkDatabases({
  databaseUrl,
  databaseDirectUrl,
}: Pick<Config, 'databaseDirectUrl'> & { databaseUrl: string }): Promise<string> {
  if (databaseDirectUrl === undefined) {
    await checkDatabase(databaseUrl)
    return databaseUrl
  }
  await checkDatabase(databaseDirectUrl, 'DATABASE_DIRECT_URL')
  await reaching('DATABASE_URL', databaseUrl, () => checkPooler(databaseUrl, databaseDirectUrl))
  return databaseDirectUrl
}
