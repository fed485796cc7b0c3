import { createHmac } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { publish } from '#config/environment'
import { isEverywhere, projectRoot, publicUrl, readConfig } from '#config/config'
import { checkDatabases } from './postgres/pooler.ts'
import { startPostgres } from './postgres/embedded.ts'
import { logRequests } from './front/access-line.ts'
import { addressHeader } from './front/address-header.ts'
import { openFront } from './front/front.ts'
import { pageRefusal } from './front/page-refusal.ts'
import { makingPagesInTurn } from './front/page-turns.ts'
import { isDraining } from './lifecycle.ts'
import { limits } from './front/limits.ts'
import { offerLane } from './front/offered-lane.ts'
import { log } from './log.ts'
import { refuseEarly } from './front/refuse-raw.ts'
import { recordPage, watchRequests } from './front/requests.ts'
import { guardData, guardPage } from './front/security-headers.ts'
import { stopParsing } from './http/parsing/parse-large.ts'
import { exitWith } from '#config/start-error'
import { inWords } from './start-problem.ts'
import { stopOnSignals } from './stopping.ts'
import { warmUp } from './front/warm-up.ts'

// V8 lets garbage grow to several times the live heap and keeps the pages: after a burst of large answers the process would stay
// twice as large.
setFlagsFromString('--heap-growing-percent=50')

const dev = process.argv.includes('--dev')

/** Serves pages through Next. In production, calls the API's handlers directly, without Next's pipeline. */
async function createListener(port: number, host: string, url: string): Promise<RequestListener> {
  const { default: next } = await import('next')
  const app = next({ dev, dir: projectRoot, hostname: host, port })
  await app.prepare()
  const handle = app.getRequestHandler()
  const site = { isHttps: url.startsWith('https://'), dev }
  const pages: RequestListener = (request, response) => {
    recordPage(request)
    guardPage(request, response, site)
    // Next would compress next-auth's answers too, which hold secrets.
    if (request.url?.startsWith('/api/')) delete request.headers['accept-encoding']
    void handle(request, response)
  }
  if (dev) return pages

  const { createLane } = await import('./front/lane.ts')
  const { pickOnly } = await import('./http/formats/print.ts')
  pickOnly()
  const lane = await createLane()
  offerLane((request) => lane.fetch(request))
  const pagesInTurn = makingPagesInTurn(({ headers }) => String(headers[addressHeader]), pages)
  return (request, response) => {
    const [pathname = '/'] = (request.url ?? '/').split('?', 1)
    if (!lane.handles(pathname)) {
      const refusal = pageRefusal(request, limits)
      if (refusal) return refuseEarly(response, refusal)
      return pagesInTurn(request, response)
    }
    guardData(response, site)
    lane.listener(request, response)
  }
}

/** Loads what makes metrics only where they are wanted. */
async function openMetrics(at: { host: string; port: number }) {
  const { sharesInUse } = await import('#db/client')
  const { createMetrics } = await import('./metrics/metrics.ts')
  const { serveMetrics } = await import('./metrics/serve.ts')
  const metrics = createMetrics({ pool: sharesInUse })
  watchRequests(metrics.observe)
  const served = await serveMetrics(metrics, at)
  onStop(() => served.stop())
  log.info(`metrics are at http://${at.host}:${served.port}/metrics`)
  return metrics
}

async function start() {
  const config = readConfig()
  logRequests()
  const front = await openFront(config)
  const metrics = config.metrics && (await openMetrics(config.metrics))

  const embedded = config.databaseUrl ? undefined : await startPostgres(config)
  if (embedded) onStop(() => embedded.stop())
  const { databaseUrl = embedded?.url ?? '' } = config
  const directUrl = embedded ? embedded.url : await checkDatabases({ ...config, databaseUrl })

  const url = publicUrl(config, front.port)
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
  const migrations = await openDatabaseAt(directUrl)
  onStop(watchDatabase())
  if (migrations.length > 0) log.info(`brought the database’s schema up to date with ${migrations.length} migrations`)
  for (const { what } of await listHolds(db))
    log.warn(
      what === 'tokens'
        ? 'tokens are off since this database was restored; turn them on with: npx bulkhead resume tokens'
        : 'webhook deliveries and mails wait since this database was restored; send them with: npx bulkhead resume sending',
    )
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

  onStop(() => stopParsing())
  front.serve(await createListener(front.port, config.host, url))
  onStop(() => front.drain())
  if (setUpLink) process.stdout.write(`Create the first account at ${setUpLink}\n`)
  process.stdout.write(`Bulkhead is ready at ${url}\n`)
  // A stop must not wait for it.
  if (!dev) void warmUp({ host: config.host, port: front.port })
}

const starting = Promise.withResolvers<void>()
const onStop = stopOnSignals(starting.promise)
// An unhandled rejection in a library must not end the service.
process.on('unhandledRejection', (reason) => log.error(reason, 'unhandled rejection'))
start().then(starting.resolve, (error: unknown) => {
  if (isDraining()) starting.resolve()
  else exitWith(inWords(error))
})
