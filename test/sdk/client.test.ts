import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo } from 'node:net'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { operationIds, operations } from '#contract/operations'
import { BulkheadError, type Client, type Operations, Unanswered, createClient } from '../../sdk/src/client.ts'
import { operations as known } from '../../sdk/src/operations.gen.ts'
import { exampleOf, nameOf } from '../support/http/examples.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { startHostileProvider } from '../support/servers/hostile-provider.ts'
import { type Cast, createCast } from '../support/world/cast.ts'
import { fill } from '../support/world/catalog.ts'
import { recipes } from './recipes.ts'

let lane: Lane
let cast: Cast
const provider = await startHostileProvider()
beforeAll(async () => {
  lane = await startLane()
  Object.assign(process.env, provider.settings)
  cast = await createCast(lane.db)
})
afterAll(async () => {
  await lane.stop()
  await provider.stop()
})

/** Calls by id, where the test has what the types would ask for. */
type AnyCall = (id: keyof Operations, input: object) => Promise<unknown>

async function gathered(lines: AsyncGenerator): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const line of lines) all.push(line)
  return all
}

describe('every operation', () => {
  const all = operations.filter(({ status, path }) => status !== 303 && path !== '/setup/owner')
  let counter = 0

  test('is in the client', () => {
    expect(Object.keys(known).toSorted()).toEqual(
      operations
        .filter(({ status }) => status !== 303)
        .map((one) => operationIds.get(one)!)
        .toSorted(),
    )
  })

  test.for(all.map((operation) => ({ id: operationIds.get(operation) as keyof Operations, operation })))(
    '$id is answered',
    async ({ id, operation }) => {
      const { as, params, body, lines } = await exampleOf(
        lane.send,
        cast,
        await cast.project(`sdk-${++counter}`),
        nameOf(operation),
      )
      const credential = typeof as === 'string' ? { token: as } : {}
      const client = createClient({
        url: lane.origin,
        ...credential,
        fetch: (to, init) =>
          fetch(to, { ...init, headers: { ...(init.headers as object), ...(typeof as === 'object' ? as : {}) } }),
      })
      const content = lines ? lines.map((line) => `${JSON.stringify(line)}\n`).join('') : body
      const input = { path: params, ...(content !== undefined && { body: content }) }
      const isStream = (known[id] as readonly string[]).includes('lines')
      const answer = isStream
        ? await gathered((client.lines as (one: typeof id, given: object) => AsyncGenerator)(id, input))
        : await (client.call as AnyCall)(id, input)
      const shape = isStream ? operation.returns.array() : operation.returns
      expect(shape.safeParse(answer).error).toBeUndefined()
    },
  )
})

describe('lists', () => {
  test('are read to their end, a page at a time, and no further than somebody looks', async () => {
    const stage = await cast.project('paged')
    for (let i = 0; i < 5; i++)
      await lane.send(stage.tokens.owner, 'POST /acme/paged/environments', { json: { name: `env-${i}` } })
    let asked = 0
    const client = createClient({ url: lane.origin, token: stage.tokens.owner, fetch: (to, init) => (asked++, fetch(to, init)) })
    const names = []
    for await (const { name } of client.each('environments.list', { path: { o: 'acme', p: 'paged' }, query: { limit: 2 } }))
      names.push(name)
    expect(names).toHaveLength(7)
    expect(asked).toBe(4)
    for await (const { name } of client.each('environments.list', { path: { o: 'acme', p: 'paged' }, query: { limit: 2 } })) {
      expect(name).toBe(names[0])
      break
    }
    expect(asked).toBe(5)
  })
})

/** A server that answers as told, and what it was asked. */
async function serve(answer: RequestListener) {
  const asked: { method: string; headers: Record<string, unknown> }[] = []
  const server = createServer((request, response) => {
    asked.push({ method: request.method!, headers: request.headers })
    answer(request, response)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const refusal = (code: string) => JSON.stringify({ error: 'No.', code, requestId: 'r' })
const create = (client: Client) => client.call('projects.create', { path: { orgId: 'acme' }, body: { name: 'Web', slug: 'web' } })

describe('another try', () => {
  test('waits as long as the server says, and repeats a POST with the same key', async () => {
    let tried = 0
    const { asked, url } = await serve((_request, response) => {
      if (++tried < 3) response.writeHead(tried === 1 ? 429 : 503, { 'retry-after': '0' }).end(refusal('overloaded'))
      else response.writeHead(201).end('{"slug":"web"}')
    })
    expect(await create(createClient({ url, token: 't' }))).toMatchObject({ slug: 'web' })
    const keys = asked.map(({ headers }) => headers['idempotency-key'])
    expect(keys).toHaveLength(3)
    expect(new Set(keys).size).toBe(1)
  })

  test('is not made for a refusal, nor when the server asks for too much patience', async () => {
    const { asked, url } = await serve((request, response) => {
      if (request.method === 'POST') response.writeHead(409).end(refusal('slug_taken'))
      else response.writeHead(503, { 'retry-after': '3600' }).end(refusal('unavailable'))
    })
    const client = createClient({ url, token: 't' })
    const taken = await create(client).catch((error: unknown) => error)
    expect(taken).toBeInstanceOf(BulkheadError)
    expect(taken).toMatchObject({ status: 409, code: 'slug_taken', requestId: 'r', message: 'No.' })
    await expect(client.call('me.get')).rejects.toMatchObject({ code: 'unavailable', retryAfter: 3600 })
    expect(asked).toHaveLength(2)
  })

  test('is not made for what may have happened already', async () => {
    const { asked, url } = await serve((request) => void request.socket.destroy())
    const client = createClient({ url, token: 't', retries: 1 })
    const path = { orgId: 'acme', projectId: 'web' }
    await expect(client.call('projects.update', { path, body: {} }, { ifMatch: '"1"' })).rejects.toBeInstanceOf(Unanswered)
    expect(asked).toHaveLength(1)
    await expect(client.call('projects.update', { path, body: {} })).rejects.toBeInstanceOf(Unanswered)
    expect(asked).toHaveLength(3)
  })
})

test('an answer that is late, or no JSON, or from elsewhere, is no answer', async () => {
  const { url } = await serve((request, response) => {
    if (request.url === '/me') return
    if (request.url!.startsWith('/orgs/off')) response.end('<html>')
    else response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
  })
  const client = createClient({ url, token: 't', timeout: 100, retries: 0 })
  await expect(client.call('me.get')).rejects.toMatchObject({ name: 'Unanswered', cause: { name: 'TimeoutError' } })
  await expect(client.call('organizations.get', { path: { orgId: 'off' } })).rejects.toBeInstanceOf(Unanswered)
  await expect(client.call('organizations.get', { path: { orgId: 'moved' } })).rejects.toBeInstanceOf(Unanswered)
})

test('stops at once when its caller does, also between two tries', async () => {
  const { url } = await serve(
    (_request, response) => void response.writeHead(503, { 'retry-after': '20' }).end(refusal('unavailable')),
  )
  const client = createClient({ url, token: 't' })
  const leaving = new AbortController()
  const call = client.call('me.get', {}, { signal: leaving.signal })
  leaving.abort(new Error('enough'))
  await expect(call).rejects.toThrow('enough')
})

test('a parameter that is missing is named before anything is sent', async () => {
  const client = createClient({ url: 'http://127.0.0.1:1' })
  await expect((client.call as AnyCall)('projects.get', { path: { orgId: 'acme' } })).rejects.toThrow(
    'projects.get needs path.projectId',
  )
})

test.for([
  ['', 'evil.example'],
  ['..', 'x'],
  ['acme', '.'],
])('%j can’t make another URL of a path', async ([o, p]) => {
  const sent: string[] = []
  const client = createClient({
    url: 'http://127.0.0.1:1',
    token: 'bhu_secret',
    fetch: async (to) => {
      sent.push(to)
      return Response.json({})
    },
  })
  await expect(client.call('nuke.preview', { path: { o: o!, p: p! } })).rejects.toThrow(/^path\.[op] can’t be/)
  expect(sent).toEqual([])
})

describe('the recipes', () => {
  test('are those of the README', async () => {
    const readme = await readFile('sdk/README.md', 'utf8')
    const source = await readFile('test/sdk/recipes.ts', 'utf8')
    const blocks = [...readme.matchAll(/^### (.+)\n\n```ts\n([^]*?)```/gm)].map(([, title, code]) => ({
      title: title!,
      code: code!,
    }))
    expect(blocks.map(({ title }) => title)).toEqual(Object.keys(recipes))
    for (const { title, code } of blocks) {
      const lines = code
        .trimEnd()
        .split('\n')
        .map((line) => line && `    ${line}`)
      expect(source, title).toContain(lines.join('\n'))
    }
  })

  test('work', async () => {
    const stage = await cast.project('web')
    await fill(await cast.world.inside({ id: stage.id }))
    const token = cast.people.orgOwner.token
    const bulkhead = createClient({ url: lane.origin, token })
    const file = join(await mkdtemp(join(tmpdir(), 'bulkhead-recipes-')), 'web.ndjson')
    const { id: userId } = await cast.world.person('member')
    const given = { url: lane.origin, token, bulkhead, file, userId }
    for (const [title, recipe] of Object.entries(recipes)) expect(await recipe(given), title).toBeTruthy()
    expect((await readFile(file, 'utf8')).split('\n').length).toBeGreaterThan(2)
  })
})
