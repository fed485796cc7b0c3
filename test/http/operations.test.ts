import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answerHeaders } from '#contract/openapi-headers'
import { operations } from '#contract/operations'
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

describe('a valid call', () => {
  test.for(repeatable)('$name', async ({ name, operation }) => {
    const example = await right(name)
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

describe('route.ts files and the contract', () => {
  test('serve and declare exactly the same operations', async () => {
    expect(await servedRoutes()).toEqual(
      [...operations, ...v1Operations].map(({ method, path }) => `${method} ${path}`).toSorted(),
    )
  })
})
