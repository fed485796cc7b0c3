import { setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { type Resolve, publicLookup } from './lookup.ts'
import { send } from './send.ts'
import { certificate, startReceiver } from '#test/support/servers/receiver'

const open: { close(): Promise<void> }[] = []
async function receiver(options: Parameters<typeof startReceiver>[0] = {}) {
  const one = await startReceiver(options)
  open.push(one)
  return one
}
const loopback: Resolve = async () => [{ address: '127.0.0.1', family: 4 }]
const message = (url: string) => ({ url, headers: { 'content-type': 'application/json', 'webhook-id': '1' }, body: '{"n":1}' })
const post = (url: string, resolve: Resolve = loopback, timeout = 10_000) => send(message(url), { timeout, resolve })
const allow = (hosts: string) => vi.stubEnv('BULKHEAD_WEBHOOK_ALLOWED_HOSTS', hosts)

afterEach(() => vi.unstubAllEnvs())
afterAll(async () => {
  for (const one of open) await one.close()
})

describe('a non-public address', () => {
  const bad = [
    '127.0.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.5.5',
    '192.168.0.10',
    '100.64.0.1',
    '169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::1',
  ]

  test.for(bad)('is refused when a name resolves to it: %s', async (address) => {
    const asked: string[] = []
    const resolve: Resolve = async (hostname) => {
      asked.push(hostname)
      return [{ address, family: address.includes(':') ? 6 : 4 }]
    }
    expect(await post('https://innocent.example.com/', resolve)).toMatchObject({
      delivered: false,
      reason: 'address_not_allowed',
      detail: `innocent.example.com resolves to ${address}`,
    })
    expect(asked).toEqual(['innocent.example.com'])
  })

  test.for(bad)('is refused in the URL: %s', async (address) => {
    const url = `https://${address.includes(':') ? `[${address}]` : address}/`
    const never: Resolve = () => expect.unreachable('a literal address is not looked up')
    expect(await post(url, never)).toMatchObject({ delivered: false, reason: 'address_not_allowed' })
  })

  test('is refused among public ones', async () => {
    const { port, received } = await receiver()
    const mixed: Resolve = async () => [
      { address: '8.8.8.8', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]
    expect((await post(`https://innocent.example.com:${port}/`, mixed)).reason).toBe('address_not_allowed')
    expect(received).toEqual([])
  })

  test('is refused when the name was public a moment before: every connection resolves it once and uses that result', async () => {
    const { port, received } = await receiver({ https: true })
    const answers = ['8.8.8.8', '127.0.0.1', '127.0.0.1']
    const rebinding: Resolve = async () => [{ address: answers.shift()!, family: 4 }]
    const connectedTo = new Promise((done) => publicLookup(rebinding)('hooks.example.test', {}, (_, address) => done(address)))
    expect(await connectedTo).toBe('8.8.8.8')
    expect((await post(`https://hooks.example.test:${port}/`, rebinding)).reason).toBe('address_not_allowed')
    expect(answers.length).toBe(1)
    expect(received).toEqual([])
  })

  test('is allowed when the setting names its host, then over http too', async () => {
    const { url, port, received } = await receiver()
    expect((await post(url)).reason).toBe('address_not_allowed')
    allow(`127.0.0.1:${port}`)
    expect(await post(url)).toMatchObject({ delivered: true, status: 204, reason: null, response: null })
    expect(received).toMatchObject([{ path: '/hook', body: '{"n":1}', headers: { 'webhook-id': '1' } }])
    expect((await post(`http://innocent.example.com:${port}/`)).reason).toBe('address_not_allowed')
  })
})

describe('the certificate', () => {
  test('is checked', async () => {
    allow('hooks.example.test,other.example.test')
    const { url, port, received } = await receiver({ https: true })
    expect(await post(url)).toMatchObject({ delivered: false, reason: 'unreachable', detail: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    setDefaultCACertificates([certificate])
    expect(await post(`https://other.example.test:${port}/`)).toMatchObject({
      reason: 'unreachable',
      detail: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
    expect(received).toEqual([])
    expect(await post(url)).toMatchObject({ delivered: true, status: 204 })
    expect(received.length).toBe(1)
  })
})

describe('an answer', () => {
  test('delivers only with 2xx', async () => {
    allow('127.0.0.1')
    const { url, answerWith } = await receiver()
    const answered = async (status: number) => {
      answerWith((response) => response.writeHead(status).end('said'))
      const { delivered, reason, response } = await post(url)
      return [delivered, reason, response]
    }
    expect(await answered(200)).toEqual([true, null, 'said'])
    expect(await answered(202)).toEqual([true, null, 'said'])
    for (const status of [400, 401, 404, 410, 429, 500, 503]) expect(await answered(status)).toEqual([false, 'refused', 'said'])
  })

  test('that redirects is not followed, and its target is recorded', async () => {
    allow('127.0.0.1')
    const elsewhere = await receiver()
    for (const status of [301, 302, 303, 307, 308]) {
      const { url } = await receiver({ answer: (response) => response.writeHead(status, { location: elsewhere.url }).end() })
      expect(await post(url)).toMatchObject({ delivered: false, status, reason: 'redirected', detail: elsewhere.url })
    }
    expect(elsewhere.received).toEqual([])
  })

  test('is kept up to 1 KiB, and an endless one is not waited for', async () => {
    allow('127.0.0.1')
    const endless = 'a\0'.repeat(700)
    const { url } = await receiver({ answer: (response) => void response.writeHead(200).write(endless) })
    const { delivered, response } = await post(url)
    expect([delivered, response]).toEqual([true, 'a�'.repeat(512)])
  })

  test('that is late or missing is a failure with its reason', async () => {
    allow('127.0.0.1')
    const { url, close } = await startReceiver({ answer: () => {} })
    expect(await post(url, loopback, 100)).toMatchObject({ delivered: false, status: null, reason: 'timed_out' })
    await close()
    expect(await post(url)).toMatchObject({ reason: 'unreachable', detail: 'ECONNREFUSED' })
    const nowhere: Resolve = () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
    expect(await post('https://nowhere.example.com/', nowhere)).toMatchObject({ reason: 'unreachable', detail: 'ENOTFOUND' })
  })

  test('is not waited for when the process stops', async () => {
    allow('127.0.0.1')
    const { url, until } = await receiver({ answer: () => {} })
    const stopping = new AbortController()
    const sent = send(message(url), { timeout: 10_000, resolve: loopback, signal: stopping.signal })
    await until(1)
    stopping.abort()
    await expect(sent).rejects.toThrow('aborted')
  })
})
