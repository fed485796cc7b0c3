import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cast, createCast } from '#test/support/world/cast'
import { describeV1Api } from '#test/support/v1/surface'
import { report } from '#test/support/outcome'
import { isBuilt } from '../../tools/build.mjs'
import { describePublishedApi } from '#test/contract/published'
import { type Two, startTwo } from './two.ts'

/** Only as a proof: the same tests run against one server every time. */
const isProof = isBuilt() && process.env['PROVE_SERVERS'] !== undefined

const kinds = { 'the published API': describePublishedApi, 'the v1 API': describeV1Api }
describe.skipIf(!isProof).for(Object.entries(kinds))('%s', ([kind, describeApi]) => {
  let two: Two
  describeApi('two servers behind a proxy', async () => (two = await startTwo()))

  test('was asked of both servers in turn', () => {
    const [one = 0, other = 0] = two.served
    const failures = one > 0 && Math.abs(one - other) <= 1 ? [] : [`${one} and ${other} requests`]
    expect(report({ what: `two servers: requests of ${kind}, in turn`, tried: one + other, failures })).toEqual([])
  })
})

describe.skipIf(!isProof)('a rate limit', () => {
  const LIMIT = 60
  let two: Two
  let cast: Cast
  beforeAll(async () => {
    two = await startTwo({ BULKHEAD_RATE_LIMIT: String(LIMIT) })
    cast = await createCast(two.db)
  })
  afterAll(() => two.stop())

  test('is counted by each server, and its headers are those of the server that answers', async () => {
    const call = () => two.send(cast.people.orgAdmin.token, 'GET /orgs')
    const left = ({ headers }: Awaited<ReturnType<typeof call>>) => headers.get('ratelimit')
    const [first, second] = [await call(), await call()]
    expect(left(first)).toMatch(`r=${LIMIT - 1};`)
    expect(left(second)).toMatch(`r=${LIMIT - 1};`)
    const answers = await Promise.all(Array.from({ length: LIMIT * 3 }, call))
    const isAnswered = answers.filter(({ status }) => status === 200).length + 2
    // What comes back in the meantime.
    expect(isAnswered).toBeGreaterThanOrEqual(LIMIT * 2)
    expect(isAnswered).toBeLessThan(LIMIT * 2.5)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(LIMIT * 3 + 2 - isAnswered)
  })
})
