import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '#contract/operations'
import { projectRoot } from '#server/config'
import { type Cast, createCast } from '../../test/cast.ts'
import { examplesOf, nameOf, requestOf, sentBy } from '../../test/examples.ts'
import { type Lane, startLane } from '../../test/lane.ts'

let lane: Lane
let cast: Cast
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
})
afterAll(() => lane.stop())

/** Naming the first owner can succeed only while there is nobody; starting the server and the browser tests show that. */
const repeatable = operations.filter(({ path }) => path !== '/setup/owner')

describe('a right call', () => {
  test.for(repeatable.map((operation, i) => ({ name: nameOf(operation), operation, i })))(
    '$name',
    async ({ name, operation, i }) => {
      const example = (await examplesOf(lane.send, cast, await cast.project(`stage-${i}`)))[name]!
      const answer = await lane.send<Record<string, unknown>>(example.as, requestOf(name, example.params), sentBy(example))
      expect(answer.status, answer.text).toBe(operation.status)
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
      const isStream = operation.stream && operation.method === 'GET'
      expect(answer.headers.get('content-type')).toBe(isStream ? 'application/x-ndjson' : 'application/json')
      const bodies = isStream
        ? answer.text
            .trimEnd()
            .split('\n')
            .map((line): unknown => JSON.parse(line))
        : [answer.body]
      for (const body of bodies) expect(operation.returns.safeParse(body).error).toBeUndefined()
    },
  )

  const located = repeatable.filter(({ location }) => location !== undefined)
  test.for(located.map((operation) => ({ name: nameOf(operation), key: operation.location! })))(
    '$name says where the new one is',
    async ({ name, key }) => {
      const stage = await cast.project(`located-${located.findIndex((operation) => nameOf(operation) === name)}`)
      const { as, params, body } = (await examplesOf(lane.send, cast, stage))[name]!
      const created = await lane.send<Record<string, unknown>>(as, requestOf(name, params), { json: body })
      const found = await lane.send(as, `GET ${created.headers.get('location')}`)
      expect(found).toMatchObject({ status: 200, body: { [key]: created.body[key] } })
    },
  )
})

describe('route.ts files and the contract', () => {
  test('serve and declare the same operations, no more, no fewer', async () => {
    const served: string[] = []
    for (const group of ['(org-api)', '(ops)']) {
      for (const file of await readdir(join(projectRoot, 'app', group), { recursive: true })) {
        if (!file.endsWith('route.ts') || file.includes('[...')) continue
        const route = (await import(join(projectRoot, 'app', group, file))) as {
          OPTIONS(request: Request, context: object): Promise<Response>
        }
        const path = `/${file.replace('/route.ts', '').replaceAll(/\[(\w+)\]/g, '{$1}')}`
        const { headers } = await route.OPTIONS(new Request('http://localhost/', { method: 'OPTIONS' }), { params: {} })
        const methods = headers
          .get('allow')!
          .split(', ')
          .filter((method) => method !== 'HEAD' && method !== 'OPTIONS')
        served.push(...methods.map((method) => `${method} ${path}`))
      }
    }
    expect(served.toSorted()).toEqual(operations.map(nameOf).toSorted())
  })
})
