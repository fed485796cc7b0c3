import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cast, type Stage, createCast } from '../support/world/cast.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { refusalOf } from '../support/http/refusal.ts'

let lane: Lane
let cast: Cast
let stage: Stage
let owner: string
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  stage = await cast.project('alpha')
  owner = stage.tokens.owner
  const properties = [{ name: 'region', type: 'string', default: 'eu' }]
  const metrics = [{ name: 'cpu', unit: 'm' }]
  const type = {
    name: 'server',
    states: ['up'],
    initialState: 'up',
    properties,
    metrics,
    constraints: [{ metric: 'cpu', max: 5 }],
  }
  await lane.send(owner, 'POST /acme/alpha/entity-types', { json: type })
  await lane.send(owner, 'POST /acme/alpha/cells', { json: { name: 'all', entityType: 'server' } })
  const cell = { name: 'eu', entityType: 'server', parentCells: ['all'], membership: { derivedFrom: { property: 'region' } } }
  await lane.send(owner, 'POST /acme/alpha/cells', {
    json: { ...cell, constraints: [{ metric: 'cpu', aggregate: 'sum', max: 9 }] },
  })
  await lane.send(owner, 'POST /acme/alpha/envs/default/entities', {
    json: { entityType: 'server', name: 'web-1', labels: { team: 'a' } },
  })
  await lane.send(owner, 'PUT /orgs/acme/projects/alpha', { json: { metadata: { tier: { gold: [1, null, 'x'] } } } })
})
afterAll(() => lane.stop())

type Resource = Record<string, unknown> & { updatedAt: string }
const put = {
  project: { url: '/orgs/acme/projects/alpha', change: { name: 'Alpha two' } },
  'entity type': { url: '/acme/alpha/entity-types/server', change: { displayName: 'Servers' } },
  cell: { url: '/acme/alpha/cells/eu', change: { displayName: 'Europe' } },
  entity: { url: '/acme/alpha/envs/default/entities/web-1', change: { state: 'failed' } },
}
const resources = Object.entries(put).map(([kind, { url, change }]) => ({ kind, url, change }))
const etagOf = async (url: string) => (await lane.send(owner, `GET ${url}`)).headers.get('etag')!

describe('GET → edit → PUT', () => {
  test.for(resources)('changes only what was edited in a $kind', async ({ url, change }) => {
    const read = await lane.send<Resource>(owner, `GET ${url}`)
    const same = await lane.send<Resource>(owner, `PUT ${url}`, { json: read.body })
    expect(same).toMatchObject({ status: 200, body: { ...read.body, updatedAt: expect.any(String) as string } })
    const written = await lane.send<Resource>(owner, `PUT ${url}`, { json: { ...same.body, ...change } })
    expect(written).toMatchObject({ status: 200, body: { ...read.body, ...change, updatedAt: expect.any(String) as string } })
    expect((await lane.send<Resource>(owner, `GET ${url}`)).body).toEqual(written.body)
    expect(written.body.updatedAt > read.body.updatedAt).toBe(true)
  })
})

/** What proxies make of a tag when they compress an answer. */
const compressed = [
  { note: 'Apache', tagOf: (etag: string) => etag.replace(/"$/, '-gzip"') },
  { note: 'Apache, Brotli', tagOf: (etag: string) => etag.replace(/"$/, '-br"') },
  { note: 'an old Apache', tagOf: (etag: string) => `${etag}-gzip` },
  { note: 'Caddy, Zstandard', tagOf: (etag: string) => etag.replace(/"$/, '-zstd"') },
  { note: 'Jetty', tagOf: (etag: string) => etag.replace(/"$/, '--gzip"') },
  { note: 'a semicolon', tagOf: (etag: string) => etag.replace(/"$/, ';gzip"') },
  { note: 'weak, too', tagOf: (etag: string) => `W/${etag.replace(/"$/, '-gzip"')}` },
  { note: 'without the checksum', tagOf: (etag: string) => etag.replace(/-.*"$/, ';gzip"') },
]

describe('If-Match', () => {
  test.for(resources)('refuses to PUT or DELETE a $kind that has changed since', async ({ url, change }) => {
    const stale = await etagOf(url)
    const update = (ifMatch: string) =>
      lane.send(owner, `PUT ${url}`, { json: { ...body, ...change }, headers: { 'if-match': ifMatch } })
    const { body } = await lane.send<Resource>(owner, `GET ${url}`)
    const written = await update(stale)
    expect(written).toMatchObject({ status: 200 })
    expect(written.headers.get('etag')).toBe(await etagOf(url))

    expect(refusalOf(await update(stale))).toBe('412 precondition_failed')
    const remove = await lane.send(owner, `DELETE ${url}`, { headers: { 'if-match': stale } })
    expect(refusalOf(remove)).toBe('412 precondition_failed')
    for (const nonsense of ['x', '', '"', 'W/""', '"0", "1"'])
      expect(refusalOf(await update(nonsense)), nonsense).toBe('412 precondition_failed')

    expect(await update('*')).toMatchObject({ status: 200 })
    expect(await update(`"0", W/${await etagOf(url)}`)).toMatchObject({ status: 200 })
  })

  test.for(compressed)('knows a version that a proxy compressed: $note', async ({ tagOf }) => {
    const url = '/orgs/acme/projects/alpha'
    const stale = await etagOf(url)
    const write = (etag: string) =>
      lane.send(owner, `PUT ${url}`, { json: { name: 'Alpha' }, headers: { 'if-match': tagOf(etag) } })
    expect(await write(stale)).toMatchObject({ status: 200 })
    expect(refusalOf(await write(stale))).toBe('412 precondition_failed')
  })

  test('guards a member’s role and cells', async () => {
    const url = `/orgs/acme/projects/alpha/members/${cast.people.guest.id}`
    const stale = { 'if-match': await etagOf(url) }
    expect(await lane.send(owner, `PATCH ${url}`, { json: { role: 'member' }, headers: stale })).toMatchObject({ status: 200 })
    const late = [
      await lane.send(owner, `PATCH ${url}`, { json: { role: 'viewer' }, headers: stale }),
      await lane.send(owner, `PUT ${url}/cell-scopes`, { json: { cellScopes: [] }, headers: stale }),
      await lane.send(owner, `DELETE ${url}`, { headers: stale }),
    ]
    expect(late.map(refusalOf)).toEqual(Array(3).fill('412 precondition_failed'))
    expect(await lane.send(owner, `GET ${url}`)).toMatchObject({ body: { role: 'member', cellScopes: null } })
  })

  test.for([1, 2, 3, 4, 5])('lets one of many concurrent writers through, time %i', async (time) => {
    const url = '/orgs/acme/projects/alpha'
    const headers = { 'if-match': await etagOf(url) }
    const writer = (n: number) => lane.send(owner, `PUT ${url}`, { json: { name: `Writer ${time}-${n}` }, headers })
    const all = await Promise.all([...Array(20).keys()].map(writer))
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(all.filter(({ status }) => status === 412)).toHaveLength(19)
  })
})

describe('If-None-Match', () => {
  test.for(resources)('answers 304 without a body for an unchanged $kind', async ({ url }) => {
    const etag = await etagOf(url)
    for (const known of [etag, `W/${etag}`, `"0", ${etag}`, '*']) {
      const answer = await lane.send(owner, `GET ${url}`, { headers: { 'if-none-match': known } })
      expect(answer, known).toMatchObject({ status: 304, text: '' })
      expect(answer.headers.get('etag')).toBe(etag)
    }
    expect(await lane.send(owner, `GET ${url}`, { headers: { 'if-none-match': '"0"' } })).toMatchObject({ status: 200 })
  })

  test.for(compressed.filter(({ note }) => note !== 'without the checksum'))(
    'answers 304 for a version that a proxy compressed: $note',
    async ({ tagOf }) => {
      const url = '/orgs/acme/projects/alpha'
      const etag = await etagOf(url)
      const read = (known: string) => lane.send(owner, `GET ${url}`, { headers: { 'if-none-match': known } })
      expect(await read(`"0", ${tagOf(etag)}`)).toMatchObject({ status: 304, text: '' })
      for (const other of [etag.replace(/"$/, 'x-gzip"'), etag.replace(/"$/, '-other"'), tagOf('"0"')]) {
        expect(await read(other), other).toMatchObject({ status: 200 })
      }
    },
  )

  test('changes with related resources: an entity’s cells, a member’s name', async () => {
    const entity = '/acme/alpha/envs/default/entities/web-1'
    const member = `/orgs/acme/projects/alpha/members/${cast.people.viewer.id}`
    const [before, named] = [await etagOf(entity), await etagOf(member)]
    await lane.send(owner, 'POST /acme/alpha/cells', {
      json: { name: 'web', entityType: 'server', membership: { derivedFrom: { property: 'region', values: ['eu'] } } },
    })
    await lane.db.updateTable('users').set({ name: 'Viola' }).where('id', '=', cast.people.viewer.id).execute()
    for (const [url, known] of [
      [entity, before],
      [member, named],
    ] as const) {
      expect(await lane.send(owner, `GET ${url}`, { headers: { 'if-none-match': known } })).toMatchObject({ status: 200 })
    }
  })

  test('does not affect a PUT', async () => {
    const url = '/orgs/acme/projects/alpha'
    const { body } = await lane.send<Resource>(owner, `GET ${url}`)
    const answer = await lane.send(owner, `PUT ${url}`, { json: {}, headers: { 'if-none-match': '*' } })
    expect(answer).toMatchObject({ status: 200, body })
  })
})

describe('every readable URL', () => {
  test.for(resources)('answers HEAD like GET without the body: a $kind', async ({ url }) => {
    const [get, head] = [await lane.send(owner, `GET ${url}`), await lane.send(owner, `HEAD ${url}`)]
    expect(head).toMatchObject({ status: 200, text: '' })
    expect(head.headers.get('etag')).toBe(get.headers.get('etag'))
    expect(await lane.send(null, `HEAD ${url}`)).toMatchObject({ status: 401, text: '' })
    expect(await lane.send(owner, `HEAD ${url}-nowhere`)).toMatchObject({ status: 404, text: '' })
  })

  test('lists the allowed methods on OPTIONS, to anybody', async () => {
    const answer = await lane.send(null, 'OPTIONS /orgs/acme/projects/alpha')
    expect(answer).toMatchObject({ status: 204, text: '' })
    expect(answer.headers.get('allow')).toBe('GET, PUT, DELETE, HEAD, OPTIONS')
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('sends a request id on every answer: the client’s own when it is plain, else a new one', async () => {
    const id = 'x-request-id'
    const sent = ['mine', 'not plain', undefined]
    const ids = await Promise.all(
      sent.map(async (own) => (await lane.send(owner, 'GET /orgs', { headers: own ? { [id]: own } : {} })).headers.get(id)),
    )
    expect(ids[0]).toBe('mine')
    expect(new Set([...ids, ...sent]).size).toBe(5)
  })
})
