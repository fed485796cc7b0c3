import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A proxy that sends each request to the next of its servers, whoever asks. */
export async function startRoundRobin() {
  const servers: string[] = []
  const served: number[] = []
  let turn = 0

  function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const at = turn++ % servers.length
    served[at] = (served[at] ?? 0) + 1
    const { hostname, port } = new URL(servers[at]!)
    const headers = { ...incoming.headers, 'x-forwarded-for': incoming.socket.remoteAddress }
    const sent = send({ hostname, port, method: incoming.method, path: incoming.url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.rawHeaders)
      answer.pipe(outgoing)
    })
    sent.on('error', () => outgoing.destroy())
    outgoing.on('close', () => sent.destroy())
    incoming.pipe(sent)
  }

  const proxy = createServer(forward).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    add: (url: string) => void servers.push(url),
    /** Requests by server. */
    served: served as readonly number[],
    async stop() {
      proxy.closeAllConnections()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}
