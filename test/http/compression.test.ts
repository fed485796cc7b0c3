import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { type Socket, connect } from 'node:net'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openFront } from '#server/front/front'
import { createLane } from '#server/front/lane'
import { limits } from '#server/front/limits'
import { type Cast, type Stage, createCast } from '../support/world/cast.ts'
import { done } from '../support/http/done.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { browser } from '../support/http/session.ts'

const type = { name: 'server', states: ['up'], initialState: 'up', properties: [{ name: 'note', type: 'string' }] }

let lane: Lane
let cast: Cast
let stage: Stage
let token: string

beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  stage = await cast.project('alpha')
  token = stage.tokens.owner
  await done(lane.send, token, 'POST /acme/alpha/entity-types', type)
  for (let n = 0; n < 30; n++) {
    const entity = {
      entityType: 'server',
      name: `web-${n}`,
      properties: { note: n === 0 ? 'Grüße, 世界 🚀'.repeat(60) : 'plain' },
    }
    await done(lane.send, token, 'POST /acme/alpha/envs/default/entities', entity)
  }
})
afterAll(() => lane.stop())

type Raw = { status: number | undefined; headers: IncomingHttpHeaders; bytes: Buffer; text: string }

/** The bytes of an answer as they came: `fetch` would decode them unasked. */
async function raw(path: string, headers: Record<string, string> = {}, method = 'GET', body?: string): Promise<Raw> {
  const call = request(lane.origin + path, {
    method,
    headers: { ...('cookie' in headers ? {} : { authorization: `Bearer ${token}` }), ...headers },
  })
  call.end(body)
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  const bytes = Buffer.concat((await response.toArray()) as Buffer[])
  return { status: response.statusCode, headers: response.headers, bytes, text: decoded(response.headers, bytes) }
}

function decoded(headers: IncomingHttpHeaders, bytes: Buffer): string {
  if (bytes.length === 0) return ''
  const coding = headers['content-encoding']
  return (coding === 'br' ? brotliDecompressSync(bytes) : coding === 'gzip' ? gunzipSync(bytes) : bytes).toString()
}

const asking = (coding: string) => ({ 'accept-encoding': coding })
const list = '/acme/alpha/envs/default/entities'
const long = `${list}/web-0`
const short = `${list}/web-1`
const exported = '/acme/alpha/export'

describe.for([
  ['a list', list],
  ['a resource', long],
  ['an export', exported],
  ['a CSV', '/acme/alpha/audit-events/export?format=csv'],
  ['a list of the v1 API', '/v1/projects'],
  ['the description of the API', '/openapi.json'],
  ['the description of the v1 API', '/v1/openapi.json'],
] as const)('%s', ([, path]) => {
  const who = () =>
    path === '/v1/projects' ? cast.people.orgOwner.token : path.includes('audit') ? cast.people.orgOwner.token : token
  const get = (headers: Record<string, string>) => raw(path, { authorization: `Bearer ${who()}`, ...headers })

  test.for(['gzip', 'br'] as const)('is the same over %s, and shorter', async (coding) => {
    const plain = await get({})
    const packed = await get(asking(coding))
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(packed.headers['content-encoding']).toBe(coding)
    expect(packed.text).toBe(plain.text)
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 1.5)
    for (const { headers, bytes } of [plain, packed]) {
      expect(headers.vary).toBe('Accept-Encoding')
      expect(headers['content-length']).toBe(String(bytes.length))
    }
    for (const name of ['content-type', 'content-disposition', 'cache-control'])
      expect(packed.headers[name]).toBe(plain.headers[name])
  })
})

beforeAll(async () => {
  for (let n = 0; n < 12; n++)
    await done(lane.send, cast.people.orgOwner.token, 'POST /v1/projects', { name: `a long name ${n}` })
})

describe('an answer', () => {
  test('is not compressed below 1 KiB, unless its client refuses the plain text', async () => {
    const plain = await raw(short, asking('gzip'))
    expect(plain.bytes.length).toBeLessThan(1024)
    expect(plain.headers).not.toHaveProperty('content-encoding')
    expect(plain.headers).not.toHaveProperty('vary')
    const packed = await raw(short, asking('gzip, identity;q=0'))
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' })
    expect(packed.text).toBe(plain.text)
  })

  test('is plain for a client that wants no coding that we have', async () => {
    for (const header of ['identity', 'gzip;q=0', 'deflate, zstd', '*;q=0', 'identity, gzip;q=0.5', ''])
      expect((await raw(list, asking(header))).headers, header).not.toHaveProperty('content-encoding')
  })

  test('without a body has no coding', async () => {
    const changed = await raw(short, asking('gzip, identity;q=0'), 'DELETE')
    expect(changed.status).toBe(200)
    const missing = await raw(short, asking('gzip, identity;q=0'))
    expect(missing).toMatchObject({ status: 404 })
    for (const { headers } of [changed, missing]) expect(headers).not.toHaveProperty('content-encoding')
    const options = await raw(list, asking('gzip'), 'OPTIONS')
    expect(options).toMatchObject({ status: 204 })
    expect(options.headers).not.toHaveProperty('content-encoding')
  })

  test('to HEAD has the headers of GET and no body', async () => {
    for (const [path, coding] of [
      [list, 'gzip'],
      [long, 'br'],
      ['/openapi.json', 'gzip'],
    ] as const) {
      const head = await raw(path, asking(coding), 'HEAD')
      const get = await raw(path, asking(coding))
      expect(head.bytes).toHaveLength(0)
      for (const name of ['content-encoding', 'vary', 'etag', 'content-type']) expect(head.headers[name]).toBe(get.headers[name])
    }
    expect((await raw(exported, asking('gzip'), 'HEAD')).headers.vary).toBe('Accept-Encoding')
  })

  test('ignores Range, which names bytes of no coding in particular', async () => {
    const { status, text } = await raw(list, { ...asking('gzip'), range: 'bytes=0-9' })
    expect(status).toBe(200)
    expect(JSON.parse(text)).toHaveLength(29)
  })

  test('counts as one of many: a hundred at once are all whole', async () => {
    const [{ text }, ...many] = await Promise.all([
      raw(list),
      ...Array.from({ length: 100 }, async (_, n) => raw(list, asking(n % 2 ? 'gzip' : 'br'))),
    ])
    for (const one of many) expect(one.text).toBe(text)
    expect(many.filter(({ headers }) => headers['content-encoding'] !== undefined).length).toBeGreaterThan(10)
  })
})

describe('a version', () => {
  const known = (etag: string, coding?: string) =>
    raw(long, { 'if-none-match': etag, ...(coding !== undefined && asking(coding)) })

  test('is weak over a coding, and known in every form', async () => {
    const { headers } = await raw(long)
    const plain = headers.etag!
    expect(plain).toMatch(/^"[^"]+"$/)
    for (const coding of ['gzip', 'br']) {
      const { etag } = (await raw(long, asking(coding))).headers
      expect(etag).toBe(`W/${plain}`)
      for (const one of [plain, `W/${plain}`, plain.replace(/"$/, '-gzip"'), `"other", ${etag}`]) {
        const answer = await known(one, coding)
        expect(answer).toMatchObject({ status: 304, bytes: Buffer.alloc(0) })
        expect(answer.headers).toMatchObject({ etag, vary: 'Accept-Encoding' })
        expect(answer.headers).not.toHaveProperty('content-length')
      }
    }
    const answer = await known(`W/${plain}`)
    expect(answer.status).toBe(304)
    expect(answer.headers).toMatchObject({ etag: plain, vary: 'Accept-Encoding' })
    expect((await known('"other"', 'gzip')).status).toBe(200)
  })

  test('that was read over a coding allows a change once', async () => {
    const { etag } = (await raw(long, asking('gzip'))).headers
    const change = () =>
      raw(
        long,
        { 'if-match': etag!, 'content-type': 'application/json' },
        'PUT',
        JSON.stringify({ state: 'up', properties: { note: 'new' } }),
      )
    expect(await change()).toMatchObject({ status: 200 })
    expect(await change()).toMatchObject({ status: 412 })
    await done(lane.send, token, `PUT ${long}`, { properties: { note: 'Grüße, 世界 🚀'.repeat(60) } })
  })
})

describe('a secret', () => {
  const packed = { ...asking('gzip, br, identity;q=0'), 'content-type': 'application/json' }

  test('is never compressed where it is issued', async () => {
    const session = await browser(cast.people.orgOwner.credentialId)
    const hook = JSON.stringify({ url: 'https://siem.example.com/hook' })
    const answers = [
      await raw('/acme/alpha/tokens', packed, 'POST', JSON.stringify({ name: 'ci', role: 'viewer' })),
      await raw('/orgs/acme/personal-tokens', { ...packed, ...session }, 'POST', JSON.stringify({ name: 'x'.repeat(50) })),
      await raw('/me/factors', { ...packed, ...session }),
      await raw('/orgs/acme/webhooks', { ...packed, authorization: `Bearer ${cast.people.orgOwner.token}` }, 'POST', hook),
    ]
    for (const { status, headers, bytes } of answers) {
      expect(status, bytes.toString()).toBeLessThan(300)
      expect(headers).not.toHaveProperty('content-encoding')
      expect(headers).not.toHaveProperty('vary')
    }
  })

  test('is never compressed where it can be read again', async () => {
    const { orgOwner } = cast.people
    const invitations = Array.from({ length: 10 }, (_, n) => ({ email: `someone-${n}@elsewhere.test` }))
    await done(lane.send, orgOwner.token, 'POST /orgs/acme/invitations', { invitations })
    for (const path of ['/orgs/acme/invitations', `/v1/projects/${stage.id}/tokens`]) {
      const { status, headers } = await raw(path, { ...packed, authorization: `Bearer ${orgOwner.token}` })
      expect(status).toBe(200)
      expect(headers).not.toHaveProperty('content-encoding')
    }
  })
})

test('progress is not compressed: each line is to be seen as it is written', async () => {
  const items = { items: [{ kind: 'EntityType', name: 'disk', states: ['up'], initialState: 'up' }] }
  const headers = { ...asking('gzip'), accept: 'application/x-ndjson', 'content-type': 'application/json' }
  const answer = await raw('/acme/alpha/envs/default/apply', headers, 'POST', JSON.stringify(items))
  expect(answer.status, answer.text).toBe(200)
  expect(answer.headers).not.toHaveProperty('content-encoding')
})

describe('a client that takes a compressed export one byte at a time', () => {
  test('is cut off like one that takes a plain export, and holds up nobody', async () => {
    const { id, tokens } = await cast.project('beta')
    const beta = '/acme/beta/export'
    await done(lane.send, tokens.owner, 'POST /acme/beta/entity-types', type)
    for (let n = 0; n < 20; n++)
      await done(lane.send, tokens.owner, 'POST /acme/beta/envs/default/entities', { entityType: 'server', name: `noise-${n}` })
    // What zlib cannot shorten is more than the buffers between the server and its client hold.
    const properties = () => JSON.stringify({ note: randomBytes(600_000).toString('base64') })
    for (let n = 0; n < 20; n++)
      await lane.db
        .updateTable('entities')
        .set({ properties: properties() })
        .where('project_id', '=', id)
        .where('name', '=', `noise-${n}`)
        .execute()
    const front = await openFront({ host: '127.0.0.1', port: 0 }, { ...limits, readTime: 3000, lookEvery: 50 })
    front.serve((await createLane()).listener)
    let received = ''
    const slow: Socket = connect({
      port: front.port,
      host: '127.0.0.1',
      onread: {
        buffer: Buffer.alloc(1),
        callback: (_, bytes) => {
          received += Buffer.from(bytes).toString('latin1')
          setTimeout(() => slow.resume(), 1)
          return false
        },
      },
    })
    const closed = once(slow, 'close')
    slow.on('error', () => {})
    slow.write(`GET ${beta} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokens.owner}\r\nAccept-Encoding: gzip\r\n\r\n`)
    await expect.poll(() => received, { timeout: 10_000 }).toContain('content-encoding: gzip')
    const again = async () => (await raw(beta, { ...asking('gzip'), authorization: `Bearer ${tokens.owner}` })).status
    expect(await again()).toBe(429)
    const others = await Promise.all(Array.from({ length: 20 }, async () => raw(list, asking('gzip'))))
    for (const { status, text } of others) {
      expect(status).toBe(200)
      expect(JSON.parse(text)).not.toHaveLength(0)
    }
    await expect.poll(again, { timeout: 20_000 }).toBe(200)
    slow.destroy()
    await closed
    await front.drain()
  }, 60_000)
})
