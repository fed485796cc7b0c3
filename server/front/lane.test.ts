import { connect } from 'node:net'
import type { ErrorBody } from '#contract/errors'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lane, startLane } from '#test/support/http/lane'
import { refusalOf } from '#test/support/http/refusal'
import { createLane } from './lane.ts'

let lane: Lane
let handles: (pathname: string) => boolean
beforeAll(async () => {
  lane = await startLane()
  handles = (await createLane()).handles
})
afterAll(() => lane.stop())

describe('the lane leaves these paths to Next', () => {
  test.for([
    '/',
    '/login',
    '/setup',
    '/invite/x',
    '/console',
    '/console/acme/alpha',
    '/docs',
    '/_next/static/x.js',
    '/api/auth/session',
    '/icon.svg',
  ])('%s', (path) => expect(handles(path)).toBe(false))
})

describe('the lane answers these paths itself', () => {
  test.for([
    '/orgs',
    '/orgs/acme/projects',
    '/acme/alpha/nuke',
    '/setup/owner',
    '/me',
    '/healthz',
    '/openapi.json',
    '/nowhere',
    '/a/b/c/d',
    '/favicon.ico',
  ])('%s', (path) => expect(handles(path)).toBe(true))
})

/** Sends these bytes and returns everything received until the connection closes. */
const spoken = (text: string) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect(lane.port, '127.0.0.1', () => socket.end(text, 'latin1'))
    let answer = ''
    socket.setEncoding('utf8').on('data', (data: string) => (answer += data))
    socket.on('error', reject).on('close', () => resolve(answer))
  })

function read(answer: string) {
  const [head = '', text = ''] = answer.split('\r\n\r\n')
  const [line = '', ...lines] = head.split('\r\n')
  const headers = new Headers(
    lines.map((header): [string, string] => [header.split(': ', 1)[0]!, header.slice(header.indexOf(': ') + 2)]),
  )
  return { status: Number(line.split(' ')[1]), headers, text, body: JSON.parse(text) as ErrorBody }
}

describe('malformed HTTP', () => {
  const close = 'connection: close\r\n\r\n'

  test.for([
    ['no HTTP at all', 'nonsense\r\n\r\n', '400 invalid_request'],
    ['a control character in the target', `GET /orgs/\u0001 HTTP/1.1\r\nhost: x\r\n${close}`, '400 invalid_request'],
    [
      'a length and chunks',
      `POST /orgs HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n{}`,
      '400 invalid_request',
    ],
    ['a method nobody knows', `TRACK /orgs HTTP/1.1\r\nhost: x\r\n${close}`, '400 invalid_request'],
    ['headers without end', `GET /orgs HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(40_000)}\r\n${close}`, '431 headers_too_large'],
    ['a host that is none', `GET /orgs HTTP/1.1\r\nhost: a b\r\n${close}`, '400 invalid_request'],
    ['a host with a path', `GET /orgs HTTP/1.1\r\nhost: a/b\r\n${close}`, '400 invalid_request'],
    ['backslashes', `GET \\orgs HTTP/1.1\r\nhost: x\r\n${close}`, '400 invalid_request'],
    ['an expectation', `GET /orgs HTTP/1.1\r\nhost: x\r\nexpect: tea\r\n${close}`, '417 expectation_failed'],
    ['TRACE', `TRACE /healthz HTTP/1.1\r\nhost: x\r\n${close}`, '405 method_not_allowed'],
    ['an asterisk', `OPTIONS * HTTP/1.1\r\nhost: x\r\n${close}`, '400 invalid_request'],
  ] as const)('refuses %s like everything else', async ([, text, refusal]) => {
    expect(refusalOf(read(await spoken(text)))).toBe(refusal)
  })

  test.for([
    'http://other.example/healthz',
    'http://x/healthz',
    '//evil.example/orgs',
    '//evil.example/',
    '/docs/../healthz',
    '/docs/x/../../healthz',
    '/docs/%2e%2e/healthz',
    '/docs/.%2E/healthz',
    '/docs/./x',
    '/docs/%2e',
    '/..',
    '/docs/..?x=/',
    '/docs\\..\\healthz',
    '/\\evil.example',
    '/docs#/../healthz',
  ])('refuses the target %s, which others may read as another path or host', async (target) => {
    const answer = read(await spoken(`GET ${target} HTTP/1.1\r\nhost: x\r\n${close}`))
    expect(refusalOf(answer)).toBe('400 invalid_request')
    expect(answer.body.error).toMatch('must begin with a single slash')
    expect(answer.headers.has('location')).toBe(false)
  })

  test.for(['/nowhere?next=/../x', '/nowhere?to=http://other.example/\\..', '/nowhere?...'])(
    'accepts the target %s',
    async (target) => {
      expect(read(await spoken(`GET ${target} HTTP/1.1\r\nhost: x\r\n${close}`)).status).toBe(404)
    },
  )

  test.for(['/orgs/...', '/orgs/.a', '/orgs/a%5Cb', '/orgs/%252e%252e'])('answers 404 for %s', async (target) => {
    const answer = await spoken(`GET ${target}/projects/%2e%2e%2fx HTTP/1.1\r\nhost: x\r\n${close}`)
    expect(refusalOf(read(answer))).toBe('401 unauthenticated')
  })

  test('serves HTTP/1.0 without a Host', async () => {
    expect(read(await spoken('GET /healthz HTTP/1.0\r\n\r\n'))).toMatchObject({ status: 200, body: { ok: true } })
  })

  test('keeps an unread body from disturbing the next request', async () => {
    const first = 'GET /healthz HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}'
    const answers = await spoken(`${first}GET /nowhere HTTP/1.1\r\nhost: x\r\n${close}`)
    expect(answers).toMatch(/^HTTP\/1\.1 200 OK[^]*{"ok":true,[^]*}HTTP\/1\.1 404 Not Found/)
  })
})
