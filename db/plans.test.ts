import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Named, noteNamed, pagesRead } from '#test/support/database/plans'
import { type Lane, startLane } from '#test/support/http/lane'
import { type Grown, grow, plant } from '#test/support/measure/grown'
import { questionsOf, unasked } from '#test/support/measure/lists'

/*
 * PostgreSQL may keep a plan that it made without values for every statement that has a name. That plan has to be good for a small
 * list and for a large one. A statement that needs its values is marked as `plannedWithValues`, and so has no name.
 */

const SMALL = 100
const LARGE = 4000
/** Of pages read. A page of a hundred rows takes about two hundred by key, whatever the size. */
const MOST = 10
const FEW = 250

let lane: Lane
let client: Client
let grown: Grown
beforeAll(async () => {
  lane = await startLane()
  grown = await plant(lane.db)
  client = new Client({ connectionString: process.env['DATABASE_URL'] })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await lane.stop()
})

async function namedBehindLists(): Promise<Named[]> {
  const { named, stop } = noteNamed()
  try {
    for (const { name, method, path, bearer } of questionsOf(grown).filter((one) => one.method === 'GET')) {
      const { status, text } = await lane.send(bearer, `${method} ${path}`)
      expect(status, `${name}: ${text}`).toBe(200)
    }
  } finally {
    stop()
  }
  return [...named.values()].filter(
    ({ text }) => /^\s*(select|with)\b/i.test(text) && !/\bfor (no key )?(update|share|key share)\b/i.test(text),
  )
}

async function misplanned(): Promise<string[]> {
  const statements = await namedBehindLists()
  expect(statements.length).toBeGreaterThan(30)
  const wrong: string[] = []
  for (const statement of statements) {
    const { custom, generic } = await pagesRead(client, statement)
    const [less, more] = [Math.min(custom, generic), Math.max(custom, generic)]
    if (more > MOST * less && more > FEW) wrong.push(`${custom} pages with values, ${generic} without: ${statement.text}`)
  }
  return wrong
}

test('asks every list of the contract', () => expect(unasked).toEqual([]))

test('every named statement behind a list reads about as much without its values, small and large', async () => {
  await grow(client, grown, 1, SMALL)
  expect(await misplanned()).toEqual([])
  await grow(client, grown, SMALL + 1, LARGE)
  expect(await misplanned()).toEqual([])
}, 120_000)
