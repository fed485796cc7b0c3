import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { clientAddresses } from './client-address.ts'
import type { Config } from '#config/config'
import { type Stage, health, isLeaving, stage } from '../lifecycle.ts'
import { type Limits, limits } from './limits.ts'
import { openDoors } from './doors.ts'
import { servingHanded } from './handed.ts'
import { closeUnread } from './leftover.ts'
import { followAnswer } from './over.ts'
import { servingInTurn } from './pipelining.ts'
import { watchReaders } from './readers.ts'
import { type Refusal, answerEarly, refuseEarly, refuseUnparsed } from './refuse-raw.ts'
import { isPlainTarget } from './request-target.ts'
import { recordRequest } from './requests.ts'

const countOf = ({ rawHeaders }: IncomingMessage, header: string) =>
  rawHeaders.filter((text, i) => i % 2 === 0 && text.toLowerCase() === header).length

const notPlain =
  'The path of the URL must begin with a single slash, and must not contain dot segments, backslashes or a fragment'

/** Refuses requests that are larger than anybody needs or that can be read in two ways, before anything else reads them. */
function refusalOf(request: IncomingMessage): Refusal | undefined {
  const { urlBytes, headers } = limits
  const { url = '', rawHeaders } = request
  if (url.length > urlBytes) return { code: 'url_too_long', sentence: `The URL must be at most ${urlBytes / 1024} KiB` }
  if (!isPlainTarget(url)) return { code: 'invalid_request', sentence: notPlain }
  if (rawHeaders.length / 2 > headers)
    return { code: 'headers_too_large', sentence: `A request must have at most ${headers} headers` }
  // A proxy in front may have read the other header (RFC 9112, 3.2).
  if (countOf(request, 'host') > 1) return { code: 'invalid_request', sentence: 'A request must have only one Host header' }
  return undefined
}

/** What a start waits for, in the words of `/readyz`. */
const waits: Record<Stage, string> = {
  database: 'It waits for the database',
  migrations: 'It brings the schema of the database up to date',
  jobs: 'It starts the jobs',
  pages: 'It loads the pages and the API',
}

/**
 * Until the server serves. `/healthz` says only that the process lives, so a long migration is no reason to end it; `/readyz` says
 * what is missing.
 */
export function notYet({ url }: IncomingMessage, response: ServerResponse) {
  const [path] = (url ?? '').split('?', 1)
  if (path === '/healthz') return answerEarly(response, health())
  refuseEarly(response, {
    code: 'unavailable',
    sentence: `Bulkhead is starting. ${path === '/readyz' ? waits[stage()] : 'Try again in a moment'}`,
    headers: { 'retry-after': '1' },
  })
}

/** What answers the requests of connections, with its limits. Answers 503 to every request until `serve` is called. */
export function createFront(trustedProxies: readonly string[], allowed: Limits = limits) {
  const { headerBytes, headersTime, requestTime, idleTime, lookEvery } = allowed
  const addressOf = clientAddresses(trustedProxies)
  let handler: RequestListener = notYet
  const inTurn = servingInTurn(allowed, (request, response) => handler(request, response))
  const readers = watchReaders(allowed)
  const options = {
    maxHeaderSize: headerBytes,
    headersTimeout: headersTime,
    requestTimeout: requestTime,
    keepAliveTimeout: idleTime,
    connectionsCheckingInterval: lookEvery,
  }
  const server = createServer(options, (request, response) => {
    const refusal = refusalOf(request)
    followAnswer(response, [recordRequest(request, response, addressOf(request)), readers.watch(response)])
    closeUnread(request, response, allowed)
    // Tells a keep-alive client that this is its last answer. Node reads nothing after an upgrade that was refused.
    if (isLeaving() || request.headers.upgrade !== undefined) response.setHeader('connection', 'close')
    if (refusal) return refuseEarly(response, refusal)
    inTurn(request, response)
  })
  // Node would silently drop headers beyond its own maximum.
  server.maxHeadersCount = 0
  server.on('clientError', (error, socket) => void refuseUnparsed(error, socket as Socket))
  // Node alone would cut the connection, including answers that are still to come on it.
  server.on('connect', (_request, socket: Socket) => void refuseUnparsed(new Error('CONNECT'), socket))
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    followAnswer(response, [recordRequest(request, response, addressOf(request))])
    refuseEarly(response, { code: 'expectation_failed', sentence: 'The only supported expectation is 100-continue' })
  })
  return {
    server,
    stop: () => readers.stop(),
    serve(next: RequestListener) {
      handler = next
    },
  }
}

/** Listens before anything else starts, so that a taken port is reported at once. */
export async function openFront(
  config: Pick<Config, 'host' | 'port'> & Partial<Pick<Config, 'trustedProxies'>>,
  allowed: Limits = limits,
) {
  const { server, serve, stop } = createFront(config.trustedProxies ?? [], allowed)
  const connections = servingHanded(server)
  const doors = await openDoors(config, allowed.backlog, () => connections.open() < allowed.connections, connections.take)
  return {
    port: doors.port,
    serve,
    /** Accepts no new connection, lets running requests finish, and cuts those that take longer than `patience` milliseconds. */
    async drain(patience = 10_000) {
      await doors.close()
      await connections.drain(0, patience)
      stop()
    },
  }
}
