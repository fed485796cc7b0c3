import { sql } from 'kysely'
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { insertEntities } from '#db/queries/data/entities'
import { returnLease, takeLease } from '#db/queries/leases'
import { purgeRows } from '#db/queries/project-rows'
import { claimExpiredProject, claimPurge } from '#db/queries/nuke/purges'
import { countWaiting, createTestDatabase } from '#test/support/database/database'
import { newId } from '../ids.ts'
import { withLease } from '../lease.ts'
import { nukeProject, listWipes, restoreWipe } from './nuke.ts'
import { deleteProject, restoreProject } from '../projects/projects.ts'
import { adaptiveBatch, purgeDue, purgeIdempotencyKeys, purgeProjects, purgeWipes } from './purge.ts'
import { createRepoLink } from '../projects/repo-links.ts'
import { addEntity, addType, fill } from '#test/support/world/catalog'
import { countRows, dumpData } from '#test/support/database/dump'
import { createWorld, openWorld, page, refused } from '#test/support/world/world'
import { reading } from '../writing.ts'

const world = await openWorld()
afterAll(world.close)

let n = 0
/** A project with one dead generation and one live one. */
async function nuked() {
  const project = await world.project(`p${++n}`)
  const now = () => world.inside(project)
  const dead = reading(await now())
  await fill(await now())
  const { wipeId } = await nukeProject(await now(), { confirm: project.slug })
  await fill(await now())
  return { project, now, dead, wipeId: wipeId! }
}
const past = '2020-01-01T00:00:00Z'
const timeIsUp = (wipeId: string) => world.db.updateTable('wipes').set({ purge_after: past }).where('id', '=', wipeId).execute()
const generationsOf = async (id: string) =>
  (
    await world.db
      .selectFrom('row_counts')
      .select('generation')
      .distinct()
      .where('project_id', '=', id)
      .orderBy('generation')
      .execute()
  ).map((row) => row.generation)

describe('purgeWipes', () => {
  test('deletes the dead generation and its counts, and nothing else', async () => {
    const [target, neighbor] = [await nuked(), await nuked()]
    const [living, untouched] = [
      await countRows(world.db, reading(await target.now())),
      await dumpData(world.db, neighbor.project.id),
    ]
    expect(await purgeWipes(world.db)).toBe(0)
    await timeIsUp(target.wipeId)
    let rows = 0
    expect(await purgeWipes(world.db, { onBatch: (batch) => (rows += batch) })).toBe(1)
    expect(new Set(Object.values(await countRows(world.db, target.dead)))).toEqual(new Set([0]))
    expect(rows).toBe(14)
    expect(await countRows(world.db, reading(await target.now()))).toEqual(living)
    expect(await dumpData(world.db, neighbor.project.id)).toEqual(untouched)
    expect(await generationsOf(target.project.id)).toEqual([2])
    expect(await generationsOf(neighbor.project.id)).toEqual([1, 2])
    expect(await purgeWipes(world.db)).toBe(0)
    expect((await listWipes(await target.now(), page)).items).toMatchObject([
      { state: 'purged', purgedAt: expect.any(String), rowCounts: { entities: 3 } },
    ])
    expect(await refused(restoreWipe(await target.now(), target.wipeId))).toBe('purged')
  })

  test('ignores a wipe that was undone, whatever its age', async () => {
    const { now, wipeId, dead } = await nuked()
    const { replaced } = await restoreWipe(await now(), wipeId)
    await timeIsUp(wipeId)
    expect(await purgeWipes(world.db)).toBe(0)
    expect((await countRows(world.db, dead)).entities).toBe(3)
    await timeIsUp(replaced!.id)
    expect(await purgeWipes(world.db)).toBe(1)
    expect(await countRows(world.db, reading(await now()))).toMatchObject({ entities: 3 })
  })

  test('an undo after the mark is refused, even before any row is gone', async () => {
    const { now, wipeId, dead } = await nuked()
    await timeIsUp(wipeId)
    expect((await claimPurge(world.db))?.id).toBe(wipeId)
    await world.db.updateTable('wipes').set({ purge_after: '2099-01-01T00:00:00Z' }).where('id', '=', wipeId).execute()
    expect(await refused(restoreWipe(await now(), wipeId))).toBe('purged')
    expect((await countRows(world.db, dead)).entities).toBe(3)
  })

  test('a stopped purge ends after its batch, and the next run continues at once', async () => {
    const { wipeId, dead } = await nuked()
    await timeIsUp(wipeId)
    const stopping = new AbortController()
    expect(await purgeWipes(world.db, { onBatch: () => stopping.abort(), signal: stopping.signal })).toBe(0)
    const left = await countRows(world.db, dead)
    expect(Object.values(left).some((n) => n > 0)).toBe(true)
    expect(left).not.toEqual(await countRows(world.db, reading(await world.inside((await nuked()).project))))
    expect(await purgeWipes(world.db)).toBe(1)
    expect((await countRows(world.db, dead)).entities).toBe(0)
  })

  test('only one purge runs at a time, however long it takes', async () => {
    const { wipeId, dead } = await nuked()
    await timeIsUp(wipeId)
    const others: number[] = []
    let rows = 0
    const onBatch = (batch: number) => {
      rows += batch
    }
    const slow = purgeWipes(world.db, { onBatch, lease: 0.2 })
    const meanwhile = async () => {
      for (let i = 0; i < 20; i++) others.push(await purgeWipes(world.db, { onBatch, lease: 0.2 }))
    }
    await Promise.all([slow, meanwhile()])
    expect([await slow, ...others].reduce((sum, n) => sum + n)).toBe(1)
    expect(rows).toBe(14)
    expect((await countRows(world.db, dead)).entities).toBe(0)
  })

  test('a purge whose process died is resumed once its lease is over', async () => {
    const { wipeId } = await nuked()
    await timeIsUp(wipeId)
    await claimPurge(world.db)
    await takeLease(world.db, 'purge', newId(), 60)
    expect(await purgeWipes(world.db)).toBe(0)
    await world.db.updateTable('leases').set({ held_until: past }).execute()
    expect(await purgeWipes(world.db)).toBe(1)
  })

  test('a purge that lost its lease stops before its next batch', async () => {
    const { wipeId } = await nuked()
    await timeIsUp(wipeId)
    const other = newId()
    const stolen = withLease(world.db, 'purge', 0.001, async (renew) => {
      while (!(await takeLease(world.db, 'purge', other, 60)));
      await renew()
    })
    await expect(stolen).rejects.toThrow('the lease purge was taken by another process')
    expect(await purgeWipes(world.db)).toBe(0)
    await returnLease(world.db, 'purge', other)
    expect(await purgeWipes(world.db)).toBe(1)
  })

  test('its statements are planned with their values and keep no named plan', async () => {
    const one = await createTestDatabase({ max: 1 })
    onTestFinished(() => one.drop())
    for (let i = 0; i < 8; i++)
      for await (const _ of purgeRows(one.db, { projectId: newId(), generation: 1 }, 'effective_cell_members', {
        limit: () => 10,
      }));
    await one.db.selectFrom('wipes').select('id').where('project_id', '=', newId()).execute()
    const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(one.db)
    expect(rows.map(({ statement }) => statement).filter((text) => text.includes('from "wipes"'))).toHaveLength(1)
    expect(rows.filter(({ statement }) => statement.includes('effective_cell_members'))).toEqual([])
  })

  test('deletes more rows than one batch', async () => {
    const { project, now } = await nuked()
    const environment = await world.db
      .selectFrom('environments')
      .select('id')
      .where('project_id', '=', project.id)
      .executeTakeFirstOrThrow()
    const entities = Array.from({ length: 4500 }, (_, i) => ({
      id: crypto.randomUUID(),
      env_id: environment.id,
      entity_type: 'site',
      name: `e${i}`,
      state: 'live',
      properties: {},
      labels: {},
    }))
    const at = reading(await now())
    await world.db.transaction().execute((trx) => insertEntities(trx, at, entities))
    const { wipeId } = await nukeProject(await now(), { confirm: project.slug })
    await timeIsUp(wipeId!)
    const batches: number[] = []
    await purgeWipes(world.db, { onBatch: (rows) => batches.push(rows) })
    expect(batches.reduce((sum, rows) => sum + rows)).toBe(4514)
    expect(batches.filter((rows) => rows >= 200).length).toBeGreaterThan(1)
    expect((await countRows(world.db, at)).entities).toBe(0)
  })
})

test('a statement takes more rows after a fast one and fewer after a slow one, within limits', () => {
  const { limit, took } = adaptiveBatch()
  const after = (ms: number, times = 1) => {
    for (let i = 0; i < times; i++) took(ms)
    return limit()
  }
  expect(limit()).toBe(2000)
  expect(after(25)).toBe(2000)
  expect(after(50)).toBe(1000)
  expect(after(1000, 10)).toBe(200)
  expect(after(20)).toBe(250)
  expect(after(1, 10)).toBe(20_000)
})

describe('turns', () => {
  /** Which of two is purged first: one that needs a dozen statements, or a small one that is due later. */
  async function besideLarge(small: { wipeId: string }) {
    const large = await nuked()
    await world.db.updateTable('wipes').set({ purge_after: '2019-01-01T00:00:00Z' }).where('id', '=', large.wipeId).execute()
    await timeIsUp(small.wipeId)
    // Each turn ends after its first batch.
    expect(await purgeWipes(world.db, { turn: 0 })).toBe(2)
    const ends = await world.db
      .selectFrom('wipes')
      .select(['id', 'purged_at'])
      .where('id', 'in', [large.wipeId, small.wipeId])
      .orderBy('purged_at')
      .execute()
    expect((await countRows(world.db, large.dead)).entities).toBe(0)
    return ends.map(({ id }) => (id === large.wipeId ? 'large' : 'small'))
  }

  /** A receipt of an empty project, purged in one step. */
  async function nothing(orgWorld: typeof world) {
    const project = await orgWorld.project(`small${++n}`)
    await addType(await orgWorld.inside(project))
    const { wipeId } = await nukeProject(await orgWorld.inside(project), { confirm: project.slug })
    return { wipeId: wipeId! }
  }

  test('a small wipe does not wait for a large one of its organization', async () => {
    expect(await besideLarge(await nothing(world))).toEqual(['small', 'large'])
  })

  test('a small wipe of another organization does not wait, nor does a deleted project', async () => {
    const other = { ...world, ...(await createWorld(world.db, 'other')) }
    expect(await besideLarge(await nothing(other))).toEqual(['small', 'large'])
    const large = await nuked()
    await timeIsUp(large.wipeId)
    const gone = await world.project(`gone${++n}`)
    await deleteProject(await world.inside(gone))
    await world.db.updateTable('projects').set({ restore_before: past }).where('id', '=', gone.id).execute()
    // Records whether the large wipe is done when the project is deleted.
    await sql`create table seen (purged boolean)`.execute(world.db)
    await sql`create function see() returns trigger language plpgsql as $$ begin
      insert into seen select purged_at is not null from wipes where id = ${sql.lit(large.wipeId)}; return old; end $$`.execute(
      world.db,
    )
    await sql`create trigger see before delete on projects for each row execute function see()`.execute(world.db)
    expect(await purgeDue(world.db, { turn: 0 })).toBe(2)
    expect((await sql`select purged from seen`.execute(world.db)).rows).toEqual([{ purged: false }])
    await sql`drop function see cascade; drop table seen`.execute(world.db)
  })

  test('a failing purge delays no other, and continues the next time', async () => {
    const [stuck, other] = [await nuked(), await nuked()]
    for (const { wipeId } of [stuck, other]) await timeIsUp(wipeId)
    await sql`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$`.execute(
      world.db,
    )
    await sql`create trigger refuse before delete on entities for each row
      when (old.project_id = ${sql.lit(stuck.project.id)}) execute function refuse()`.execute(world.db)
    await expect(purgeWipes(world.db)).rejects.toThrow('refused')
    await sql`drop function refuse cascade`.execute(world.db)
    expect((await countRows(world.db, other.dead)).entities).toBe(0)
    expect((await countRows(world.db, stuck.dead)).entities).toBe(3)
    expect(await purgeWipes(world.db)).toBe(1)
    expect((await countRows(world.db, stuck.dead)).entities).toBe(0)
  })
})

test('a stop cancels a statement that waits for a lock, and leaves nothing locked', async () => {
  const { wipeId, dead } = await nuked()
  await timeIsUp(wipeId)
  const stopping = new AbortController()
  await world.db.transaction().execute(async (trx) => {
    await sql`select from entities where project_id = ${dead.projectId} for update`.execute(trx)
    const purging = purgeWipes(world.db, { signal: stopping.signal })
    await vi.waitUntil(async () => (await countWaiting(world.db)) === 1)
    const start = performance.now()
    stopping.abort()
    expect(await purging).toBe(0)
    await vi.waitUntil(async () => (await countWaiting(world.db)) === 0, { interval: 10 })
    expect(performance.now() - start).toBeLessThan(1000)
  })
  expect(await world.db.selectFrom('leases').select('name').execute()).toEqual([])
  expect(await purgeWipes(world.db)).toBe(1)
})

describe('purgeProjects', () => {
  test('claims a project before it deletes the first row: restoring it is then refused', async () => {
    const { project, now } = await nuked()
    await deleteProject(await now())
    await world.db.updateTable('projects').set({ restore_before: past }).where('id', '=', project.id).execute()
    expect((await claimExpiredProject(world.db))?.id).toBe(project.id)
    // What a transaction sees that began before the retention ended.
    await world.db.updateTable('projects').set({ restore_before: '2099-01-01T00:00:00Z' }).where('id', '=', project.id).execute()
    expect(await refused(restoreProject(await world.at(world.root), project.id))).toBe('purged')
    await world.db.updateTable('projects').set({ restore_before: past }).where('id', '=', project.id).execute()
    expect(await purgeProjects(world.db)).toBe(1)
  })

  test('permanently removes a deleted project once it is due; its audit events stay and its slug is free', async () => {
    const [gone, neighbor] = [await nuked(), await nuked()]
    const { project } = gone
    await createRepoLink(await gone.now(), { provider: 'github', repository: 'acme/site', branch: 'main', path: '/' })
    await world.member(project)
    await world.token(project)
    await addEntity(await gone.now(), 'last')
    await deleteProject(await gone.now())
    const events = () => world.db.selectFrom('audit_events').select('id').where('project_id', '=', project.id).execute()
    const before = await events()
    const untouched = await dumpData(world.db, neighbor.project.id)
    expect(await purgeProjects(world.db)).toBe(0)
    await world.db.updateTable('projects').set({ restore_before: past }).where('id', '=', project.id).execute()
    expect(await refused(restoreProject(await world.at(world.root), project.id))).toBe('purged')
    expect(await purgeProjects(world.db)).toBe(1)
    for (const table of [
      'environments',
      'project_members',
      'project_tokens',
      'repo_links',
      'wipes',
      'row_counts',
      'entities',
    ] as const) {
      expect(await world.db.selectFrom(table).select('project_id').where('project_id', '=', project.id).execute()).toEqual([])
    }
    expect(await events()).toEqual(before)
    expect(await dumpData(world.db, neighbor.project.id)).toEqual(untouched)
    expect(await refused(restoreProject(await world.at(world.root), project.id))).toBe('project_not_found')
    expect((await world.project(project.slug)).id).not.toBe(project.id)
  })
})

test('purgeIdempotencyKeys deletes keys after a day', async () => {
  const key = { actor_id: world.root.id, route: 'r', request_hash: Buffer.from('x') }
  await world.db
    .insertInto('idempotency_keys')
    .values([
      { ...key, key: 'old', created_at: past },
      { ...key, key: 'new' },
    ])
    .execute()
  await purgeIdempotencyKeys(world.db)
  expect(await world.db.selectFrom('idempotency_keys').select('key').execute()).toEqual([{ key: 'new' }])
})
