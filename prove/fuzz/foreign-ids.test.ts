import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cast, type Stage, createCast } from '#test/support/world/cast'
import type { Answer } from '#test/support/http/client'
import { type Lane, startLane } from '#test/support/http/lane'
import { type Case, foreignCases } from './foreign-cases.ts'
import { progress, report, scaleOf } from '#test/support/outcome'
import { differ } from '../ranks.ts'

/**
 * Pairs of requests whose times are compared, per case. A test run compares none because its machine is too busy, and takes a
 * quarter of the cases.
 */
const PAIRS = scaleOf('foreign', 0)

let lane: Lane
let cast: Cast
let all: Case[]
let cases: Case[]
beforeAll(async () => {
  process.env['BULKHEAD_RATE_LIMIT'] = '0'
  lane = await startLane()
  cast = await createCast(lane.db)
  const theirs = await cast.project('theirs')
  const made = await cast.elsewhere.project('mine-mine')
  const { text } = await cast.elsewhere.token(made, { role: 'owner' })
  const mine = { ...made, tokens: { owner: text } } as Stage
  all = await foreignCases(lane.send, cast, theirs, mine)
  const first = Date.now() % 4
  cases = PAIRS === 0 ? all.filter((_, i) => i % 4 === first) : all
})
afterAll(() => lane.stop())

const ask = ({ who }: Case, { line, sent }: Case['foreign']) => lane.send(who, line, sent)

/** The whole answer without the parts that are unique each time. */
const comparable = ({ status, headers, text }: Answer) => {
  const own = new Set(['date', 'x-request-id', 'content-length'])
  const rest = [...headers].filter(([name]) => !own.has(name))
  return JSON.stringify([status, text.replace(/"requestId":"[^"]*"/, ''), rest])
}

test('refuses foreign and unknown ids in the same words', { timeout: 0 }, async () => {
  const failures: string[] = []
  for (const one of cases) {
    const [foreign, unknown] = [await ask(one, one.foreign), await ask(one, one.unknown)]
    const [theirs, nobodys] = [comparable(foreign), one.unmasked(comparable(unknown))]
    const isRefused = foreign.status >= 400 || (foreign.status === 207 && foreign.text.includes('"done":0'))
    if (!isRefused) failures.push(`${one.name}: ${foreign.status} ${foreign.text.slice(0, 200)}`)
    else if (theirs !== nobodys) failures.push(`${one.name}: ${theirs.slice(0, 300)} but unknown ${nobodys.slice(0, 300)}`)
  }
  expect(report({ what: 'foreign ids and unknown ones: words', tried: cases.length, failures })).toEqual([])
  expect(all.length).toBeGreaterThan(400)
})

/** Milliseconds of each, in turns, so that other load affects both. */
async function timed(one: Case, pairs: number): Promise<[number[], number[]]> {
  const times: [number[], number[]] = [[], []]
  const time = async (i: 0 | 1) => {
    const since = performance.now()
    await ask(one, i === 0 ? one.foreign : one.unknown)
    times[i].push(performance.now() - since)
  }
  for (let i = 0; i < pairs; i++) for (const which of i % 2 ? ([0, 1] as const) : ([1, 0] as const)) await time(which)
  return times
}

test.skipIf(PAIRS === 0)('refuses foreign and unknown ids in the same time', { timeout: 0 }, async () => {
  const failures: string[] = []
  for (const [i, one] of cases.entries()) {
    progress(i, cases.length, `${failures.length} differ in time`)
    // A difference that appears by chance in one of three hundred cases must appear again.
    const first = differ(...(await timed(one, PAIRS)), 0.15)
    if (!first.differs) continue
    const again = differ(...(await timed(one, PAIRS * 2)), 0.15)
    if (again.differs && Math.sign(first.by) === Math.sign(again.by)) failures.push(`${one.name}: ${again.words}`)
  }
  expect(report({ what: 'foreign ids and unknown ones: time', tried: cases.length, failures })).toEqual([])
})
