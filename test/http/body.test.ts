import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cast, createCast } from '../support/world/cast.ts'
import { type Lane, startLane } from '../support/http/lane.ts'

let lane: Lane
let cast: Cast
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
})
afterAll(() => lane.stop())

test('reads a body that is spooled to a file to its last byte, whatever its length', async () => {
  const { slug, tokens } = await cast.project('tail')
  const statuses: string[] = []
  for (let extra = 0; extra < 12; extra++) {
    const bytes = 2 ** 20 + 1 + extra * 40_961
    const start = '{"items":[],"dryRun":true'
    const answer = await lane.send(tokens.owner, `POST /acme/${slug}/envs/default/apply`, {
      raw: `${start}${' '.repeat(bytes - start.length - 1)}}`,
      headers: { 'content-type': 'application/json' },
    })
    statuses.push(`${bytes} ${answer.status}`)
  }
  expect(statuses.filter((one) => !one.endsWith(' 200'))).toEqual([])
})
