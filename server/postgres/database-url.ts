import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '#config/config'
import { StartError } from '#config/start-error'
import { Client } from '#db/connection'
import { type ShownSettings, lostSettings, readSettings, withSettings } from '#db/session-settings'

const oldest = 15

type Setting = 'DATABASE_URL' | 'DATABASE_DIRECT_URL'

/** A setting of no meaning, which nothing but the connection itself can have set. */
const marked = '-c bulkhead.connection=own'
const isMarked = `select coalesce(current_setting('bulkhead.connection', true), '') = 'own' as marked`

/** A pooler without DATABASE_DIRECT_URL beside it ignores what a connection sets, or refuses it (`explain`). */
async function look(url: string, name: Setting) {
  const { connectionString, options } = withSettings(url)
  const client = new Client({ connectionString, options: `${options} ${marked}`, connectionTimeoutMillis: 5000 })
  client.on('error', () => {})
  const { host } = new URL(url)
  try {
    await client.connect()
    const { rows } = await client.query<{ version: number }>(`select current_setting('server_version_num')::int as version`)
    const version = Math.floor((rows[0]?.version ?? 0) / 10_000)
    if (version < oldest) throw new StartError(`Bulkhead needs PostgreSQL ${oldest} or newer, and ${host} runs ${version}.`)
    const { rows: read } = await client.query<{ marked: boolean }>(isMarked)
    if (!read[0]!.marked) throw new StartError(withoutSession(name, host))
    const [lost] = lostSettings((await client.query<ShownSettings>(readSettings)).rows[0]!)
    if (lost)
      throw new StartError(
        `The database at ${host} (${name}) overrides a setting of Bulkhead’s connections: ${lost.name} is ${lost.shown}, not ${lost.value}. Remove what sets it, such as a login trigger.`,
      )
  } finally {
    await client.end().catch(() => {})
  }
}

const withoutSession = (name: Setting, host: string) =>
  name === 'DATABASE_URL'
    ? `The connection pooler at ${host} (DATABASE_URL) takes no settings from its clients, such as statement_timeout. Set DATABASE_DIRECT_URL to the URL of PostgreSQL itself.`
    : `${host} (DATABASE_DIRECT_URL) is a connection pooler. Set DATABASE_DIRECT_URL to the URL of PostgreSQL itself.`

type Failure = { code: string; message: string }

const untrusted =
  /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_(VERIFY|GET)_\w+|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID)$/

/** What is wrong with TLS; undefined when something else is. */
function tlsProblem(name: Setting, host: string, { code, message }: Failure): string | undefined {
  if (message.includes('does not support SSL'))
    return `The database at ${host} doesn’t offer TLS, which ${name} asks for. Turn it on there, or remove sslmode from ${name}.`
  if (untrusted.test(code))
    return `The certificate of the database at ${host} is not trusted (${code}). Name the certificate of its authority in ${name}: sslmode=verify-full&sslrootcert=/path/to/ca.crt`
  if (code === '28000' && /no encryption|SSL off/.test(message))
    return `The database at ${host} refuses a connection without TLS from here. Add sslmode=verify-full to ${name}, or allow it in pg_hba.conf.`
  return undefined
}

function explain(name: Setting, url: string, failure: Failure) {
  const { host, pathname, username } = new URL(url)
  const { code, message } = failure
  const tls = tlsProblem(name, host, failure)
  if (tls) return tls
  if (/unsupported (options )?startup parameter|command-line options/.test(message)) return withoutSession(name, host)
  if (code.startsWith('28')) return `The database at ${host} refuses the user ${username || '(none)'}. Check ${name}.`
  if (code === '3D000')
    return `The database server at ${host} has no database ${pathname.slice(1)}. Create it, or change ${name}.`
  // A pooler says all that it refuses with one code.
  const reason = code === '08P01' ? message : code
  return `Bulkhead can’t reach the database at ${host} (${reason}). Start it, or check ${name}.`
}

// Refused connections, names that do not resolve yet, and "the database system is starting up".
const passing = new Set(['ECONNREFUSED', 'EAI_AGAIN', '57P03'])

/** Does `work` at this URL, and explains why it fails. Waits up to `patience` milliseconds for a database that is starting. */
export async function reaching<T>(name: Setting, url: string, work: () => Promise<T>, patience = 10_000): Promise<T> {
  for (const until = Date.now() + patience; ; await sleep(250)) {
    try {
      return await work()
    } catch (error) {
      if (error instanceof StartError) throw error
      const { message, code = message } = error as Partial<Failure> & Error
      if (Date.now() > until || !passing.has(code)) throw new StartError(explain(name, url, { code, message }))
    }
  }
}

/** Checks that the database of this setting answers, is new enough, and takes the settings of our connections. */
export const checkDatabase = (url: string, name: Setting = 'DATABASE_URL'): Promise<void> =>
  reaching(name, url, () => look(url, name))

/** Checks the database where a connection keeps its session, and returns its URL; undefined where none is set. */
export async function checkDirect({
  databaseUrl,
  databaseDirectUrl,
}: Pick<Config, 'databaseUrl' | 'databaseDirectUrl'>): Promise<string | undefined> {
  if (databaseDirectUrl) await checkDatabase(databaseDirectUrl, 'DATABASE_DIRECT_URL')
  else if (databaseUrl) await checkDatabase(databaseUrl)
  return databaseDirectUrl ?? databaseUrl
}
