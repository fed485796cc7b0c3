import { createDatabase } from '#db/client'
import { findRunningPostgres } from '#server/postgres/embedded'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startOidcProvider } from '#test/support/servers/oidc-provider'
import { createPeople } from './people.ts'
import { startServer } from '#test/support/servers/server'

/**
 * Starts one server with its own PostgreSQL, and a sign-in provider, for all tests. The workers find them through the
 * environment.
 */
export default async function start() {
  const dataDir = await mkdtemp(join(tmpdir(), 'bulkhead-e2e-'))
  // PostgreSQL started by root runs as another user, who needs access to the folder.
  await chmod(dataDir, 0o755)
  const provider = await startOidcProvider()
  const server = await startServer({
    BULKHEAD_DATA_DIR: dataDir,
    // Where the tests' own receivers listen.
    BULKHEAD_WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
    ...provider.settings,
  })
  provider.allow(server.url)
  const databaseUrl = await findRunningPostgres({ dataDir })
  if (!databaseUrl) throw new Error(`No database runs in ${dataDir}`)
  const db = createDatabase(databaseUrl, { max: 1 })
  await createPeople(db)
  await db.destroy()
  process.env['E2E_URL'] = server.url
  process.env['E2E_DATABASE_URL'] = databaseUrl

  return async () => {
    await server.stop()
    await provider.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
