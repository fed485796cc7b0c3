import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { makingPagesInTurn } from './page-turns.ts'

const servers: ReturnType<typeof createServer>[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

/** A server of these pages. A header names each caller's network. */
async function serve(make: RequestListener, limits = {}) {
  const server = createServer(makingPagesInTurn(({ headers }) => String(headers['x-from']), make, limits))
  servers.push(server)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return (from: string, path = '/') => fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'x-from': from } })
}

test('makes one page at a time for one network and two in all, and serves files meanwhile', async () => {
  const making: [string, ServerResponse][] = []
  const get = await serve(({ url, headers }, response) => {
    if (url?.startsWith('/_next/')) response.end('file')
    else making.push([String(headers['x-from']), response])
  })
  const froms = ['10.0.0.1', '10.0.0.1', '10.0.0.2', '10.0.0.3']
  const all = froms.map(async (from) => (await get(from)).text())
  await expect.poll(() => making.map(([from]) => from)).toEqual(['10.0.0.1', '10.0.0.2'])
  expect(await (await get('10.0.0.1', '/_next/static/a.js')).text()).toBe('file')
  for (let i = 0; i < froms.length; i++) {
    await expect.poll(() => making.length).toBeGreaterThan(i)
    making[i]![1].end('page')
  }
  expect(await Promise.all(all)).toEqual(froms.map(() => 'page'))
  expect(making.map(([from]) => from)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.1'])
})

test('lets others go first for as long as a network’s last page took', async () => {
  const making: [string, ServerResponse][] = []
  const get = await serve(({ headers }, response) => void making.push([String(headers['x-from']), response]))
  const since = performance.now()
  const first = get('10.0.0.1')
  await expect.poll(() => making.length > 0 && performance.now() - since > 100).toBe(true)
  making[0]![1].end('page')
  await (await first).text()
  const others = [get('10.0.0.1'), get('10.0.0.2')]
  await expect.poll(() => making.length).toBe(3)
  expect(making.map(([from]) => from)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.1'])
  for (const [, response] of making) response.end('page')
  await Promise.all(others)
})

test('frees the place of a client that does not read its page or has left', async () => {
  let made = 0
  const get = await serve((_request, response) => {
    made++
    response.writeHead(200)
    response.write('x'.repeat(8_000_000))
  })
  const unread = await Promise.all(Array.from({ length: 4 }, () => get('10.0.0.1')))
  expect(unread.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect(made).toBe(4)
  await Promise.all(unread.map(async ({ body }) => body?.cancel()))
})

test('answers 503 to requests that wait too long or behind too many', async () => {
  const get = await serve(() => {}, { waitingOfShare: 1, patience: 50 })
  const never = get('10.0.0.1').catch(() => undefined)
  const [late, beyond] = await Promise.all([get('10.0.0.1'), get('10.0.0.1')])
  for (const response of [late, beyond]) {
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('1')
    expect(await response.json()).toMatchObject({ code: 'overloaded', error: expect.stringContaining('Try again') })
  }
  for (const server of servers.splice(0)) server.close().closeAllConnections()
  await never
})
