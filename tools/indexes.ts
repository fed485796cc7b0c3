// npm run db:indexes: builds the newest indexes on the database of DATABASE_DIRECT_URL or DATABASE_URL beside a running server,
// blocking nobody. The next start then finds them. For large databases; a start builds what is missing, but writes wait for it.
import { readConfig } from '#config/config'
import { Client } from '#db/connection'
import { checkDirect } from '#server/postgres/database-url'
import { StartError, exitWith } from '#config/start-error'
import { indexes as ofLists, searchIndexes } from '../db/migrations/20261201000000-flat-lists.ts'
import { indexes as ofPeople } from '../db/migrations/20261201010000-memberships-of-a-person.ts'

async function build() {
  const url = await checkDirect(readConfig())
  if (!url) throw new StartError('DATABASE_URL names no database. Bulkhead’s own is migrated at the next start.')
  const client = new Client({
    connectionString: url,
    options: '-c TimeZone=UTC -c statement_timeout=0 -c lock_timeout=0',
  })
  await client.connect()
  try {
    for (const [name, on] of Object.entries({ ...ofLists, ...ofPeople })) {
      await dropBroken(client, name)
      await client.query(`create index concurrently if not exists ${name} on ${on}`)
      console.log(name)
    }
    // Small tables, and needed within one transaction with their extensions.
    await client.query(searchIndexes)
  } finally {
    await client.end()
  }
}

/** A build that was interrupted leaves an index that nobody uses. */
async function dropBroken(client: Client, name: string): Promise<void> {
  const { rows } = await client.query(
    `select from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname = $1 and not i.indisvalid
      and c.relnamespace = quote_ident(current_schema())::regnamespace`,
    [name],
  )
  if (rows.length > 0) await client.query(`drop index concurrently ${name}`)
}

await build().catch(exitWith)
