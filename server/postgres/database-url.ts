import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from '#config/start-error'
import { Client } from '#db/connection'

const oldest = 15

async function versionOf(url: string) {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ version: number }>(`select current_setting('server_version_num')::int as version`)
    return Math.floor((rows[0]?.version ?? 0) / 10_000)
  } finally {
    await client.end().catch(() => {})
  }
}

const untrusted =
  /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_(VERIFY|GET)_\w+|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID)$/

/** What is wrong with TLS; undefined when something else is. */
function tlsProblem(host: string, code: string, message: string): string | undefined {
  if (message.includes('does not support SSL'))
    return `The database at ${host} doesn’t offer TLS, which DATABASE_URL asks for. Turn it on there, or remove sslmode from DATABASE_URL.`
  if (untrusted.test(code))
    return `The certificate of the database at ${host} is not trusted (${code}). Name the certificate of its authority in DATABASE_URL: sslmode=verify-full&sslrootcert=/path/to/ca.crt`
  if (code === '28000' && /no encryption|SSL off/.test(message))
    return `The database at ${host} refuses a connection without TLS from here. Add sslmode=verify-full to DATABASE_URL, or allow it in pg_hba.conf.`
  return undefined
}

function explain(url: string, error: unknown) {
  const { host, pathname, username } = new URL(url)
  const code = (error as { code?: string }).code ?? (error as Error).message
  const tls = tlsProblem(host, code, (error as Error).message)
  if (tls) return tls
  if (code.startsWith('28')) return `The database at ${host} refuses the user ${username || '(none)'}. Check DATABASE_URL.`
  if (code === '3D000')
    return `The database server at ${host} has no database ${pathname.slice(1)}. Create it, or change DATABASE_URL.`
  return `Bulkhead can’t reach the database at ${host} (${code}). Start it, or check DATABASE_URL.`
}

// Refused connections, names that do not resolve yet, and "the database system is starting up".
const passing = new Set(['ECONNREFUSED', 'EAI_AGAIN', '57P03'])

/**
 * Checks that the database of DATABASE_URL answers and is new enough. Waits up to `patience` milliseconds for one that is
 * starting.
 */
export async function checkDatabase(url: string, patience = 10_000) {
  for (const until = Date.now() + patience; ; await sleep(250)) {
    try {
      const version = await versionOf(url)
      if (version >= oldest) return
      throw new StartError(`Bulkhead needs PostgreSQL ${oldest} or newer, and ${new URL(url).host} runs ${version}.`)
    } catch (error) {
      if (error instanceof StartError) throw error
      if (Date.now() > until || !passing.has((error as { code?: string }).code ?? '')) throw new StartError(explain(url, error))
    }
  }
}
