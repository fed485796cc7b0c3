import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cast, type Stage, createCast } from '../support/world/cast.ts'
import { longestPause } from '../support/http/heartbeat.ts'
import { type Lane, startLane } from '../support/http/lane.ts'

let lane: Lane
let cast: Cast
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
})
afterAll(() => lane.stop())

const time = '2026-01-01T00:00:00.000000Z'
const times = { createdAt: time, updatedAt: time }
const type = JSON.stringify({ kind: 'EntityType', name: 'site', states: ['live'], initialState: 'live', ...times })
const site = (name: string, entityType = 'site') =>
  JSON.stringify({
    kind: 'Entity',
    id: '01a20000-0000-7000-8000-000000000001',
    envName: 'default',
    entityType,
    name,
    state: 'live',
    metrics: {},
    ...times,
  })

const send = (stage: Stage, raw: string) =>
  lane.send(stage.tokens.owner, `POST /acme/${stage.slug}/import`, { raw, headers: { 'content-type': 'application/x-ndjson' } })

describe('the lines of an import', () => {
  const wrong = {
    'what is no JSON': { line: '{', message: /^Line 5 is not valid JSON/ },
    'what is no document': { line: '{"kind":"Action"}', message: /^Line 5 can’t be imported/ },
    'what has more values than any document': {
      line: `{"kind":"Entity","properties":{"a":[${'0,'.repeat(150_000)}0]}}`,
      message: /^Line 5 has more than 100,000 values/,
    },
    'what does not fit': { line: site('berlin', 'none'), message: /^Line 5 can’t be imported: entityType/ },
  }
  test.for(Object.entries(wrong))(
    '%s is named by the line number that an editor shows, counting blank lines',
    async ([why, { line, message }]) => {
      const stage = await cast.project(`numbers-${why.replaceAll(' ', '-').toLowerCase()}`)
      const { status, body } = await send(stage, `\n${type}\n\r\n  \n${line}\n`)
      expect(status).toBe(400)
      expect(body.error).toMatch(message)
      expect(await send(stage, `\n\n${type}\n\n${site('berlin')}`)).toMatchObject({ status: 200, body: { rows: { Entity: 1 } } })
    },
  )
})

test('lets other requests run during ten million blank lines, and is over at once', async () => {
  const stage = await cast.project('blank')
  const { result, pause } = await longestPause(() => send(stage, '\n\r\n'.repeat(5_000_000)))
  expect(result).toMatchObject({ status: 200, body: { rows: {} } })
  expect(pause).toBeLessThan(100)
})
