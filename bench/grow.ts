import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { replaceDatabase } from '#db/client'
import { clientOf } from '#test/support/http/client'
import { type BenchDatabase, timed, withBenchDatabase } from '#test/support/measure/database'
import { grow, plant } from '#test/support/measure/grown'
import { type Question, questionsOf, unasked } from '#test/support/measure/lists'
import { figure, median, publish, say, table } from '#test/support/measure/report'

const SIZES = (process.env['GROW_SIZES'] ?? '1000,10000,100000').split(',').map(Number)
/** After five runs a connection may keep a plan without values. */
const WARM_UP = 7
const ROUNDS = 15
/** What is slow is asked less often. */
const MOST_MS = 3000
/** Below this the clock and the garbage collector say more than the statement. */
const NOISE_MS = 5

type Ask = (question: Question) => Promise<number>

/** The API of this process over the bench's database: a list's share of the time is what it asks of PostgreSQL. */
async function serving(url: string, work: (ask: Ask) => Promise<void>): Promise<void> {
  // The modules read settings when they are loaded.
  process.env['BULKHEAD_LOG_LEVEL'] = 'silent'
  const { openFront } = await import('#server/front/front')
  const front = await openFront({ host: '127.0.0.1', port: 0 })
  const origin = `http://127.0.0.1:${front.port}`
  const secret = randomBytes(32).toString('hex')
  Object.assign(process.env, {
    DATABASE_URL: url,
    BULKHEAD_URL: origin,
    NEXTAUTH_URL: origin,
    BULKHEAD_SECRET: secret,
    NEXTAUTH_SECRET: secret,
    BULKHEAD_RATE_LIMIT: '1000000000',
    BULKHEAD_QUOTA_TOKENS: '1000000000',
  })
  const { createLane } = await import('#server/front/lane')
  front.serve((await createLane()).listener)
  const send = clientOf(origin)
  try {
    await work(async ({ method, path, bearer, body }) => {
      let answer: { status: number; text: string } | undefined
      const took = await timed(async () => (answer = await send(bearer, `${method} ${path}`, body && { json: body })))
      assert.ok(answer!.status < 300, `${path}: ${answer!.text}`)
      return took
    })
  } finally {
    await front.drain(2000)
    await replaceDatabase()
  }
}

/** Names all questions that are refused at once. */
async function assertAnswered(ask: Ask, questions: Question[]): Promise<void> {
  const refused: string[] = []
  for (const question of questions) await ask(question).catch((error: Error) => refused.push(error.message))
  assert.deepEqual(refused, [])
}

async function measured(ask: Ask, question: Question): Promise<number> {
  const times: number[] = []
  const until = performance.now() + MOST_MS
  for (let round = -WARM_UP; round < ROUNDS && (times.length < 3 || performance.now() < until); round++) {
    const took = await ask(question)
    if (round >= 0 || took > MOST_MS / ROUNDS) times.push(took)
  }
  return median(times)
}

/** How a list's time grows with the number of rows, for every list of both dialects. */
export async function benchGrow(): Promise<void> {
  assert.deepEqual(unasked, [], 'lists of the contract that are not asked')
  const only = process.env['GROW_ONLY']
  await withBenchDatabase(async ({ db, client, url }: BenchDatabase) => {
    const grown = await plant(db)
    const questions = questionsOf(grown).filter(({ name }) => only === undefined || name.includes(only))
    const medians = new Map<string, number[]>(questions.map(({ name }) => [name, []]))
    await serving(url, async (ask) => {
      for (const [i, size] of SIZES.entries()) {
        const took = await timed(() => grow(client, grown, (SIZES[i - 1] ?? 0) + 1, size))
        say(`${size.toLocaleString('en-US')} of everything after ${figure(took / 1000)} s`)
        if (i === 0) await assertAnswered(ask, questions)
        for (const question of questions) medians.get(question.name)!.push(await measured(ask, question))
      }
    })
    report(medians, only === undefined)
  })
}

/** A list that takes twice as long at the largest size grows, unless it is too quick to tell. */
const growth = (all: number[]) => Math.max(all.at(-1)!, NOISE_MS) / Math.max(all[0]!, NOISE_MS)

function report(medians: Map<string, number[]>, isWhole: boolean): void {
  const sorted = [...medians].toSorted(([, a], [, b]) => growth(b) - growth(a))
  const rows = sorted.map(([name, all]) => [
    `\`${name}\``,
    ...all.map(figure),
    growth(all) > 2 ? `${figure(growth(all))} × **grows**` : `${figure(growth(all))} ×`,
  ])
  const lists = table(['list', ...SIZES.map((size) => size.toLocaleString('en-US')), 'growth'], rows)
  if (!isWhole) return say(lists)
  const worst = growth(sorted[0]![1])
  publish({
    name: 'grow',
    title: 'Lists that stay flat',
    how: `Every list of both dialects, and what counts over what grows, in an organization with this many people, projects, deleted projects, invitations and events, one of whose projects has as many members, tokens, events, receipts, environments and of each kind of data; 100 rows a page, over HTTP, one call at a time. The owner asks, or a plain member of ten projects (few) or of all. Milliseconds, medians of up to ${ROUNDS} calls. Times below ${NOISE_MS} ms count as ${NOISE_MS}.`,
    table: lists,
    ratios: [
      { what: 'the list that grows most, from the smallest to the largest', value: worst, reach: '≤ 2 ×', holds: worst <= 2 },
    ],
    raw: { milliseconds: Object.fromEntries(medians) },
  })
}
