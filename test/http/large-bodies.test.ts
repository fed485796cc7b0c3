import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { type Cast, type Stage, createCast } from '../support/world/cast.ts'
import { longestPause } from '../support/http/heartbeat.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { scaleOf } from '../support/outcome.ts'

let lane: Lane
let cast: Cast
let stage: Stage
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  stage = await cast.project('large')
})
afterAll(() => lane.stop())

/** Milliseconds. Before the fix: 73,000 for a YAML mapping, 18,000 for a list of zeros. */
const SHORT = 150

const json = 'application/json'
const yaml = 'application/yaml'

type Sent = { path?: string; method?: string; token?: string; type?: string; headers?: Record<string, string> }

/** The unparsed text of the answer, because this test shares its event loop with the server. */
async function post(
  body: string | Buffer,
  { path, method = 'POST', token = stage.tokens.owner, type = json, headers }: Sent = {},
) {
  const response = await fetch(`${lane.origin}${path ?? `/acme/${stage.slug}/envs/default/apply`}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': type, ...headers },
    body: body as BodyInit,
  })
  return { status: response.status, text: await response.text(), retryAfter: response.headers.get('retry-after') }
}

type Refusal = { error: string; code: string; details?: { path: string; message: string }[] }

const MIB = 2 ** 20
const list = (open: string, element: string, close: string, bytes: number) =>
  open + `${element},`.repeat(Math.floor((bytes - 100) / (element.length + 1))) + element + close

const attacks: Record<string, { body: () => string; type?: string; says: RegExp }> = {
  'a YAML mapping of 50,000 keys': {
    body: () => `items:\n- {${Array.from({ length: 50_000 }, (_, i) => `${i}: 0`).join(', ')}}\n`,
    type: yaml,
    says: /^items\.0 must have at most 10,000 keys$/,
  },
  'a list of eight million zeros': {
    body: () => list('{"items":[', '0', ']}', 16 * MIB),
    says: /^The body has more than 2,000,000 values\. Send it in several requests$/,
  },
  'a list of more zeros than items are allowed': {
    body: () => list('{"items":[', '0', ']}', 2 * MIB),
    says: /^items must have at most 100,000 items$/,
  },
  'a hundred thousand items that are none': {
    body: () => `{"items":[${'0,'.repeat(99_999)}0]}`,
    says: /^items\.0 must be an object\. These are the first 100 of 100,000 problems$/,
  },
  'a list of empty lists': { body: () => list('[', '[]', ']', 3 * MIB), says: /^The body must be an object$/ },
  'nesting without end': {
    body: () => '['.repeat(16 * MIB),
    says: /^The body is nested deeper than 64 levels\. Send it with less nesting$/,
  },
  'an object of a million keys': {
    body: () => `{"items":[{${Array.from({ length: 1_000_000 }, (_, i) => `"${i}":0`).join(',')}}]}`,
    says: /^items\.0 must have at most 10,000 keys$/,
  },
  'a key of fifteen megabytes': {
    body: () => `{"items":[],"${'x'.repeat(15 * MIB)}":0}`,
    says: /^x+… is not a known field$/,
  },
  'unknown fields by the thousand': {
    body: () => `{"items":[],${Array.from({ length: 9000 }, (_, i) => `"f${i}":0`).join(',')}}`,
    says: /^f0 is not a known field\. These are the first 100 of 9,000 problems$/,
  },
  'YAML aliases of a large list': {
    body: () => `items: [&a [${'0,'.repeat(100_000)}0]${',*a'.repeat(99)}]\n`,
    type: yaml,
    says: /^The body has more than 2,000,000 values/,
  },
  'a short YAML text with aliases of all it has': {
    body: () => `items: [&a [${'0,'.repeat(3500)}0]${',*a'.repeat(99)}]\n`,
    type: yaml,
    says: /^items\.0 must be an object$/,
  },
  'a YAML list in brackets without end': {
    body: () => list('items: [', '0', ']', 2 * MIB),
    type: yaml,
    says: /^One value of the YAML body is too large/,
  },
  'YAML of nothing but empty lines': {
    body: () => '\n'.repeat(15 * MIB),
    type: yaml,
    says: /^One value of the YAML body is too large/,
  },
  'a folded YAML text of many megabytes': {
    body: () => `items:\n- kind: >\n${'    folded line\n'.repeat(900_000)}`,
    type: yaml,
    says: /^A text or comment in YAML must be at most 1 MiB/,
  },
}

describe('refuses an attack on the parser, and delays nobody else', () => {
  test.for(Object.entries(attacks))('%s', { timeout: 60_000 }, async ([, { body, type = json, says }]) => {
    const bytes = Buffer.from(body())
    const { result, pause } = await longestPause(() => post(bytes, { type }))
    const refusal = JSON.parse(result.text) as Refusal
    expect(result.status).toBe(400)
    expect(refusal).toMatchObject({ code: 'invalid_request', error: expect.stringMatching(says) })
    expect(refusal.details?.length ?? 0).toBeLessThanOrEqual(100)
    expect(result.text.length).toBeLessThan(64 * 1024)
    expect(pause).toBeLessThan(SHORT)
  })

  test('in the v1 dialect too, which has no details', async () => {
    const path = `/v1/projects/${stage.id}/tokens`
    const { token } = cast.people.orgOwner
    for (const body of [
      '['.repeat(MIB - 10),
      list('{"name":"x","permissions":[', '0', ']}', MIB),
      `{"name":"${'\\u0000'.repeat(9000)}"}`,
    ]) {
      const { result, pause } = await longestPause(() => post(body, { path, token }))
      expect(result.status).toBe(422)
      expect(Object.keys(JSON.parse(result.text) as object)).toEqual(['error'])
      expect(pause).toBeLessThan(SHORT)
    }
  })

  test.for([
    ['as large as it may be', 64 * 1024, 400],
    ['larger', MIB, 413],
  ] as const)('without a credential too, %s', async ([, bytes, status]) => {
    const { result, pause } = await longestPause(() =>
      Promise.all(
        Array.from({ length: 8 }, () => post(list('[', '[]', ']', bytes), { path: '/session', headers: { authorization: '' } })),
      ),
    )
    expect(new Set(result.map((one) => one.status))).toEqual(new Set([status]))
    expect(pause).toBeLessThan(SHORT)
  })
})

describe('every operation accepts a large body like a small one', () => {
  test('and answers the same', async () => {
    const path = `/acme/${stage.slug}/entity-types`
    const type = { name: 'site', states: ['up'], initialState: 'up' }
    const padded = (body: object) => JSON.stringify(body) + ' '.repeat(100_000)
    expect(await post(padded(type), { path })).toMatchObject({ status: 201 })
    expect(await post(padded(type), { path })).toMatchObject({ status: 409 })
    const wrong = await post(padded({ ...type, states: [] }), { path })
    const same = await post(JSON.stringify({ ...type, states: [] }), { path })
    const { requestId: _, ...rest } = JSON.parse(wrong.text) as Refusal & { requestId: string }
    expect(JSON.parse(same.text)).toMatchObject(rest)
    const named = await post(padded({ name: 'padded' }), {
      path: `/v1/projects/${stage.id}`,
      method: 'PATCH',
      token: cast.people.orgOwner.token,
    })
    expect(named.status).toBe(204)
  })

  test('and runs once for an Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'large' }
    const body =
      JSON.stringify({ items: [{ kind: 'Secret', name: 'once', description: 'x'.repeat(400) }], deletions: [] }) +
      ' '.repeat(200_000)
    const first = await post(body, { headers })
    expect(first.status).toBe(200)
    expect(await post(body, { headers })).toEqual(first)
    expect((await post(`${body} `, { headers })).status).toBe(422)
  })
})

describe('two organizations side by side', () => {
  test('do not block each other with large documents', { timeout: 60_000 }, async () => {
    const project = await cast.elsewhere.project('beside')
    const { text: token } = await cast.elsewhere.token(project, { role: 'owner' })
    const items = Array.from({ length: 3000 }, (_, i) => ({ kind: 'Secret', name: `s${i}` }))
    const large = stringify({ items, dryRun: true })
    const done: string[] = []
    const theirs = Array.from({ length: 10 }, async () => {
      const { status } = await post(large, { type: yaml })
      done.push(`greedy ${status}`)
    })
    const own = await post(JSON.stringify({ items: items.slice(0, 1000) }), {
      path: '/other/beside/envs/default/apply',
      token,
    })
    done.push(`other ${own.status}`)
    await Promise.all(theirs)
    expect(done.indexOf('other 200')).toBeGreaterThanOrEqual(0)
    expect(done.indexOf('other 200')).toBeLessThan(5)
    // On a busy machine the last ones may wait too long for their turn.
    expect(done.filter((one) => /^greedy (200|429)$/.test(one))).toHaveLength(10)
  })

  test('have a limited queue each: further requests are told to try again', { timeout: 60_000 }, async () => {
    const large = `${JSON.stringify({ items: [] })}${' '.repeat(MIB / 2)}`
    const answers = await Promise.all(Array.from({ length: 40 }, () => post(large)))
    const refused = answers.filter(({ status }) => status !== 200)
    expect(refused.length).toBeGreaterThan(0)
    for (const { status, text, retryAfter } of refused) {
      const { code, error } = JSON.parse(text) as Refusal
      expect({ status, code }).toEqual({ status: 429, code: 'too_much_at_once' })
      // Refused while it arrives, or while it waits to be worked on.
      expect([
        { error: 'You are sending too many bytes at once. Try again in 1 second', retryAfter: '1' },
        { error: 'You have too many large bodies in progress. Send one after another. Try again in 5 seconds', retryAfter: '5' },
      ]).toContainEqual({ error, retryAfter })
    }
    expect((await post(large)).status).toBe(200)
  })
})

/** As many as one apply may have in `npm run prove limits`. */
const MANY = scaleOf('items', 10_000)

describe(`${MANY.toLocaleString('en-US')} items`, () => {
  const site = {
    kind: 'EntityType',
    name: 'node',
    states: ['up', 'down'],
    initialState: 'up',
    properties: [{ name: 'zone', type: 'string' }],
  }
  const cell = { kind: 'Cell', name: 'z1', entityType: 'node', membership: { derivedFrom: { property: 'zone' } } }
  const nodes = (n: number, state: string) =>
    Array.from({ length: n }, (_, i) => ({
      kind: 'Entity',
      entityType: 'node',
      name: `n${i}`,
      state,
      properties: { zone: `z${i % 10}` },
    }))

  test('are created and read back unchanged, while other requests are answered', { timeout: 180_000 }, async () => {
    const big = await cast.project('many')
    const path = `/acme/${big.slug}/envs/default/apply`
    const token = big.tokens.owner
    expect((await post(JSON.stringify({ items: [site, cell] }), { path, token })).status).toBe(200)
    for (const [state, outcome] of [
      ['up', 'created'],
      ['up', 'unchanged'],
    ] as const) {
      const body = Buffer.from(JSON.stringify({ items: nodes(MANY, state) }))
      const { result, pause } = await longestPause(() => post(body, { path, token }))
      expect(result.status).toBe(200)
      const { diff, succeeded } = JSON.parse(result.text) as { diff: Record<string, unknown[]>; succeeded: unknown[] }
      expect(diff[outcome]).toHaveLength(MANY)
      expect(succeeded).toHaveLength(MANY)
      expect(pause).toBeLessThan(SHORT)
    }
  })
})
