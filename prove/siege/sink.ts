// An idle port for the allowance: it reads what attackers send as Node reads it, and answers almost nothing. It refuses as many
// requests a second as the server did, so that attackers who come again when they are refused load the machine alike.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

let perSecond = 0
let refusable = 0
setInterval(() => (refusable = Math.min(refusable + perSecond / 20, perSecond)), 50).unref()

const server = createServer((request, response) => {
  if (refusable >= 1) {
    refusable--
    response.writeHead(429, { 'content-type': 'application/json', connection: 'close' }).end('{}')
    return
  }
  request.resume()
  request.on('error', () => {})
  request.on('end', () => setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'), 5))
})
server.on('clientError', (_error, socket) => socket.destroy())
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => process.send!((server.address() as AddressInfo).port))
process.on('message', (rate: number) => {
  perSecond = rate
  process.send!('ready')
})
process.on('disconnect', () => process.exit(0))
