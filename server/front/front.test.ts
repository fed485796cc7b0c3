import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { type Socket, connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { projectRoot } from '#config/config'
import { version } from '#config/version'
import { bodyLimits } from '../http/body-limits.ts'
import { waitFor } from '../lifecycle.ts'
import { openFront } from './front.ts'
import { limits } from './limits.ts'
import { StartError } from '#config/start-error'

const running: ChildProcess[] = []
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

/** A process with the real front and the real stop, around a handler that takes as long as its path says. */
async function startProcess(patience: number, level = 'silent') {
  const program = `
    import { openFront } from './server/front/front.ts'
    import { stopOnSignals } from './server/stopping.ts'
    import { isDraining } from './server/lifecycle.ts'
    const front = await openFront({ host: '127.0.0.1', port: 0 })
    front.serve((request, response) => {
      setTimeout(() => response.end(JSON.stringify({ draining: isDraining() })), Number(request.url.slice(1)))
    })
    const onStop = stopOnSignals(Promise.resolve())
    onStop(async () => console.log('database'))
    onStop(async () => console.log('jobs'))
    onStop(() => front.drain(${patience}))
    console.log(front.port)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, BULKHEAD_LOG_LEVEL: level },
  })
  running.push(child)
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  let output = ''
  child.stdout.on('data', (data: Buffer) => (output += data.toString()))
  let logged = ''
  child.stderr.on('data', (data: Buffer) => (logged += data.toString()))
  return {
    child,
    origin: `http://127.0.0.1:${port.toString().trim()}`,
    output: () => output.trim().split('\n'),
    logged: () => logged,
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('a stop signal', () => {
  test.for(['SIGTERM', 'SIGINT'] as const)(
    '%s lets running requests finish, then stops the rest in reverse order',
    async (signal) => {
      const { child, origin, output } = await startProcess(10_000)
      const slow = fetch(`${origin}/500`)
      await pause(150)
      child.kill(signal)
      child.kill(signal)
      const exit = once(child, 'exit')
      await pause(100)
      await expect(fetch(`${origin}/0`)).rejects.toThrow('fetch failed')

      expect(await (await slow).json()).toEqual({ draining: true })
      const answered = Date.now()
      expect(await exit).toEqual([0, null])
      expect(Date.now() - answered).toBeLessThan(2000)
      expect(output()).toEqual(['jobs', 'database'])
    },
  )

  test('does not wait for idle connections', async () => {
    const { child, origin } = await startProcess(10_000)
    const agent = new Agent({ keepAlive: true })
    const [response] = (await once(get(`${origin}/0`, { agent }), 'response')) as [IncomingMessage]
    await once(response.resume(), 'end')
    const before = Date.now()
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(Date.now() - before).toBeLessThan(2000)
    agent.destroy()
  })

  test('cuts a request that takes too long', async () => {
    const { child, origin } = await startProcess(300)
    const endless = fetch(`${origin}/60000`)
    const failure = endless.catch((error: unknown) => String(error))
    await pause(150)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(await failure).toBe('TypeError: fetch failed')
  })
})

const asking = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

/** Sends `first`, and `then` once something has come back. Returns everything received until the server closed. */
async function sent(port: number, first: string, then?: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' })
  let received = ''
  socket.on('data', (data: Buffer) => (received += data.toString()))
  socket.write(first)
  if (then !== undefined) {
    await once(socket, 'data')
    socket.write(then)
  }
  await once(socket, 'close')
  return received
}

describe('openFront', () => {
  test('answers 503 until there is something to serve', async () => {
    const front = await openFront({ host: '127.0.0.1', port: 0 })
    const response = await fetch(`http://127.0.0.1:${front.port}/`)
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('1')
    await front.drain()
  })

  test('answers the liveness probe while it starts', async () => {
    const front = await openFront({ host: '127.0.0.1', port: 0 })
    const response = await fetch(`http://127.0.0.1:${front.port}/healthz`)
    expect([response.status, await response.json()]).toEqual([200, { ok: true, version, postgres: { ok: false } }])
    await front.drain()
  })

  test('says on the readiness probe what the start waits for', async () => {
    const front = await openFront({ host: '127.0.0.1', port: 0 })
    const ask = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${front.port}${path}`)
      const { code, error } = (await response.json()) as { code: string; error: string }
      return [response.status, response.headers.get('retry-after'), code, error]
    }
    const unavailable = (sentence: string) => [503, '1', 'unavailable', `Bulkhead is starting. ${sentence}`]
    expect(await ask('/readyz')).toEqual(unavailable('It waits for the database'))
    waitFor('migrations')
    expect(await ask('/readyz?verbose')).toEqual(unavailable('It brings the schema of the database up to date'))
    waitFor('jobs')
    expect(await ask('/readyz')).toEqual(unavailable('It starts the jobs'))
    waitFor('pages')
    expect(await ask('/readyz')).toEqual(unavailable('It loads the pages and the API'))
    expect(await ask('/orgs')).toEqual(unavailable('Try again in a moment'))
    await front.drain()
  })

  test('serves the requests of one connection one after another', async () => {
    const front = await openFront({ host: '127.0.0.1', port: 0 })
    let atOnce = 0
    let most = 0
    front.serve((request, response) => {
      most = Math.max(most, ++atOnce)
      setImmediate(() => {
        atOnce--
        response.end(request.url)
      })
    })
    const paths = Array.from({ length: 50 }, (_, i) => `/r${i}`)
    const last = 'GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
    const received = await sent(front.port, paths.map(asking).join('') + last)
    expect(received.match(/\/(r\d+|last)/g)).toEqual([...paths, '/last'])
    expect(most).toBe(1)
    await front.drain()
  })

  test('refuses a client that pipelines requests without reading, and closes its connection', async () => {
    const front = await openFront({ host: '127.0.0.1', port: 0 })
    let served = 0
    const sockets = new Set<Socket>()
    front.serve(({ socket }, response) => {
      served++
      sockets.add(socket)
      setImmediate(() => response.end('x'))
    })
    const all = asking('/').repeat(50_000)
    const received = await sent(front.port, all)
    expect(served).toBe(64)
    expect([...sockets].map(({ bytesRead }) => bytesRead < all.length / 5)).toEqual([true])
    expect(received.match(/HTTP\/1\.1 \d+/g)!.slice(-2)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 429'])
    await front.drain()
  })

  test('cuts off a client that does not read its answer, but not one that reads slowly', async () => {
    const quick = { ...limits, readTime: 300, lookEvery: 50 }
    const front = await openFront({ host: '127.0.0.1', port: 0 }, quick)
    const whole = 'x'.repeat(8_000_000)
    const over = new Map<string | undefined, boolean>()
    front.serve(({ url }, response) => {
      response.end(whole)
      response.once('close', () => over.set(url, response.writableFinished))
    })
    const stalled = connect(front.port, '127.0.0.1')
    stalled.on('error', () => {})
    stalled.write(asking('/stalled'))
    let received = 0
    const slow = connect(front.port, '127.0.0.1')
    slow.on('data', (data: Buffer) => {
      received += data.byteLength
      slow.pause()
      setTimeout(() => slow.resume(), 1)
    })
    slow.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    await once(slow, 'close')
    expect(received).toBeGreaterThan(8_000_000)
    await expect.poll(() => over.get('/stalled')).toBe(false)
    stalled.destroy()
    await front.drain()
  })

  test.for([
    ['chunks without end', 'Transfer-Encoding: chunked'],
    ['more than is worth reading', 'Content-Length: 100000000'],
  ])('closes the connection of a client that keeps sending %s after its answer', async ([, header]) => {
    const front = await openFront({ host: '127.0.0.1', port: 0 }, { ...limits, discardTime: 200 })
    front.serve((_request, response) => response.writeHead(401).end('no'))
    const received = await sent(front.port, `POST / HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n`)
    expect(received).toMatch(/^HTTP\/1\.1 401 [^]*connection: close/i)
    await front.drain()
  })

  test.for([
    ['in crumbs', 'Transfer-Encoding: chunked', '1\r\nx\r\n'.repeat(400_000), 200_000],
    ['faster than it is worth', 'Content-Length: 16000000', 'x'.repeat(15_000_000), 3_000_000],
  ] as const)('reads no further of a body that comes %s after its answer', async ([, header, body, most]) => {
    const slowly = { ...limits, discardTime: 500, discardedASecond: 1024 * 1024 }
    const front = await openFront({ host: '127.0.0.1', port: 0 }, slowly)
    const read = Promise.withResolvers<number>()
    front.serve(({ socket }, response) => {
      response.writeHead(401).end('no')
      socket.once('close', () => read.resolve(socket.bytesRead))
    })
    const socket = connect(front.port, '127.0.0.1')
    let received = ''
    socket.on('data', (data: Buffer) => (received += data.toString()))
    // The server resets the connection while the client is sending.
    socket.on('error', () => {})
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n${body}`)
    expect(await read.promise).toBeLessThan(most)
    expect(received).toMatch(/^HTTP\/1\.1 401 /)
    await front.drain()
  })

  test('reads no further of a body whose beginning waits for a handler that refuses it unread', async () => {
    const slowly = { ...limits, discardTime: 500, discardedASecond: 1024 * 1024 }
    const front = await openFront({ host: '127.0.0.1', port: 0 }, slowly)
    const read = Promise.withResolvers<number>()
    front.serve((request, response) => {
      request.socket.once('close', () => read.resolve(request.socket.bytesRead))
      const answer = () => void response.writeHead(401).end('no')
      const look = () => void setImmediate(request.readableLength < request.readableHighWaterMark ? look : answer)
      look()
    })
    const socket = connect(front.port, '127.0.0.1')
    let received = ''
    socket.on('data', (data: Buffer) => (received += data.toString()))
    // The server resets the connection while the client is sending.
    socket.on('error', () => {})
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 16000000\r\n\r\n${'x'.repeat(15_000_000)}`)
    expect(await read.promise).toBeLessThan(3_000_000)
    expect(received).toMatch(/^HTTP\/1\.1 401 /)
    await front.drain()
  })

  test('keeps little more than the free small pieces of a body that nobody reads yet', async () => {
    const front = await openFront({ host: '127.0.0.1', port: 0 }, { ...limits, discardTime: 200 })
    const waiting = Promise.withResolvers<number>()
    front.serve((request, response) => {
      const answer = () => {
        waiting.resolve(request.readableLength)
        response.writeHead(401).end()
      }
      const look = () => void setImmediate(request.readableLength < bodyLimits.freePieces ? look : answer)
      look()
    })
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n'
    const received = await sent(front.port, head + '1\r\nx\r\n'.repeat(60_000))
    expect(await waiting.promise).toBeLessThan(bodyLimits.freePieces * 1.1)
    expect(received).toMatch(/^HTTP\/1\.1 401 /)
    await front.drain()
  })

  test('gives a short rest of a body time to arrive', async () => {
    const front = await openFront({ host: '127.0.0.1', port: 0 }, { ...limits, leftoverTime: 100 })
    front.serve((_request, response) => response.writeHead(401).end('no'))
    const received = await sent(front.port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n')
    expect(received).toMatch(/^HTTP\/1\.1 401 /)
    await front.drain()
  })

  test('answers connections that were waiting to be accepted when the stop began', async () => {
    const front = await openFront({ host: '127.0.0.1', port: 0 })
    front.serve((_request, response) => response.end('answered'))
    const sockets = Array.from({ length: 10 }, () => connect(front.port, '127.0.0.1'))
    // Only the kernel has connected; the process has not accepted yet.
    await new Promise<void>((resolve) => process.nextTick(resolve))
    const drained = front.drain()
    for (const socket of sockets) {
      socket.write('GET / HTTP/1.1\r\nhost: bulkhead\r\nconnection: close\r\n\r\n')
      expect((await socket.toArray()).join('')).toMatch(/^HTTP\/1.1 200 [^]*answered/)
    }
    await drained
  })

  test('accepts several of the connections that are waiting in each turn', async () => {
    let turns = 0
    let waiting = 64
    const front = await openFront({ host: '127.0.0.1', port: 0 })
    front.serve((_request, response) => response.end())
    const sockets = Array.from({ length: waiting }, () => connect(front.port, '127.0.0.1'))
    const answered = sockets.map(async (socket) => {
      socket.end('GET / HTTP/1.1\r\nhost: bulkhead\r\n\r\n')
      await socket.toArray()
      waiting--
    })
    for (; waiting > 0; turns++) await new Promise((resolve) => setImmediate(resolve))
    await Promise.all(answered)
    expect(turns).toBeLessThan(sockets.length / 2)
    await front.drain()
  })

  test('passes the client’s real address to handlers, whatever the client claims', async () => {
    const front = await openFront({ host: '127.0.0.1', port: 0 })
    front.serve((request, response) => response.end(JSON.stringify([request.headers, request.rawHeaders])))
    const response = await fetch(`http://127.0.0.1:${front.port}/`, { headers: { 'X-Bulkhead-Address': '10.0.0.1' } })
    const [headers, raw] = (await response.json()) as [Record<string, string>, string[]]
    expect(headers['x-bulkhead-address']).toBe('127.0.0.1')
    expect(raw.filter((_, i) => raw[i - 1]?.toLowerCase() === 'x-bulkhead-address')).toEqual(['127.0.0.1'])
    await front.drain()
  })

  /** The address that handlers see for a request from this machine with these headers. */
  async function heardBehind(trustedProxies: string[], forwarded: string | readonly string[]): Promise<string> {
    const front = await openFront({ host: '127.0.0.1', port: 0, trustedProxies })
    front.serve((request, response) => response.end(request.headers['x-bulkhead-address']))
    const lines = [forwarded].flat().map((line) => `x-forwarded-for: ${line}\r\n`)
    const received = await sent(front.port, `GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${lines.join('')}\r\n`)
    await front.drain()
    return received.slice(received.indexOf('\r\n\r\n') + 4).replace(/^[\da-f]+\r\n(.*)\r\n0\r\n\r\n$/, '$1')
  }

  const proxies = ['127.0.0.1', '10.0.0.0/8', '2001:db8:f::/48', 'fe80::1']

  test.for([
    ['the client that a trusted proxy names', '203.0.113.7', '203.0.113.7'],
    ['behind several', '203.0.113.7, 10.1.2.3', '203.0.113.7'],
    ['not what a client claims beyond it', '192.0.2.1, 203.0.113.7', '203.0.113.7'],
    ['an IPv6 client', '2001:db8::7', '2001:db8::7'],
    ['an IPv6 client in its one spelling', '2001:DB8:0:0:0::7', '2001:db8::7'],
    ['the proxy itself, when it names nobody', '', '127.0.0.1'],
    ['nor takes nonsense', 'unknown, <x>', '127.0.0.1'],
    ['a client with its port', '203.0.113.7, 198.51.100.9:51234', '198.51.100.9'],
    ['an IPv6 client in brackets', '203.0.113.7, [2001:db8::9]', '2001:db8::9'],
    ['an IPv6 client with its port', '203.0.113.7, [2001:db8::9]:443', '2001:db8::9'],
    ['a client in quotes', '203.0.113.7, "[2001:db8::9]:443"', '2001:db8::9'],
    ['an IPv4 client whose address is mapped into IPv6', '::ffff:203.0.113.7', '203.0.113.7'],
    ['nor by its hexadecimal digits', '[::FFFF:cb00:7107]:80', '203.0.113.7'],
    ['a client without the zone of somebody else’s machine', '203.0.113.7, fe80::9%eth0', 'fe80::9'],
    ['the client behind a trusted proxy that is named with a port', '203.0.113.7, 10.1.2.3:8080', '203.0.113.7'],
    ['nor by IPv6', '203.0.113.7, [2001:db8:f::1]:8080', '203.0.113.7'],
    ['nor by a zone', '203.0.113.7, fe80::1%eth0', '203.0.113.7'],
    ['nor by a mapped address', '203.0.113.7, ::ffff:10.1.2.3', '203.0.113.7'],
    ['nobody beyond what cannot be read', '203.0.113.7, unknown', '127.0.0.1'],
    ['but the last trusted one that can', '203.0.113.7, _hidden, 10.1.2.3', '10.1.2.3'],
    ['nobody beyond an empty place', '203.0.113.7, , 10.1.2.3', '10.1.2.3'],
    ['nobody beyond a port that is none', '203.0.113.7, 10.1.2.3:99999', '127.0.0.1'],
    ['nobody beyond brackets around IPv4', '203.0.113.7, [10.1.2.3]', '127.0.0.1'],
    ['nobody beyond one quote', '203.0.113.7, "10.1.2.3', '127.0.0.1'],
    ['nobody beyond a socket', '203.0.113.7, unix:', '127.0.0.1'],
    ['the last of several headers', ['203.0.113.7', '198.51.100.9:51234'], '198.51.100.9'],
    ['those beyond it when it names a proxy', ['203.0.113.7', '10.1.2.3'], '203.0.113.7'],
    ['only so many proxies', `203.0.113.7${', 10.1.2.3'.repeat(2000)}`, '10.1.2.3'],
  ] as const)('finds the client’s address: %s', async ([, forwarded, address]) => {
    expect(await heardBehind(proxies, forwarded)).toBe(address)
  })

  test.for([['10.0.0.1'], [['10.0.0.1', '10.0.0.2:80']], ['127.0.0.1']] as const)(
    'ignores forwarded headers from an untrusted client: %s',
    async ([forwarded]) => {
      expect(await heardBehind(['10.0.0.0/8'], forwarded)).toBe('127.0.0.1')
      expect(await heardBehind([], forwarded)).toBe('127.0.0.1')
    },
  )

  test('gives an IPv4 client one address, even on a server that listens on both families', async () => {
    const front = await openFront({ host: '::', port: 0, trustedProxies: ['127.0.0.1'] })
    front.serve((request, response) => response.end(request.headers['x-bulkhead-address']))
    expect(await (await fetch(`http://127.0.0.1:${front.port}/`)).text()).toBe('127.0.0.1')
    const headers = { 'x-forwarded-for': '203.0.113.7' }
    expect(await (await fetch(`http://127.0.0.1:${front.port}/`, { headers })).text()).toBe('203.0.113.7')
    await front.drain()
  })

  test('logs once that forwarded headers arrive while no proxy is trusted', async () => {
    const { child, origin, logged } = await startProcess(1000, 'warn')
    for (const forwarded of ['203.0.113.7', '203.0.113.8'])
      await fetch(`${origin}/0`, { headers: { 'x-forwarded-for': forwarded } })
    child.kill('SIGTERM')
    await once(child, 'exit')
    expect(logged().match(/BULKHEAD_TRUSTED_PROXIES is not set/g)).toHaveLength(1)
  })

  test('refuses invalid HTTP in order, after the answers to earlier requests', async () => {
    const front = await openFront({ host: '127.0.0.1', port: 0 })
    front.serve((request, response) => void setImmediate(() => response.end(request.url)))
    const received = await sent(front.port, `${asking('/first')}${asking('/second')}GET / HTTP/1.1\r\nbroken\r\n\r\n`)
    expect(received.match(/HTTP\/1\.1 \d+|\/first|\/second/g)).toEqual([
      'HTTP/1.1 200',
      '/first',
      'HTTP/1.1 200',
      '/second',
      'HTTP/1.1 400',
    ])
    await front.drain()
  })

  test('lets a refused client finish sending, so that it can read the refusal', async () => {
    const front = await openFront({ host: '127.0.0.1', port: 0 })
    // Throws when the connection is reset.
    expect(await sent(front.port, `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(1_000_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /)
    await front.drain(0)
  })

  test('does not answer twice when a body breaks after its answer', async () => {
    const front = await openFront({ host: '127.0.0.1', port: 0 })
    front.serve((_request, response) => response.writeHead(401).end('no'))
    const received = await sent(
      front.port,
      'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n',
      '2x\r\n{}\r\n0\r\n\r\n',
    )
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401'])
    await front.drain()
  })

  test.for([
    ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n', 400],
    ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['an upgrade, which it does not make,', 'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n', 200],
  ] as const)('answers %s once and closes', async ([, text, status]) => {
    const front = await openFront({ host: '127.0.0.1', port: 0 })
    front.serve((_request, response) => response.end())
    const received = await sent(front.port, text)
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`])
    expect(received).toMatch(/^connection: close$/im)
    await front.drain()
  })

  test('reports in one sentence that the port is taken', async () => {
    const front = await openFront({ host: '127.0.0.1', port: 0 })
    const sentence = `Port ${front.port} of 127.0.0.1 is in use by another program. Set PORT to a free one.`
    await expect(openFront({ host: '127.0.0.1', port: front.port })).rejects.toThrow(new StartError(sentence))
    await front.drain()
  })
})
