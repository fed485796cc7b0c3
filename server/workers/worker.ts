// One of several processes that answer requests. Its parent hands it connections, and has everything else: the database server,
// migrations, jobs, metrics and signals.
import { duplexPair } from 'node:stream'
import type { Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { setting } from '#config/environment'
import { publicOrigin } from '#config/settings'
import { exitWith } from '#config/start-error'
import { version } from '#config/version'
import { replaceDatabase, sharesInUse, wholeDatabase } from '#db/client'
import { logRequests } from '../front/access-line.ts'
import { createFront } from '../front/front.ts'
import { createListener } from '../front/listener.ts'
import { watchRequests } from '../front/requests.ts'
import { warmUp } from '../front/warm-up.ts'
import { stopParsing } from '../http/parsing/parse-large.ts'
import { addCallsOfOthers, learnAhead } from '../http/rate-limit.ts'
import { startDraining, startLeaving } from '../lifecycle.ts'
import { log } from '../log.ts'
import { logSlowStatements } from '../metrics/slow-statements.ts'
import { watchDatabase } from '../postgres/watch.ts'
import { settleAnswer, addHeldByOthers, joinOthers } from './others.ts'
import { servingHanded } from '../front/handed.ts'
import type { FromParent, FromWorker } from './messages.ts'

setFlagsFromString('--heap-growing-percent=50')

/** Milliseconds without a request after which a connection to a worker that leaves is closed, and that its requests have. */
const LEAVING = { idle: 500, patience: 30_000 }
/** The same when the server stops. */
const STOPPING = { idle: 0, patience: 10_000 }

// A terminal and some supervisors signal the whole group. The parent says what to do.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2'] as const) process.on(signal, () => {})
process.on('unhandledRejection', (reason) => log.error(reason, 'unhandled rejection'))

const send = (message: FromWorker) => {
  // The parent is gone when this fails, and then this process ends too.
  if (process.connected) process.send!(message, undefined, undefined, () => {})
}

const front = createFront(setting('BULKHEAD_TRUSTED_PROXIES'))
let closed = 0
const handed = servingHanded(front.server, () => {
  if (closed++ === 0)
    setImmediate(() => {
      send({ kind: 'closed', n: closed })
      closed = 0
    })
})

const metrics =
  setting('BULKHEAD_METRICS_PORT') === undefined
    ? undefined
    : (await import('../metrics/metrics.ts')).createMetrics({ pool: sharesInUse })
if (metrics) watchRequests(metrics.observe)

async function measured(id: number | null): Promise<void> {
  send({ kind: 'measured', id, metrics: metrics ? await metrics.values() : [] })
}

let ending: Promise<void> | undefined

async function end({ idle, patience }: typeof LEAVING): Promise<void> {
  await handed.drain(idle, patience)
  front.stop()
  await stopParsing()
  await unwatch()
  await replaceDatabase()
  await measured(null)
  process.exit(0)
}

function leave(how: typeof LEAVING): void {
  if (ending) void handed.drain(how.idle, how.patience)
  else ending = end(how).catch(exitWith)
}

process.on('message', (message: FromParent, socket?: Socket) => {
  if (message.kind === 'hand') {
    send({ kind: 'took', id: message.id })
    // It may have closed on the way.
    if (socket) handed.take(socket)
    else send({ kind: 'closed', n: 1 })
  } else if (message.kind === 'update') {
    addCallsOfOthers(message.calls)
    addHeldByOthers(message.held)
  } else if (message.kind === 'known') {
    learnAhead(message.ahead)
    addHeldByOthers(message.held)
  } else if (message.kind === 'answer') settleAnswer(message.id, message.value)
  else if (message.kind === 'measure') void measured(message.id)
  else if (message.kind === 'drain') startDraining()
  else if (message.kind === 'leave') {
    startLeaving()
    leave(LEAVING)
  } else leave(STOPPING)
})

logRequests()
joinOthers(send)
logSlowStatements(setting('BULKHEAD_SLOW_STATEMENT_MS'))
wholeDatabase()
const unwatch = watchDatabase()

try {
  const [host, port] = [setting('HOST'), setting('PORT')]
  front.serve(await createListener({ dev: false, host, port, url: publicOrigin()! }))
  // Before the first request: loading the code of a page holds the event loop.
  const createConnection = () => {
    const [near, far] = duplexPair()
    front.server.emit('connection', far)
    return near
  }
  await warmUp({ host, port }, { agent: undefined, createConnection })
  send({ kind: 'ready', version })
} catch (error) {
  exitWith(error)
}
