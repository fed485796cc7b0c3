// An idle port for the allowance: it reads what attackers send as Node reads it, and answers almost nothing.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const server = createServer((request, response) => {
  request.resume()
  request.on('error', () => {})
  request.on('end', () => setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'), 5))
})
server.on('clientError', (_error, socket) => socket.destroy())
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => process.send!((server.address() as AddressInfo).port))
process.on('disconnect', () => process.exit(0))
