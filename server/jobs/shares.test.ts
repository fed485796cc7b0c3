import { sql } from 'kysely'
import { afterAll, expect, test, vi } from 'vitest'
import { createTestDatabase } from '#test/support/database/database'
import { hasUnsealed } from '#db/queries/audit/chain'
import { nukeProject } from '#domain/nuke/nuke'
import { createWorld } from '#test/support/world/world'
import { fill } from '#test/support/world/catalog'
import { prepareJobs, startJobs } from './worker.ts'

const database = await createTestDatabase()
const { db } = database
await prepareJobs(database.url)
const world = await createWorld(db)
afterAll(() => database.drop())

/** A nuke of a project that is due for purging. */
async function dueWipe(slug: string) {
  const project = await world.project(slug)
  await fill(await world.inside(project))
  await nukeProject(await world.inside(project), { confirm: slug })
  await sql`update wipes set purge_after = now() where project_id = ${project.id}`.execute(db)
  return project
}
const unpurged = async (project: { id: string }) => {
  const { rows } = await sql<{
    n: number
  }>`select count(*) as n from wipes where project_id = ${project.id} and purged_at is null`.execute(db)
  return rows[0]!.n
}

test('a blocked purge delays no sealing, and ends within a second of a stop', async () => {
  const project = await dueWipe('held')
  const { promise: over, resolve: release } = Promise.withResolvers<void>()
  const holding = Promise.withResolvers<void>()
  // The purge waits for this lock on a row that it deletes.
  const lock = db.transaction().execute(async (trx) => {
    await sql`select from entities where project_id = ${project.id} for update`.execute(trx)
    holding.resolve()
    await over
  })
  await holding.promise
  const jobs = await startJobs(db, database.url)
  try {
    await vi.waitFor(async () => {
      const { rows } = await sql`select from wipes where project_id = ${project.id} and purging_at is not null`.execute(db)
      expect(rows).toHaveLength(1)
    }, 10_000)
    await world.project('another')
    await vi.waitFor(async () => expect(await hasUnsealed(db)).toBe(false), { timeout: 15_000, interval: 100 })
    expect(await unpurged(project)).toBe(1)
    const start = performance.now()
    await jobs.stop()
    expect(performance.now() - start).toBeLessThan(1000)
  } finally {
    release()
    await lock
  }
  expect((await sql`select from leases`.execute(db)).rows).toEqual([])
})

test('the next process purges what a stopped one left', async () => {
  const project = await dueWipe('left')
  await sql`update wipes set purging_at = now() where project_id = ${project.id}`.execute(db)
  const jobs = await startJobs(db, database.url)
  try {
    await vi.waitFor(async () => expect(await unpurged(project)).toBe(0), { timeout: 15_000, interval: 100 })
  } finally {
    await jobs.stop()
  }
  const { rows } = await sql`select from graphile_worker._private_jobs where locked_at is not null`.execute(db)
  expect(rows).toEqual([])
  const { rows: leases } = await sql`select from leases`.execute(db)
  expect(leases).toEqual([])
})
