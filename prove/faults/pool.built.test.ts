import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isBuilt } from '../../tools/build.mjs'
import { progress, report, scaleOf } from '#test/support/outcome'
import { type WholeServer, openWholeServer } from '../whole-server.ts'

/** One round per ten rounds of other faults, and none in a short run: each takes as long as the statement timeout. */
const ROUNDS = Math.ceil(scaleOf('faults', 0) / 10)
const POOL = 2
const REQUESTS = 12
/** The longest wait for a row lock. */
const STATEMENT_TIMEOUT = 30_000

/** Two connections, and a database client that holds the lock that their statements need. */
describe.skipIf(!isBuilt() || ROUNDS === 0)('every connection waits for a lock', () => {
  let whole: WholeServer
  beforeAll(async () => {
    whole = await openWholeServer({ BULKHEAD_DATABASE_POOL: String(POOL) })
  }, 0)
  afterAll(() => whole?.close())

  test('lets requests wait, refuses them with 503 and Retry-After, and recovers completely', { timeout: 0 }, async () => {
    const { database, cast, send } = whole
    const failures: string[] = []
    let tried = 0
    for (let round = 0; round < ROUNDS; round++) {
      progress(round, ROUNDS, 'pool exhausted')
      const { slug, id } = await cast.project(`pool-${round}`)
      const owner = cast.people.orgOwner.token
      const create = (name: string) => send(owner, `POST /acme/${slug}/environments`, { json: { name } })
      const holder = new Client({ connectionString: database.url })
      await holder.connect()
      await holder.query('begin')
      await holder.query('select from projects where id = $1 for update', [id])
      const since = Date.now()
      // These two occupy the connections; the rest find none.
      const first = Array.from({ length: POOL }, (_, i) => create(`held-${i}`))
      const refused = await Promise.all(Array.from({ length: REQUESTS }, (_, i) => create(`refused-${i}`)))
      const released = await Promise.all(first)
      if (Date.now() - since > STATEMENT_TIMEOUT + 10_000) failures.push(`they waited ${Date.now() - since} ms`)
      await holder.query('rollback')
      await holder.end()
      for (const { status, headers, text } of [...refused, ...released]) {
        tried++
        if (status !== 503 || !(Number(headers.get('retry-after')) > 0)) failures.push(`${status} ${text}`)
      }
      const after = await Promise.all(Array.from({ length: REQUESTS }, (_, i) => create(`after-${i}`)))
      failures.push(...after.filter(({ status }) => status !== 201).map(({ status, text }) => `afterwards ${status} ${text}`))
      const there = await database.db.selectFrom('environments').select('name').where('project_id', '=', id).execute()
      const refusedButDone = there.filter(({ name }) => name.startsWith('refused'))
      if (refusedButDone.length > 0) failures.push(`${refusedButDone.length} were refused and done`)
    }
    expect(report({ what: 'fault: no connection left', tried, failures })).toEqual([])
  })
})
