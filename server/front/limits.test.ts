import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openFront } from './front.ts'
import { limits } from './limits.ts'

type Front = Awaited<ReturnType<typeof openFront>>
let front: Front
beforeAll(async () => {
  // The same code with short timeouts, so that a test can be a slow client.
  front = await openFront({ host: '127.0.0.1', port: 0 }, { ...limits, headersTime: 300, requestTime: 600, lookEvery: 50 })
  front.serve((request, response) => {
    let bytes = 0
    request.on('data', (chunk: Buffer) => (bytes += chunk.length))
    request.on('end', () => response.end(`heard ${request.url!.length} ${request.rawHeaders.length / 2} ${bytes}`))
    request.on('error', () => {})
  })
})
afterAll(() => front.drain(0))

/** Everything received until the server ends the connection. */
async function answered(speak: (socket: Socket) => void): Promise<string> {
  const socket = connect(front.port, '127.0.0.1')
  let received = ''
  socket.on('data', (data) => (received += data.toString()))
  socket.on('error', () => {})
  socket.once('connect', () => speak(socket))
  await once(socket, 'close')
  return received
}

const close = 'host: x\r\nconnection: close\r\n\r\n'
const refused = (received: string) => [
  received.split('\r\n')[0],
  (JSON.parse(received.split('\r\n\r\n')[1]!) as { code: string }).code,
]
const get = (target: string, headers = '') => answered((socket) => socket.write(`GET ${target} HTTP/1.1\r\n${headers}${close}`))

describe('refuses oversized requests before anything reads them', () => {
  const path = (bytes: number) => `/${'x'.repeat(bytes - 1)}`

  test('a URL', async () => {
    expect(refused(await get(path(limits.urlBytes + 1)))).toEqual(['HTTP/1.1 414 URI Too Long', 'url_too_long'])
    expect(await get(path(limits.urlBytes))).toMatch(`heard ${limits.urlBytes}`)
  })

  test('a URL whose query is too long', async () => {
    expect(refused(await get(`/orgs?q=${'%20'.repeat(limits.urlBytes / 3)}`))[1]).toBe('url_too_long')
  })

  test('headers that are too large', async () => {
    const large = `x: ${'y'.repeat(limits.headerBytes)}\r\n`
    expect(refused(await get('/', large))).toEqual(['HTTP/1.1 431 Request Header Fields Too Large', 'headers_too_large'])
    expect(await get('/', `x: ${'y'.repeat(limits.headerBytes - 200)}\r\n`)).toMatch('heard')
  })

  test.for([limits.headers + 1, 2500])('%i headers', async (many) => {
    expect(refused(await get('/', 'x: y\r\n'.repeat(many)))[1]).toBe('headers_too_large')
  })

  test('accepts the maximum number of headers and passes on all of them', async () => {
    expect(await get('/', 'x: y\r\n'.repeat(limits.headers - 2))).toMatch(`heard 1 ${limits.headers + 1} 0`)
  })
})

describe('cuts off slow clients', () => {
  test('headers that trickle in', async () => {
    const trickle = (socket: Socket) => {
      socket.write('GET / HTTP/1.1\r\n')
      const drip = setInterval(() => (socket.writable ? socket.write('x: y\r\n') : clearInterval(drip)), 20)
      socket.once('close', () => clearInterval(drip))
    }
    expect(refused(await answered(trickle))).toEqual(['HTTP/1.1 408 Request Timeout', 'request_timeout'])
  })

  test('a body that trickles in', async () => {
    const trickle = (socket: Socket) => {
      socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n')
      const drip = setInterval(() => (socket.writable ? socket.write('x') : clearInterval(drip)), 20)
      socket.once('close', () => clearInterval(drip))
    }
    expect(refused(await answered(trickle))).toEqual(['HTTP/1.1 408 Request Timeout', 'request_timeout'])
  })

  test('nothing at all', async () => {
    expect(refused(await answered(() => {}))).toEqual(['HTTP/1.1 408 Request Timeout', 'request_timeout'])
  })

  test('serves others while many clients are slow', async () => {
    const idle = Array.from({ length: 500 }, () => answered((socket) => socket.write('GET / HTTP/1.1\r\n')))
    expect(await get('/')).toMatch('heard')
    for (const received of await Promise.all(idle)) expect(refused(received)[1]).toBe('request_timeout')
  })
})
