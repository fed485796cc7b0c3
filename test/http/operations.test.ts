import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answerHeaders } from '#contract/openapi-headers'
import { operationIds, operations } from '#contract/operations'
import { v1Operations } from '#contract/v1/operations'
import { type Cast, createCast } from '../support/world/cast.ts'
import { type Example, exampleOf, examplesOf, nameOf, requestOf, sentBy } from '../support/http/examples.ts'
import { startHostileProvider } from '../support/servers/hostile-provider.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { servedRoutes } from '../support/http/served-routes.ts'

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

/** Registering the first owner succeeds only before there is any user; the start-up and browser tests cover it. */
const named = operations
  .filter(({ path }) => path !== '/setup/owner')
  .map((operation) => ({ name: nameOf(operation), operation }))
const repeatable = named.filter(({ operation }) => operation.status !== 303)
const forBrowsers = named.filter(({ operation }) => operation.status === 303)

let counter = 0
let reading: Promise<Record<string, Example>> | undefined
const stage = () => cast.project(`stage-${++counter}`)

/** Reads share one project; each write has its own. */
async function right(name: string): Promise<Example> {
  if (!name.startsWith('GET')) return exampleOf(lane.send, cast, await stage(), name)
  reading ??= stage().then((one) => examplesOf(lane.send, cast, one))
  return (await reading)[name]!
}

/** What is signed anew each time is no example for anybody. */
const isOfWebAuthn = (body: Record<string, unknown>) => JSON.stringify(body).includes('clientDataJSON')
const sentBodies = new Map<string, unknown>()

/** The same in each run. */
function asDocumented(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => asDocumented(one, key))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, asDocumented(one, name)]))
  if (typeof value !== 'string') return value
  if (key === 'code' && /^\d{6}$/.test(value)) return '123456'
  if (key === 'recoveryCode') return 'k7qd-9mxa-3hfe-vw2t'
  if (key === 'fingerprint') return '1a5ffbcbad19cf9b4f27b82a90a670da'
  if (key === 'next') return '/'
  if (key === 'revision') return 'a revision that a plan answered'
  return value
    .replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, '019b0000-0000-7000-8000-000000000000')
    .replaceAll(/stage-\d+/g, 'payments')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2027-01-31T00:00:00Z')
}

describe('a valid call', () => {
  test.for(repeatable)('$name', async ({ name, operation }) => {
    const example = await right(name)
    const { body } = example
    if (body !== undefined && !isOfWebAuthn(body)) sentBodies.set(operationIds.get(operation)!, asDocumented(body))
    const { headers, ...content } = { headers: {}, ...sentBy(example) }
    const sendOld = () =>
      lane.send<Record<string, unknown>>(example.as, requestOf(name, example.params), {
        ...content,
        headers: { ...headers, 'if-match': '"1"' },
      })
    // Who does not say that it reads `If-Match` ignores it.
    const old = await sendOld()
    const isRefused = old.body?.['code'] === 'precondition_failed'
    expect(isRefused).toBe(operation.errors[412] !== undefined)
    const answer = isRefused
      ? await lane.send<Record<string, unknown>>(example.as, requestOf(name, example.params), sentBy(example))
      : old
    expect(answer.status, answer.text).toBe(operation.status)
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    const declared = Object.keys(answerHeaders(operation, operation.status)).filter(
      (header) => header !== 'Link' && header !== 'Idempotency-Replayed',
    )
    const sent = ['ETag', 'Location', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Request-Id']
    expect(sent.filter((header) => answer.headers.has(header)).toSorted()).toEqual(declared.toSorted())
    const isStream = operation.stream && operation.method === 'GET'
    expect(answer.headers.get('content-type')).toBe(isStream ? 'application/x-ndjson' : 'application/json')
    const lines = answer.text.trimEnd().split('\n')
    const bodies = isStream ? lines.map((line): unknown => JSON.parse(line)) : [answer.body]
    for (const body of bodies) expect(operation.returns.safeParse(body).error).toBeUndefined()
  })

  test.for(forBrowsers)('$name redirects a browser', async ({ name }) => {
    const { as, params } = await right(name)
    const { status, headers, text } = await lane.send(as, requestOf(name, params))
    expect({ status, text }).toEqual({ status: 303, text: '' })
    expect(headers.get('location')).toMatch(/^(\/login\?problem=oidc_|http:)/)
  })

  const locating = repeatable.filter(({ operation }) => operation.location !== undefined)
  test.for(locating)('$name returns the URL of the new resource', async ({ name, operation }) => {
    const key = operation.location!
    const { as, params, body } = await right(name)
    const created = await lane.send<Record<string, unknown>>(as, requestOf(name, params), { json: body })
    const found = await lane.send(as, `GET ${created.headers.get('location')}`)
    expect(found).toMatchObject({ status: 200, body: { [key]: created.body[key] } })
  })
})

test('the examples of the OpenAPI document are what was sent here', async () => {
  const text = JSON.stringify(Object.fromEntries([...sentBodies].toSorted(([a], [b]) => (a < b ? -1 : 1))), null, 2)
  await expect(
    `// Made by \`npm run test:unit -- test/http/operations.test.ts --update\`, which sends each of them. Do not edit.\n\n/** A body of each operation that takes one. */\nexport const requestExamples: Record<string, unknown> = ${text}\n`,
  ).toMatchFileSnapshot('../../contract/openapi-examples.gen.ts')
})

describe('route.ts files and the contract', () => {
  test('serve and declare exactly the same operations', async () => {
    expect(await servedRoutes()).toEqual(
      [...operations, ...v1Operations].map(({ method, path }) => `${method} ${path}`).toSorted(),
    )
  })
})
