import { createHmac } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { publish } from '#config/environment'
import { isEverywhere, publicUrl, readConfig } from '#config/config'
import { checkDatabases } from './postgres/pooler.ts'
import { startPostgres } from './postgres/embedded.ts'
import { logRequests } from './front/access-line.ts'
import { openFront } from './front/front.ts'
import { isDraining, waitFor } from './lifecycle.ts'
import { log } from './log.ts'
import type { Metrics } from './metrics/metrics.ts'
import { watchRequests } from './front/requests.ts'
import { stopParsing } from './http/parsing/parse-large.ts'
import { exitWith } from '#config/start-error'
import { inWords } from './start-problem.ts'
import { stopOnSignals } from './stopping.ts'
import { warmUp } from './front/warm-up.ts'

// V8 lets garbage grow to several times the live heap and keeps the pages: after a burst of large answers the process would stay
// twice as large.
setFlagsFromString('--heap-growing-percent=50')

const dev = process.argv.includes('--dev')

/** Loads what makes metrics only where they are wanted. `text`: what is served instead of this process's own. */
async function openMetrics(at: { host: string; port: number }, text?: (own: Metrics) => Promise<string>) {
  const { sharesInUse } = await import('#db/client')
  const { createMetrics } = await import('./metrics/metrics.ts')
  const { serveMetrics } = await import('./metrics/serve.ts')
  const metrics = createMetrics({ pool: sharesInUse })
  watchRequests(metrics.observe)
  const served = await serveMetrics(text ? { ...metrics, text: () => text(metrics) } : metrics, at)
  onStop(() => served.stop())
  log.info(`metrics are at http://${at.host}:${served.port}/metrics`)
  return metrics
}

async function start() {
  const config = readConfig()
  logRequests()
  const several = dev || config.workers === 1 ? undefined : await (await import('./workers/parent.ts')).openServer(config)
  const front = several ? undefined : await openFront(config)
  const port = (several ?? front!).port
  const metrics = config.metrics && (await openMetrics(config.metrics, several?.metrics))

  const embedded = config.databaseUrl ? undefined : await startPostgres(config)
  if (embedded) onStop(() => embedded.stop())
  const { databaseUrl = embedded?.url ?? '' } = config
  const directUrl = embedded ? embedded.url : await checkDatabases({ ...config, databaseUrl })

  const url = publicUrl(config, port)
  if (!config.publicUrl && isEverywhere(config.host))
    log.warn(
      `HOST opens every address of this machine, but BULKHEAD_URL is not set. Set it to the URL that people open; until then, signing in works only at ${url}`,
    )
  publish({
    NODE_ENV: dev ? 'development' : 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    DATABASE_URL: databaseUrl,
    DATABASE_DIRECT_URL: config.databaseDirectUrl ?? '',
    BULKHEAD_DATABASE_POOL: String(config.databasePool),
    BULKHEAD_RATE_LIMIT: String(config.rateLimit),
    WEB_CONCURRENCY: dev ? '1' : String(config.workers),
    BULKHEAD_NUKE_RETENTION_HOURS: String(config.nukeRetentionHours),
    BULKHEAD_SECRET: config.secret,
    BULKHEAD_URL: url,
    NEXTAUTH_URL: url,
    NEXTAUTH_SECRET: createHmac('sha256', config.secret).update('next-auth').digest('hex'),
  })
  if (isDraining()) return

  const { bootstrap } = await import('./bootstrap.ts')
  const { prepareJobs, startJobs } = await import('./jobs/worker.ts')
  const { wholeDatabase } = await import('#db/client')
  const { openDatabaseAt } = await import('./postgres/open-database.ts')
  const { listHolds } = await import('#db/queries/restore-holds')
  const { watchDatabase } = await import('./postgres/watch.ts')
  const db = wholeDatabase()
  onStop(() => db.destroy())
  const { logSlowStatements } = await import('./metrics/slow-statements.ts')
  logSlowStatements(config.slowStatement)
  waitFor('migrations')
  const migrations = await openDatabaseAt(directUrl)
  onStop(watchDatabase())
  if (migrations.length > 0) log.info(`brought the database’s schema up to date with ${migrations.length} migrations`)
  for (const { what } of await listHolds(db))
    log.warn(
      what === 'tokens'
        ? 'tokens are off since this database was restored; turn them on with: npx bulkhead resume tokens'
        : 'webhook deliveries and mails wait since this database was restored; send them with: npx bulkhead resume sending',
    )
  waitFor('jobs')
  // Creating the first owner queues a notice, so the queue must exist before.
  await prepareJobs(directUrl)
  const setUpLink = await bootstrap(db, { admin: config.admin, url })
  const jobs = await startJobs(db, directUrl)
  if (metrics) {
    const { startMeasuring } = await import('./metrics/measure.ts')
    const measuring = startMeasuring(db, metrics)
    onStop(() => measuring.stop())
  }
  onStop(() => jobs.stop())
  if (isDraining()) return

  waitFor('pages')
  if (several) {
    onStop(() => several.stop())
    await several.start()
  } else {
    const { createListener } = await import('./front/listener.ts')
    onStop(() => stopParsing())
    front!.serve(await createListener({ dev, host: config.host, port, url }))
    onStop(() => front!.drain())
  }
  if (setUpLink) process.stdout.write(`Create the first account at ${setUpLink}\n`)
  process.stdout.write(`Bulkhead is ready at ${url}\n`)
  // A stop must not wait for it.
  if (!dev && !several) void warmUp({ host: config.host, port })
}

const starting = Promise.withResolvers<void>()
const onStop = stopOnSignals(starting.promise)
// An unhandled rejection in a library must not end the service.
process.on('unhandledRejection', (reason) => log.error(reason, 'unhandled rejection'))
start().then(starting.resolve, (error: unknown) => {
  if (isDraining()) starting.resolve()
  else exitWith(inWords(error))
})
