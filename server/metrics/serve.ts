import { type RequestListener, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StartError } from '#config/start-error'
import type { Metrics } from './metrics.ts'

/** Milliseconds for which one text serves all scrapes: making it takes up to some tens of milliseconds. */
const SHARED = 1000

/** A scrape is one short request; more than a few connections are not from Prometheus. */
const limits = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: 5000,
  requestTimeout: 5000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1000,
}
const CONNECTIONS = 32

const sentences: Record<string, (at: { host: string; port: number }) => string> = {
  EADDRINUSE: ({ host, port }) =>
    `Port ${port} of ${host} is in use by another program. Set BULKHEAD_METRICS_PORT to a free one.`,
  EACCES: ({ port }) => `This user may not listen on port ${port}. Set BULKHEAD_METRICS_PORT to one above 1023.`,
  EADDRNOTAVAIL: ({ host }) =>
    `This machine has no address ${host}. Set BULKHEAD_METRICS_HOST to one of its own, or to 0.0.0.0 for all.`,
  ENOTFOUND: ({ host }) =>
    `This machine has no address ${host}. Set BULKHEAD_METRICS_HOST to one of its own, or to 0.0.0.0 for all.`,
}

/** Serves \`GET /metrics\` to whoever reaches this address: it has no credential, and stands apart from the API. */
export async function serveMetrics(
  { text, contentType }: Pick<Metrics, 'text' | 'contentType'>,
  at: { host: string; port: number },
) {
  let made: { at: number; text: Promise<string> } | undefined
  function current(): Promise<string> {
    if (!made || performance.now() - made.at > SHARED) made = { at: performance.now(), text: text() }
    return made.text
  }

  const listener: RequestListener = (request, response) => {
    // Nobody sends a body here, and a connection with one would have to be read.
    if (request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0)
      response.setHeader('connection', 'close')
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const [path] = (request.url ?? '').split('?', 1)
    if (path !== '/metrics') return void response.writeHead(404, { 'content-type': 'text/plain' }).end('Only /metrics is here\n')
    if (!isRead) return void response.writeHead(405, { allow: 'GET, HEAD', 'content-type': 'text/plain' }).end('Use GET\n')
    current().then(
      (body) => response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body),
      () => response.writeHead(500, { 'content-type': 'text/plain' }).end('The metrics could not be made\n'),
    )
  }

  const server = createServer(limits, listener)
  server.maxConnections = CONNECTIONS
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const sentence = sentences[error.code ?? '']
      reject(sentence ? new StartError(sentence(at)) : error)
    })
    server.listen({ port: at.port, host: at.host }, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    async stop(): Promise<void> {
      server.close()
      server.closeAllConnections()
    },
  }
}
