import assert from 'node:assert/strict'
import { type Socket, connect } from 'node:net'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { database, sharesOf, wholeDatabase } from '#db/client'
import { createWorld } from '#test/support/world/world'
import { type Lane, startLane } from '../support/http/lane.ts'
import { pagesOf } from '../support/http/pages.ts'
import { answersHeld } from '#server/http/answers'
import { bodyLimits } from '#server/http/body-limits'
import { bodiesHeld } from '#server/http/body-store'

let lane: Lane
let token: string
let weak: string
let neighbor: string
const usual = { ...bodyLimits }
const sockets: Socket[] = []

beforeAll(async () => {
  lane = await startLane()
  const world = await createWorld(lane.db)
  const project = await world.project('alpha')
  token = (await world.token(project, { role: 'owner' })).text
  weak = (await world.token(project, { role: 'viewer', cellScopes: [], name: 'weak' })).text
  const elsewhere = await createWorld(lane.db, 'other')
  neighbor = (await elsewhere.token(await elsewhere.project('beta'), { role: 'owner' })).text
})
afterAll(() => lane.stop())
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  Object.assign(bodyLimits, usual)
  // Waits until the server has cleaned up after a client, before the next test begins.
  await vi.waitFor(() => assert.deepEqual([used(), bodiesHeld()], [0, { memory: 0, disk: 0 }]), { timeout: 10_000 })
})

const used = () => Object.values(sharesOf(wholeDatabase()) ?? {}).reduce((sum, one) => sum + one.used + one.waiting, 0)

/** A raw connection and everything received on it. */
function open(text: string) {
  const socket = connect(lane.port, '127.0.0.1')
  sockets.push(socket)
  let came = ''
  socket.on('data', (data) => (came += data.toString()))
  socket.on('error', () => {})
  socket.write(text)
  return { socket, came: () => came, status: () => Number(/^HTTP\/1\.1 (\d+)/.exec(came)?.[1] ?? 0) }
}

const head = (request: string, ...headers: string[]) => [`${request} HTTP/1.1`, 'host: bulkhead', ...headers, '', ''].join('\r\n')
const chunked = 'transfer-encoding: chunked'
const json = 'content-type: application/json'
const bearer = (text: string) => `authorization: Bearer ${text}`

const fromNeighbor = () => lane.send<{ slug: string }>(neighbor, 'GET /orgs/other/projects/beta')

describe('a body', () => {
  test('is refused after a thousand pieces when it comes a byte at a time', async () => {
    const { came, status, socket } = open(head('POST /session', chunked, json))
    socket.write('1\r\n \r\n'.repeat(20_000))
    await expect.poll(status).toBe(400)
    expect(came()).toContain('too many small chunks')
    await expect.poll(() => socket.closed, { timeout: 5000 }).toBe(true)
  })

  test.for([
    ['without a credential', 'POST /session', []],
    ['with one', 'POST /acme/alpha/envs/default/entities', ['token']],
    ['of an import', 'POST /acme/alpha/import', ['token']],
  ] as const)('times out with 408 when it does not arrive, %s', async ([, request, proof]) => {
    Object.assign(bodyLimits, { grace: 100 })
    const type = request.endsWith('import') ? 'content-type: application/x-ndjson' : json
    const { came, status, socket } = open(head(request, 'content-length: 1000', type, ...proof.map(() => bearer(token))))
    socket.write('\n')
    await expect.poll(status, { timeout: 5000 }).toBe(408)
    expect(came()).toContain('"code":"request_timeout"')
    await expect.poll(() => socket.closed, { timeout: 5000 }).toBe(true)
  })

  test('is 413 above 64 KiB from an unauthenticated caller', async () => {
    const { status, body } = await lane.send(null, 'POST /session', { json: { email: 'x'.repeat(70_000) } })
    expect([status, body.error]).toEqual([413, 'The body must be at most 64 KiB'])
  })

  test('is 415 in both dialects when it is compressed', async () => {
    const sent = { raw: '{}', headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } }
    for (const request of ['POST /acme/alpha/envs/default/entities', 'POST /v1/agents']) {
      const { status, body } = await lane.send(token, request, sent)
      expect([request, status, body.error]).toEqual([request, 415, 'Send the body without Content-Encoding'])
    }
  })

  test('leaves nothing in memory or on disk when it ends early', async () => {
    const big = open(head('POST /acme/alpha/envs/default/apply', 'content-length: 15000000', json, bearer(token)))
    big.socket.write(' '.repeat(3_000_000))
    await expect.poll(() => bodiesHeld().disk).toBeGreaterThan(1_000_000)
    big.socket.destroy()
    await expect.poll(() => bodiesHeld()).toEqual({ memory: 0, disk: 0 })
  })

  test('counts toward a total per address: beyond it, unauthenticated callers get 429', async () => {
    const many = Array.from({ length: 20 }, () => {
      const one = open(head('POST /session', 'content-length: 65000', json))
      one.socket.write('x'.repeat(60_000))
      return one
    })
    await expect.poll(() => many.filter(({ status }) => status() === 429).length).toBeGreaterThan(0)
    expect((await fromNeighbor()).status).toBe(200)
  })

  test('is read to its end after a 413, so that the client receives the refusal', async () => {
    const { status } = await lane.send(token, 'POST /acme/alpha/envs/default/entities', { raw: 'x'.repeat(8_000_000) })
    expect(status).toBe(413)
  })

  test.for([1, 7, 64, 1000])('is the same when it comes in pieces of %i bytes', async (size) => {
    const text = JSON.stringify({ name: `piece-${size}`, states: ['up'], initialState: 'up' })
    const { socket, status } = open(head('POST /acme/alpha/entity-types', chunked, json, bearer(token)))
    for (let at = 0; at < text.length; at += size) {
      const piece = text.slice(at, at + size)
      socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`)
    }
    socket.write('0\r\n\r\n')
    await expect.poll(status).toBe(201)
  })
})

describe('announced bodies', () => {
  const apply = (slugs: string, proof: string, length: number) =>
    head(`POST /${slugs}/envs/default/apply`, `content-length: ${length}`, json, bearer(proof))

  test('of one caller are refused past 64 MiB, and count against nobody else', async () => {
    const announcing = Array.from({ length: 5 }, () => open(apply('acme/alpha', token, 16 * 1024 * 1024)))
    await expect.poll(() => announcing.map(({ status }) => status()).filter((status) => status === 429)).toHaveLength(1)
    expect(bodiesHeld()).toEqual({ memory: 0, disk: 0 })
    const body = `{"items":[]}${' '.repeat(2 * 1024 * 1024)}`
    const other = open(apply('other/beta', neighbor, body.length) + body)
    await expect.poll(other.status, { timeout: 10_000 }).toBe(200)
  })
})

describe('an export', () => {
  test('is not started by HEAD', async () => {
    for (let i = 0; i < 30; i++) expect((await lane.send(weak, 'HEAD /acme/alpha/export')).status).toBe(200)
    expect(used()).toBe(0)
  })

  test('holds no connection after its client hangs up', async () => {
    for (let i = 0; i < 40; i++)
      open(head('GET /acme/alpha/export', bearer(weak)))
        .socket.end()
        .destroySoon()
    expect((await fromNeighbor()).status).toBe(200)
  })

  test('runs one at a time per caller, and a client that does not read delays nobody else', async () => {
    const filler = Array.from({ length: 400 }, (_, i) => ({
      kind: 'Secret',
      name: `filler-${i}`,
      description: 'x'.repeat(400),
    }))
    expect((await lane.send(token, 'POST /acme/alpha/envs/default/apply', { json: { items: filler } })).status).toBe(200)
    const readers = Array.from({ length: 14 }, () => {
      const one = open(head('GET /acme/alpha/export', bearer(token)))
      one.socket.pause()
      return one
    })
    expect((await fromNeighbor()).status).toBe(200)
    await expect.poll(used).toBe(0)
    for (const { socket } of readers) socket.resume()
    await expect.poll(() => readers.every(({ status }) => status() > 0)).toBe(true)
    expect(new Set(readers.map(({ status }) => status()))).toEqual(new Set([200, 429]))
  })

  test('states its length, and is complete', async () => {
    const { headers, text } = await lane.send(token, 'GET /acme/alpha/export', { headers: { 'accept-encoding': 'identity' } })
    expect(headers.get('content-length')).toBe(String(Buffer.byteLength(text)))
    expect(text.split('\n').at(-1)).toBe('')
  })
})

describe('an import', () => {
  test('holds no connection when it sends a newline and then nothing', async () => {
    const type = 'content-type: application/x-ndjson'
    const idle = Array.from({ length: 11 }, () =>
      open(`${head('POST /acme/alpha/import', chunked, type, bearer(token))}1\r\n\n\r\n`),
    )
    expect((await fromNeighbor()).status).toBe(200)
    await expect.poll(() => idle.filter(({ status }) => status() === 429).length).toBe(10)
    expect(used()).toBe(0)
  })

  test('splits lines correctly, however the chunks arrive', async () => {
    const line = JSON.stringify({ kind: 'Surprise', text: 'é'.repeat(50_000) })
    const lines = `\n\n${line}\n`
    const { status, body } = await lane.send(token, 'POST /acme/alpha/import', {
      raw: lines,
      headers: { 'content-type': 'application/x-ndjson' },
    })
    expect([status, body.code]).toEqual([409, 'project_not_empty'])
  })
})

describe('a page', () => {
  /** Rows as large as those from before there was a limit. */
  async function large(count: number, bytes: number) {
    const type = { name: `large-${bytes}`, states: ['up'], initialState: 'up', properties: [{ name: 'text', type: 'string' }] }
    await lane.send(token, 'POST /acme/alpha/entity-types', { json: type })
    const items = Array.from({ length: count }, (_, i) => ({ kind: 'Entity', entityType: type.name, name: `${bytes}-${i}` }))
    await lane.send(token, 'POST /acme/alpha/envs/default/apply', { json: { items } })
    await sql`update entities set properties = (select jsonb_object_agg('p' || i, repeat('x', 10000)) from generate_series(1, ${bytes / 10_000}::int) i) where entity_type = ${type.name}`.execute(
      lane.db,
    )
    return `/acme/alpha/envs/default/entities?entityType=${type.name}`
  }

  test('ends after 4 MiB, and its Link leads to each of the remaining rows once', async () => {
    const path = await large(60, 300_000)
    const names: string[] = []
    let pages = 0
    for await (const { body, text } of pagesOf<{ name: string }>(lane.send, token, `${path}&limit=200`)) {
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4 * 1024 * 1024)
      names.push(...body.map(({ name }) => name))
      pages++
    }
    expect(names).toHaveLength(60)
    expect(new Set(names).size).toBe(60)
    expect(pages).toBe(5)
    const exported = await lane.send(token, 'GET /acme/alpha/export')
    expect(exported.text.split('\n').filter((line) => line.includes('large-300000') && line.includes('"Entity"'))).toHaveLength(
      60,
    )
  })

  test('contains a single row that is larger than that', async () => {
    const path = await large(3, 5_000_000)
    const { body, headers } = await lane.send<unknown[]>(token, `GET ${path}`)
    expect(body).toHaveLength(1)
    expect(headers.get('link')).toContain('rel="next"')
  })

  test('counts toward its caller until it is read, and delays nobody else', async () => {
    const path = await large(20, 400_000)
    // The kernel takes the first 4 MiB or so of a connection itself.
    const readers = Array.from({ length: 20 }, () => {
      const one = open(head(`GET ${path}&limit=200`, bearer(token)).repeat(4))
      one.socket.pause()
      return one
    })
    // The server produces nothing for a client that does not read what was already sent.
    const oneMore = async () => {
      const { status, headers } = await lane.send(token, 'GET /orgs/acme/projects/alpha')
      return [status, headers.get('retry-after')]
    }
    await expect.poll(oneMore, { timeout: 10_000 }).toEqual([429, '1'])
    expect((await fromNeighbor()).status).toBe(200)
    await expect.poll(used, { timeout: 10_000 }).toBe(0)
    expect(answersHeld()).toBeLessThanOrEqual(32 * 1024 * 1024)
    for (const { socket } of readers) socket.destroy()
    await expect.poll(() => answersHeld()).toBe(0)
  })
})

describe('database connections', () => {
  /** Holds a project's row lock until it is released. */
  async function held(slug: string) {
    const { promise, resolve } = Promise.withResolvers<void>()
    const locked = Promise.withResolvers<void>()
    const done = lane.db.transaction().execute(async (trx) => {
      await sql`select from projects where slug = ${slug} for update`.execute(trx)
      locked.resolve()
      await promise
    })
    await locked.promise
    return async () => {
      resolve()
      await done
    }
  }

  test('stay available to others when all writers of an organization wait for one lock', async () => {
    const release = await held('alpha')
    onTestFinished(release)
    const writes = Array.from({ length: 30 }, (_, i) =>
      lane.send(token, 'POST /acme/alpha/entity-types', { json: { name: `t${i}`, states: ['up'], initialState: 'up' } }),
    )
    await expect.poll(() => sharesOf(wholeDatabase())!.write.waiting).toBe(28)
    expect(sharesOf(wholeDatabase())!.write.used).toBe(2)
    const made = { json: { name: 'theirs', states: ['up'], initialState: 'up' } }
    expect((await lane.send(neighbor, 'POST /other/beta/entity-types', made)).status).toBe(201)
    expect((await lane.send(null, 'GET /readyz')).status).toBe(200)
    await release()
    expect((await Promise.all(writes)).map(({ status }) => status)).toEqual(writes.map(() => 201))
  })

  test('come back when the database session of one dies', async () => {
    const claim = { class: 'write', owner: 'somebody' } as const
    const dead = database(claim)
      .transaction()
      .execute(async (trx) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx)
        await sql`select pg_terminate_backend(${rows[0]!.pid})`.execute(lane.db)
        await sql`select 1`.execute(trx)
      })
    await expect(dead).rejects.toThrow(/terminat|ECONNRESET|connection error|server conn crashed/)
    expect(used()).toBe(0)
  })
})
