import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cast, createCast } from '#test/support/world/cast'
import { digest } from '#test/support/http/digest'
import { type Lane, startLane } from '#test/support/http/lane'
import { progress, report, scaleOf } from '#test/support/outcome'
import { type Exchange, exchange } from './wire.ts'
import { type Trick, tricks } from './wire-tricks.ts'

const TIMES = scaleOf('sockets', tricks.length)

let lane: Lane
let cast: Cast
const slugs = ['ahoy', 'brig', 'crow', 'deck']
beforeAll(async () => {
  process.env['BULKHEAD_RATE_LIMIT'] = '0'
  lane = await startLane()
  cast = await createCast(lane.db)
  for (const slug of slugs) await cast.world.project(slug)
})
afterAll(() => lane.stop())

/** A request whose answer differs from every other. */
const asking = (slug: string, ...headers: string[]) =>
  [`GET /orgs/acme/projects/${slug} HTTP/1.1`, 'Host: HOST', 'Authorization: Bearer TOKEN', ...headers, '', ''].join('\r\n')

const bytesOf = (text: string) =>
  Buffer.from(text.replaceAll('HOST', `127.0.0.1:${lane.port}`).replaceAll('TOKEN', cast.people.orgOwner.token), 'latin1')

/** Cuts the bytes at these places, as on a slow line. */
function pieces(bytes: Buffer, cuts: number[]): Buffer[] {
  const at = [...new Set(cuts.map((cut) => cut % bytes.length))].toSorted((a, b) => a - b)
  return [0, ...at].map((from, i) => bytes.subarray(from, at[i])).filter(({ length }) => length > 0)
}

/** What is wrong with the answers to some requests, then a trick, then one more request; undefined when nothing is. */
function wrongWith(before: string[], { asked, may, isBroken }: Trick, after: string, { answers, rest, wasClosed }: Exchange) {
  if (!wasClosed) return 'the connection was left open'
  if (rest !== '') return `bytes that are no answer: ${JSON.stringify(rest.slice(0, 100))}`
  const slugOf = (i: number) => (/"slug":"(\w+)"/.exec(answers[i]?.body ?? '') ?? [])[1]
  for (const [i, slug] of before.entries()) if (slugOf(i) !== slug) return `answer ${i} is not that of ${slug}`
  const [first, ...more] = answers.slice(before.length)
  const odd = answers.find(({ status }) => status >= 500)
  if (odd) return `${odd.status} ${odd.body}`
  if (answers.some(({ body }) => body.includes('"ok":true'))) return 'the smuggled request was answered'
  if (!first) return may && 'no answer'
  if (may && !may.includes(first.status)) return `${first.status}, not ${may.join(' or ')}: ${first.body.slice(0, 100)}`
  const next = slugOf(before.length + asked)
  if (more.length > asked) return `${more.length + 1} answers`
  if (more.length === asked && next !== after) return `the next answer is not that of ${after}`
  if (more.length < asked && !isBroken && first.headers['connection'] !== 'close') return 'closed without a word'
  return undefined
}

test(
  'whatever bytes arrive: each request gets its own answer or the connection closes, and nothing changes',
  { timeout: 0 },
  async () => {
    const seed = Number(process.env['PROVE_SEED'] ?? Date.now() % 2 ** 31)
    const surroundings = fc.record({
      before: fc.array(fc.constantFrom(...slugs), { maxLength: 3 }),
      after: fc.constantFrom(...slugs),
      cuts: fc.array(fc.nat(400), { maxLength: 6 }),
    })
    const drawn = fc.sample(surroundings, { numRuns: TIMES, seed })
    const failures: string[] = []
    // The first use of a token records its time, so it happens before the comparison.
    await lane.send(cast.people.orgOwner.token, `GET /orgs/acme/projects/${slugs[0]}`)
    const unchanged = await digest(lane.db)
    for (const [i, { before, after, cuts }] of drawn.entries()) {
      progress(i, TIMES, `${failures.length} failed`)
      const trick = tricks[i % tricks.length]!
      const text = before.map((slug) => asking(slug)).join('') + trick.bytes + asking(after, 'Connection: close')
      const methods = [...before.map(() => 'GET'), ...(trick.methods ?? ['GET'])]
      const wrong = wrongWith(before, trick, after, await exchange(lane.port, pieces(bytesOf(text), cuts), methods))
      if (wrong) failures.push(`${trick.name} after ${before.length} others: ${wrong}`)
    }
    if ((await digest(lane.db)) !== unchanged) failures.push('something has changed')
    expect(report({ what: 'tricks on the wire', tried: TIMES, failures })).toEqual([])
  },
)
