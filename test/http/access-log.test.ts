import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { operations } from '#contract/operations'
import { v1Operations } from '#contract/v1/operations'
import { type Cast, createCast, ownersPassword } from '../support/world/cast.ts'
import { examplesOf, nameOf, requestOf, sentBy } from '../support/http/examples.ts'
import { startHostileProvider } from '../support/servers/hostile-provider.ts'
import { type Logged, startLaneProcess } from '../support/servers/lane-process.ts'
import { type V1Example, v1ExamplesOf } from '../support/v1/examples.ts'

/*
 * Every request leaves exactly one line in the log: each operation of both APIs, each kind of refusal, and clients that hang up.
 * What was sent is compared with the whole log of a process, read after it has ended.
 */

const provider = await startHostileProvider()
let lane: Awaited<ReturnType<typeof startLaneProcess>>
let cast: Cast
beforeAll(async () => {
  lane = await startLaneProcess('info', provider.settings)
  cast = await createCast(lane.db)
})
afterAll(() => provider.stop())

type Sent = { id: string; line: Record<string, unknown> }
const sent: Sent[] = []
let counter = 0

/** Remembers the line that the request with this id must leave. */
function expectLine(line: Record<string, unknown>): string {
  const id = `request-${++counter}`
  sent.push({ id, line })
  return id
}

const person = () => ({ actorKind: 'user', actorId: cast.people.orgOwner.id })

/** What is sent to a connection as it stands, until the server closes it or \`until\` has come back. */
async function raw(text: string, until?: string): Promise<string> {
  const socket = connect({ port: lane.port, host: '127.0.0.1' })
  let received = ''
  socket.setEncoding('utf8').on('data', (data: string) => {
    received += data
    if (until !== undefined && received.includes(until)) socket.destroy()
  })
  socket.write(text)
  await once(socket, 'close')
  return received
}

const head = (request: string, id: string, more = '') =>
  `${request} HTTP/1.1\r\nhost: x\r\nx-request-id: ${id}\r\nauthorization: Bearer ${cast.people.orgOwner.token}\r\n${more}\r\n`

/** What removes something comes last, and what removes most at the very end, so that few of the calls find nothing. */
const order = (name: string) =>
  name.startsWith('GET') ? 0 : !name.startsWith('DELETE') ? 1 : / \S*\/projects\/\{\w+\}$/.test(name) ? 3 : 2

test('every operation of both APIs', { timeout: 60_000 }, async () => {
  const org = await examplesOf(lane.send, cast, await cast.project('org-stage'))
  const v1 = await v1ExamplesOf(lane.send, cast, await cast.project('v1-stage'))
  const named: [string, V1Example][] = [...operations, ...v1Operations]
    .filter(({ path }) => path !== '/setup/owner')
    .map(nameOf)
    .toSorted((a, b) => order(a) - order(b))
    .map((name) => [name, v1[name] ?? org[name]!])
  for (const [name, example] of named) {
    const { as, params, after = '', raw: bytes } = example
    const id = expectLine({ operation: name })
    const content = bytes === undefined ? sentBy(example) : { raw: bytes }
    const headers = { ...('headers' in content ? content.headers : {}), 'x-request-id': id }
    const answer = await lane.send(as, requestOf(name, params) + after, { ...content, headers })
    expect(answer.headers.get('x-request-id'), name).toBe(id)
    Object.assign(sent.at(-1)!.line, { status: answer.status })
  }
})

/** Requests of each kind; each is expected where it is sent. */
const kinds: Record<string, () => Promise<void>> = {
  async 'from a person, a project token and an agent'() {
    const project = await cast.project('called')
    const orgId = cast.world.org.id
    const get = (who: Parameters<typeof lane.send>[0], request: string, line: Record<string, unknown>) =>
      lane.send(who, request, { headers: { 'x-request-id': expectLine(line) } })
    const path = `GET /orgs/acme/projects/called`
    await get(cast.people.orgOwner.token, path, {
      ...person(),
      orgId,
      status: 200,
      operation: 'GET /orgs/{orgId}/projects/{projectId}',
    })
    await get(project.tokens.viewer, path, { actorKind: 'project_token', orgId, status: 200 })
    const { body: agent } = await lane.send<{ id: string; token: string }>(
      { 'x-project-token': project.tokens.owner },
      'POST /v1/agents',
      {
        json: { name: 'a', machineID: 'a', type: 'fluentbit', version: 'v3.1.0', edition: 'community' },
      },
    )
    await get({ 'x-agent-token': agent.token }, `GET /v1/agents/${agent.id}`, {
      actorKind: 'agent',
      actorId: agent.id,
      orgId,
      status: 200,
    })
    await get(null, path, { status: 401, code: 'unauthenticated', actorKind: undefined, orgId: undefined })
    await get(cast.stranger.token, path, { status: 404, code: 'organization_not_found', actorId: cast.stranger.id })
    await get(cast.people.viewer.token, 'GET /orgs/acme/projects/called/tokens', {
      status: 403,
      code: 'forbidden',
      actorId: cast.people.viewer.id,
      orgId,
    })
    await get({ 'x-project-token': project.tokens.viewer }, `GET /v1/projects/${project.id}/tokens`, { status: 403, orgId })
  },

  async 'a refusal of a broken body, media type, method, path or size'() {
    const { token } = cast.people.orgOwner
    const post = (line: object, content: Parameters<typeof lane.send>[2], request = 'POST /orgs/acme/projects') =>
      lane.send(token, request, { ...content, headers: { ...content?.headers, 'x-request-id': expectLine({ ...line }) } })
    const json = { 'content-type': 'application/json' }
    await post({ status: 400, code: 'invalid_request', ...person() }, { raw: '{"name"', headers: json })
    await post({ status: 415, code: 'unsupported_media_type' }, { raw: 'x', headers: { 'content-type': 'text/plain' } })
    await post({ status: 413, code: 'body_too_large' }, { raw: 'x'.repeat(1_100_000), headers: json })
    await post({ status: 405, code: 'method_not_allowed', method: 'PUT' }, { json: {} }, 'PUT /orgs/acme/projects')
    await post({ status: 404, code: 'not_found' }, {}, 'POST /v1/nowhere')
    await post({ status: 404, code: 'not_found' }, {}, 'GET /a/b/c/d/e/f')
    await post({ status: 204, method: 'OPTIONS' }, {}, 'OPTIONS /orgs')
    await post({ status: 414, code: 'url_too_long' }, {}, `GET /orgs?x=${'x'.repeat(17_000)}`)
    await post({ status: 200, method: 'HEAD', operation: 'GET /orgs' }, {}, 'HEAD /orgs')
  },

  async 'a refusal of a request that the front refuses'() {
    await raw(head('GET //orgs', expectLine({ status: 400, code: 'invalid_request' }), 'connection: close\r\n'))
    await raw(head('GET /orgs', expectLine({ status: 400, code: 'invalid_request' }), 'host: y\r\nconnection: close\r\n'))
    await raw(head('GET /orgs', expectLine({ status: 417, code: 'expectation_failed' }), 'expect: tea\r\nconnection: close\r\n'))
    const many = Array.from({ length: 250 }, (_, i) => `x-${i}: 1\r\n`).join('')
    await raw(head('GET /orgs', expectLine({ status: 431, code: 'headers_too_large' }), `${many}connection: close\r\n`))
    await raw(
      head('PROPFIND /orgs', expectLine({ status: 405, code: 'method_not_allowed', method: 'other' }), 'connection: close\r\n'),
    )
  },

  async 'a refusal of what is no request at all'() {
    // The server gives these an id, since it cannot read theirs.
    const refused = async (text: string, line: object) => {
      const answer = await raw(text)
      const id = /^x-request-id: (\S+)\r$/m.exec(answer)?.[1]
      expect(id, answer).toBeDefined()
      sent.push({ id: id!, line: { ...line } })
    }
    await refused('nonsense\r\n\r\n', { status: 400, code: 'invalid_request' })
    await refused(`GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`, { status: 431, code: 'headers_too_large' })
    await refused('CONNECT example.com:443 HTTP/1.1\r\nhost: x\r\n\r\n', { status: 400 })
    await refused('GET / HTTP/1.1\r\nhost: x\r\n', { status: 408, code: 'request_timeout' })
  },

  async 'a refusal of a body that never comes, or breaks'() {
    const content = 'content-type: application/json\r\n'
    await raw(
      head(
        'POST /orgs/acme/projects',
        expectLine({ status: 408, code: 'request_timeout', ...person() }),
        `${content}content-length: 9\r\n`,
      ),
    )
    await raw(
      `${head('POST /orgs/acme/projects', expectLine({ status: 400 }), `${content}transfer-encoding: chunked\r\n`)}nonsense\r\n\r\n`,
    )
  },

  async 'a refusal of too many requests at once on a connection'() {
    const ahead = Array.from({ length: 66 }, (_, i) => head('GET /orgs', expectLine(i === 64 ? { status: 429 } : {})))
    await raw(ahead.join(''))
  },

  async 'a client that hangs up before its answer, with others waiting behind it'() {
    const socket = connect({ port: lane.port, host: '127.0.0.1' })
    const gone = { status: undefined, cut: true }
    const body = 'content-type: application/json\r\ncontent-length: 100\r\n'
    socket.write(head('GET /healthz', expectLine({ status: 200, cut: undefined, operation: 'GET /healthz' })))
    await once(socket, 'data')
    socket.write(head('POST /orgs/acme/projects', expectLine(gone), body))
    socket.resetAndDestroy()
    await once(socket, 'close')
    const many = connect({ port: lane.port, host: '127.0.0.1' })
    many.write([1, 2, 3].map(() => head('GET /orgs/acme/projects', expectLine({}))).join(''))
    many.write(head('GET /healthz', expectLine({})), () => many.destroy())
    await once(many, 'close')
  },

  async 'with a trace'() {
    const trace = '0af7651916cd43dd8448eb211c80319c'
    for (const [traceparent, traceId] of [
      [`00-${trace}-b7ad6b7169203331-01`, trace],
      [`00-${trace.toUpperCase()}-b7ad6b7169203331-01`, undefined],
      ['00-"}-b7ad6b7169203331-01', undefined],
    ] as const)
      await lane.send(null, 'GET /healthz', { headers: { traceparent, 'x-request-id': expectLine({ traceId }) } })
  },
}

test.for(Object.entries(kinds))('%s', async ([, send]) => {
  const before = sent.length
  await send()
  expect(sent.length).toBeGreaterThan(before)
})

test('a request has a new id when its own is not plain', async () => {
  for (const own of ['', 'a b', 'x'.repeat(129), 'é', '"},{"', 'a,b']) {
    const { headers } = await lane.send(null, 'GET /healthz', { headers: { 'x-request-id': own } })
    const id = headers.get('x-request-id') ?? ''
    // The probe of health answers without an operation's headers only while the server starts.
    expect(id).toMatch(/^[\da-f-]{36}$/)
    sent.push({ id, line: { status: 200, operation: 'GET /healthz' } })
  }
})

test('the audit log has the client’s id of the request', async () => {
  const { token } = cast.people.orgOwner
  const id = expectLine({ status: 201, operation: 'POST /orgs/{orgId}/projects' })
  await lane.send(token, 'POST /orgs/acme/projects', { json: { name: 'Named', slug: 'named' }, headers: { 'x-request-id': id } })
  const { body } = await lane.send<object[]>(token, `GET /orgs/acme/audit-events?requestId=${id}`)
  expect(body).toMatchObject([{ action: 'project.created', requestId: id }])
})

// Last, since it ends the process.
test('each of these left exactly one line, and no line has a secret', { timeout: 60_000 }, async () => {
  const { text, lines } = await lane.stop()
  const byId = Map.groupBy(
    lines.filter(({ msg }) => msg === 'request'),
    ({ requestId }) => requestId!,
  )
  const wrong = sent.flatMap(({ id, line }): object[] => {
    const found: Logged[] = byId.get(id) ?? []
    if (found.length !== 1) return [{ id, line, lines: found.length }]
    const differs = Object.entries(line).some(([name, value]) => found[0]![name] !== value)
    return differs ? [{ id, line, found: found[0] }] : []
  })
  expect(wrong).toEqual([])
  expect(sent.length).toBeGreaterThan(250)
  expect([...byId.values()].filter((found) => found.length > 1)).toEqual([])
  for (const [line] of byId.values()) expect(line!['ms']).toBeGreaterThanOrEqual(0)
  const secrets = [...Object.values(cast.people).map(({ token }) => token), ownersPassword, 'bhu_', 'bhp_']
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
})
