import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { v1ProjectOperations } from '#contract/v1/projects'
import { type Cast, createCast } from './support/world/cast.ts'
import { seedOperations } from './contract/seed.ts'
import { type Lane, startLane } from './support/http/lane.ts'
import { tour } from './support/tour.ts'

const v1ProjectOperationNames = Object.values(v1ProjectOperations).map(({ method, path }) => `${method} ${path}`)

let lane: Lane
let cast: Cast
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
})
afterAll(() => lane.stop())

describe('tour.sh', () => {
  test.for(['orgOwner', 'orgAdmin'] as const)('walks all operations of both APIs as %s', async (name) => {
    const { code, stdout, stderr } = await tour({ URL: lane.origin, ORG: 'acme', TOKEN: cast.people[name].token })
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/\nTen operations and five, no surprise\.\n$/)
    const shown = [...stdout.matchAll(/^(?:GET|POST|PUT|PATCH|DELETE) \/\S*/gm)].map(([request]) => request)
    const unseen = seedOperations.filter(({ request }) => {
      const form = new RegExp(`^${request.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
      return !shown.some((one) => form.test(one))
    })
    expect(unseen).toEqual([])
    const v1 = shown.map((request) => request.replace(/\/[0-9a-f-]{36}$/, '/{projectID}').replace(/\?.*/, ''))
    expect(v1).toEqual(expect.arrayContaining(v1ProjectOperationNames))
  })

  test('stops at the first unexpected answer, and reports it', async () => {
    const { code, stderr } = await tour({ URL: lane.origin, ORG: 'acme', TOKEN: cast.people.orgMember.token })
    expect(stderr).toMatch('A surprise: POST /orgs/acme/projects answered 403, not 201.')
    expect(code).toBe(1)
  })

  test('fails without a server', async () => {
    expect((await tour({ URL: 'http://127.0.0.1:1', ORG: 'acme', TOKEN: 'bhu_x' })).code).not.toBe(0)
  })
})
