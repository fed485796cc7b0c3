import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cast, type Stage, createCast } from '../support/world/cast.ts'
import { type Lane, startLane } from '../support/http/lane.ts'

let lane: Lane
let cast: Cast
let stage: Stage
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  stage = await cast.project('said')
  await post('/entity-types', JSON.stringify(site))
})
afterAll(() => lane.stop())

const site = {
  name: 'site',
  states: ['live'],
  initialState: 'live',
  properties: [
    { name: 'size', type: 'number' },
    { name: 'count', type: 'integer' },
  ],
  metrics: [{ name: 'load' }],
}

type Refused = { error: string; metadata?: unknown; properties?: unknown }

const send = (name: string, raw: string, type = 'application/json') =>
  lane.send<Refused>(stage.tokens.owner, name, { raw, headers: { 'content-type': type } })
const post = (path: string, raw: string, type?: string) => send(`POST /acme/${stage.slug}${path}`, raw, type)

const agent = {
  name: 'web-1',
  machineID: 'machine-1',
  type: 'fluentbit',
  version: 'v1.8.6',
  edition: 'community',
  flags: [],
  rawConfig: '',
}

const LONG = '1234567890123456789'
const digits = 'has more digits than a number keeps: it would become 1234567890123456800. Send it as a string'
const twice = 'must be given only once'

const entity = (properties: string) => `{"entityType":"site","name":"berlin","properties":${properties}}`
const at = { entities: '/envs/default/entities', apply: '/envs/default/apply' }
const padding = (bytes: number) => `"description":"${'x'.repeat(bytes)}"`

describe('refuses what would be stored as another value, and names its path', () => {
  const cases: Record<string, { name: () => string; raw: string; type?: string; says: string; path: string }> = {
    'a number of a project’s metadata': {
      name: () => `PUT /orgs/acme/projects/${stage.slug}`,
      raw: `{"metadata":{"snowflake":${LONG}}}`,
      says: `metadata.snowflake ${digits}`,
      path: 'metadata.snowflake',
    },
    'a property of an entity': {
      name: () => `POST /acme/${stage.slug}${at.entities}`,
      raw: entity(`{"size":${LONG}}`),
      says: `properties.size ${digits}`,
      path: 'properties.size',
    },
    'a fraction': {
      name: () => `POST /acme/${stage.slug}${at.entities}`,
      raw: entity('{"size":0.12345678901234567891}'),
      says: 'properties.size has more digits than a number keeps: it would become 0.12345678901234568. Send it as a string',
      path: 'properties.size',
    },
    'a default': {
      name: () => `POST /acme/${stage.slug}/entity-types`,
      raw: `{"name":"b","states":["a"],"initialState":"a","properties":[{"name":"n","type":"number","default":${LONG}}]}`,
      says: `properties.0.default ${digits}`,
      path: 'properties.0.default',
    },
    'a value deep in a large body, parsed in another thread': {
      name: () => `POST /acme/${stage.slug}${at.apply}`,
      raw: `{"items":[{"kind":"Secret","name":"a",${padding(100_000)}},{"kind":"Entity","properties":{"size":${LONG}}}]}`,
      says: `items.1.properties.size ${digits}`,
      path: 'items.1.properties.size',
    },
    'a number in YAML': {
      name: () => `POST /acme/${stage.slug}${at.apply}`,
      raw: `items:\n- kind: Entity\n  entityType: site\n  name: a\n  properties: {size: ${LONG}}\n`,
      type: 'application/yaml',
      says: `items.0.properties.size on line 5 ${digits}`,
      path: 'items.0.properties.size',
    },
    'a key that is given twice': {
      name: () => `POST /acme/${stage.slug}${at.entities}`,
      raw: entity(String.raw`{"size":1,"s\u0069ze":2}`),
      says: `properties.size ${twice}`,
      path: 'properties.size',
    },
    'a key that is given twice in a large body': {
      name: () => `POST /acme/${stage.slug}${at.apply}`,
      raw: `{"items":[{"kind":"Secret","name":"a",${padding(100_000)},"name":"b"}]}`,
      says: `items.0.name ${twice}`,
      path: 'items.0.name',
    },
    'a field that is given twice': {
      name: () => `PUT /orgs/acme/projects/${stage.slug}`,
      raw: '{"name":"One","name":"Two"}',
      says: `name ${twice}`,
      path: 'name',
    },
  }
  test.for(Object.entries(cases))('%s', async ([, { name, raw, type, says, path }]) => {
    expect(await send(name(), raw, type)).toMatchObject({ status: 400, body: { error: says, details: [{ path }] } })
  })

  test.for(['a: !secret abc', '!Ref {kind: Secret, name: a}', 'items: [{kind: Secret, name: !env A}]'])(
    'the tag of %s, which would be dropped',
    async (raw) => {
      const { status, body } = await post(at.apply, raw, 'application/yaml')
      expect([status, body.error]).toEqual([
        400,
        'The YAML body has a tag on line 1 that has no meaning here. Write the value without the tag',
      ])
    },
  )

  test.for([
    ['a number', `"properties":{"size":${LONG}}`, `properties.size ${digits}`],
    ['a metric', `"metrics":{"load":${LONG}}`, `metrics.load ${digits}`],
    ['a key', '"state":"live","state":"gone"', `state ${twice}`],
  ] as const)('%s of an import’s line', async ([what, field, says]) => {
    const project = await cast.project(`import-${what.replace(' ', '-')}`)
    const raw = `\n{"kind":"Entity","name":"a",${field}}\n`
    const headers = { 'content-type': 'application/x-ndjson' }
    const { status, body } = await lane.send(project.tokens.owner, `POST /acme/${project.slug}/import`, { raw, headers })
    expect([status, body.error]).toEqual([400, `Line 2 can’t be imported: ${says}`])
  })

  test.for([
    ['a number', `"metadata":{"id":${LONG}}`, 'invalid agent metadata'],
    ['a key', '"metadata":{"id":1,"id":2}', 'invalid agent metadata'],
    ['a field', '"tags":[],"tags":[]', 'invalid tag'],
  ] as const)('%s of the v1 API', async ([, field, says]) => {
    const raw = `${JSON.stringify(agent).slice(0, -1)},${field}}`
    const answer = await lane.send({ 'x-project-token': stage.tokens.member }, 'POST /v1/agents', {
      raw,
      headers: { 'content-type': 'application/json' },
    })
    expect([answer.status, answer.body.error]).toEqual([422, says])
  })
})

test('takes 0.1 and 1e3, and returns every number that it accepts as it was', async () => {
  const numbers = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.maxSafeInteger(),
    fc.constantFrom(0.1, 1e3, 1e21, 5e-324, 1.7976931348623157e308, -0.1),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(numbers, { minLength: 1, maxLength: 20 }), async (list) => {
      const metadata = { list, each: Object.fromEntries(list.map((number, i) => [i, number])) }
      const { status, body } = await send(`PUT /orgs/acme/projects/${stage.slug}`, JSON.stringify({ metadata }))
      expect(status).toBe(200)
      expect(body.metadata).toEqual(JSON.parse(JSON.stringify(metadata)))
    }),
    { numRuns: 25 },
  )
  const { status, body } = await post(at.entities, entity('{"size":1e3}'))
  expect([status, body.properties]).toEqual([201, { size: 1000 }])
})

test('a number in the query is written in decimal digits', async () => {
  const lists = {
    'GET /orgs/acme/projects?limit=': '400 limit must be a number',
    'GET /orgs/acme/token-lifetimes?days=': '400 days must be a whole number of days',
  }
  for (const [list, refusal] of Object.entries(lists))
    for (const text of ['0x10', '1e1', '0b1', '', '%2010', '1.0', '+5', 'Infinity'])
      // oxlint-disable-next-line no-await-in-loop
      expect([list, text, await answerOf(list + text)]).toEqual([list, text, refusal])
  expect(await answerOf('GET /orgs/acme/projects?limit=10')).toBe('200 undefined')
  const v1 = `GET /v1/projects/${stage.id}`
  expect(await answerOf(`${v1}/agents?last=0x10`)).toBe('422 invalid last')
  expect(await answerOf(`${v1}/agents?last=10`)).toBe('200 undefined')
})

async function answerOf(name: string): Promise<string> {
  const { status, body } = await lane.send(cast.people.orgOwner.token, name)
  return `${status} ${(body as { error?: string }).error}`
}
