// npm run db:migrate: migrates the database of DATABASE_DIRECT_URL or DATABASE_URL, else Bulkhead's own.
import { createDatabase } from '#db/client'
import { readConfig } from '#config/config'
import { checkDirect } from '#server/postgres/database-url'
import { startPostgres } from '#server/postgres/embedded'
import { openDatabase } from '#server/postgres/open-database'
import { exitWith } from '#config/start-error'

async function migrate() {
  const config = readConfig()
  process.env['BULKHEAD_SECRET'] = config.secret
  const given = await checkDirect(config)
  const embedded = given ? undefined : await startPostgres(config)
  const db = createDatabase(embedded?.url ?? given ?? '')
  try {
    const ran = await openDatabase(db)
    console.log(ran.length > 0 ? ran.join('\n') : 'The schema is up to date.')
  } finally {
    await db.destroy()
    await embedded?.stop()
  }
}

await migrate().catch(exitWith)
