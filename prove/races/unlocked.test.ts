import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createTestDatabase } from '#test/support/database/database'
import { withoutGuards } from '#test/support/database/without-locks'
import { createWorld } from '#test/support/world/world'
import { report, scaleOf } from '#test/support/outcome'
import { type World, races } from './unlocked-races.ts'

const TIMES = scaleOf('races', 3)
/** A race without its lock is not lost every time, but at least once in this many. */
const TRIES = 100
const constraints = {
  projects: 'projects_org_id_slug',
  organization_members: 'organization_members_pkey',
  idempotency_keys: 'idempotency_keys_pkey',
}

const databases = await Promise.all([createTestDatabase({ max: 16 }), createTestDatabase({ max: 16 })])
let guarded: World
let bare: World
beforeAll(async () => {
  vi.stubEnv('BULKHEAD_SECRET', 'a secret for this test that is long')
  const [whole, scratch] = databases
  for (const [table, constraint] of Object.entries(constraints))
    await sql`alter table ${sql.table(table)} drop constraint ${sql.ref(constraint)} cascade`.execute(scratch.db)
  guarded = await createWorld(whole.db)
  bare = await createWorld(withoutGuards(scratch.db))
})
afterAll(async () => {
  vi.unstubAllEnvs()
  for (const database of databases) await database.drop()
})

test('every race ends well with its locks and constraints, and badly without them', { timeout: 0 }, async () => {
  const lost: string[] = []
  const unnoticed: string[] = []
  for (const [name, race] of Object.entries(races)) {
    for (let i = 0; i < TIMES; i++) if (await race(guarded)) lost.push(name)
    let isNoticed = false
    for (let i = 0; i < TRIES && !isNoticed; i++) isNoticed = await race(bare)
    if (!isNoticed) unnoticed.push(name)
  }
  const tried = Object.keys(races).length
  expect(report({ what: 'race of the verbs themselves', tried: tried * TIMES, failures: lost })).toEqual([])
  expect(report({ what: 'race without its lock: noticed', tried, failures: unnoticed })).toEqual([])
})
