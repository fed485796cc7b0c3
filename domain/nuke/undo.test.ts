import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { sumRowCounts } from '#db/queries/project-rows'
import { listEntities } from '../data/entities.ts'
import { listWipes, nukeProject, restoreWipe } from './nuke.ts'
import { addEntity, addType, fill } from '#test/support/world/catalog'
import { countRows, dumpData, dumpShell } from '#test/support/database/dump'
import { createWorld, openWorld, page, refused } from '#test/support/world/world'
import { reading } from '../writing.ts'

const world = await openWorld()
const other = await createWorld(world.db, 'other')
afterAll(world.close)
afterEach(() => vi.unstubAllEnvs())
afterEach(() => vi.useRealTimers())

let n = 0
async function nuked() {
  const project = await world.project(`p${++n}`)
  const now = () => world.inside(project)
  await fill(await now())
  const before = {
    data: await dumpData(world.db, project.id),
    shell: await dumpShell(world.db, project.id),
    counts: await countRows(world.db, reading(await now())),
  }
  const { wipeId } = await nukeProject(await now(), { confirm: project.slug })
  return { project, now, before, wipeId: wipeId! }
}
const numbers = (id: string) =>
  world.db.selectFrom('projects').select(['generation', 'last_generation']).where('id', '=', id).executeTakeFirstOrThrow()
const names = async (context: Parameters<typeof listEntities>[0]) =>
  (await listEntities(context, 'default', page)).items.map((entity) => entity.name)

describe('restoreWipe', () => {
  test('restores every row as it was', async () => {
    const { project, now, before, wipeId } = await nuked()
    expect(await restoreWipe(await now(), wipeId)).toEqual({
      projectId: project.id,
      wipeId,
      rowCountsRestored: before.counts,
      replaced: null,
    })
    expect(await dumpData(world.db, project.id)).toEqual(before.data)
    expect(await dumpShell(world.db, project.id)).toBe(before.shell)
    expect(await countRows(world.db, reading(await now()))).toEqual(before.counts)
    expect(await names(await now())).toEqual(['berlin', 'paris', 'nowhere'])
    expect((await listWipes(await now(), page)).items).toMatchObject([
      { id: wipeId, state: 'restored', restoredAt: expect.any(String) },
    ])
  })

  test('turns what is live into a wipe, which can be restored itself', async () => {
    const { now, wipeId } = await nuked()
    await addType(await now())
    await addEntity(await now(), 'newcomer')
    const outcome = await restoreWipe(await now(), wipeId)
    expect(outcome.replaced).toMatchObject({
      reason: 'undo',
      state: 'restorable',
      rowCounts: { entities: 1, entity_types: 1, cells: 0 },
    })
    expect(await names(await now())).toEqual(['berlin', 'paris', 'nowhere'])
    const back = await restoreWipe(await now(), outcome.replaced!.id)
    expect(await names(await now())).toEqual(['newcomer'])
    expect(back.replaced).toMatchObject({ reason: 'undo', rowCounts: { entities: 3 } })
    expect((await listWipes(await now(), page)).items.map((wipe) => wipe.state)).toEqual(['restorable', 'restored', 'restored'])
  })

  test('writes an event with what was restored and what was replaced', async () => {
    const { project, now, before, wipeId } = await nuked()
    await addType(await now())
    const { replaced } = await restoreWipe(await now(), wipeId)
    await restoreWipe(await now(), replaced!.id)
    const events = await world.db
      .selectFrom('audit_events')
      .select(['actor_id', 'target_kind', 'target_id', 'target_name', 'after'])
      .where('project_id', '=', project.id)
      .where('action', '=', 'project.undone')
      .orderBy('id')
      .execute()
    const about = { actor_id: world.root.id, target_kind: 'wipe', target_name: project.slug }
    expect(events).toMatchObject([
      { ...about, target_id: wipeId, after: { rowCountsRestored: before.counts, replacedBy: replaced!.id } },
      { ...about, target_id: replaced!.id, after: { rowCountsRestored: { entity_types: 1, entities: 0 } } },
    ])
  })

  test('in an empty project replaces nothing, and its event says so', async () => {
    const { project, now, wipeId } = await nuked()
    await restoreWipe(await now(), wipeId)
    const event = await world.db
      .selectFrom('audit_events')
      .select('after')
      .where('project_id', '=', project.id)
      .where('action', '=', 'project.undone')
      .executeTakeFirstOrThrow()
    expect(event.after).toMatchObject({ replacedBy: null })
  })

  test('never uses a generation number twice', async () => {
    const { project, now, wipeId } = await nuked()
    const used = new Set<number>([1, 2])
    expect(await numbers(project.id)).toEqual({ generation: 2, last_generation: 2 })
    await restoreWipe(await now(), wipeId)
    expect(await numbers(project.id)).toEqual({ generation: 1, last_generation: 2 })
    for (let round = 0; round < 3; round++) {
      const wipe = await nukeProject(await now(), { confirm: project.slug })
      const { generation, last_generation: last } = await numbers(project.id)
      expect(generation).toBe(last)
      expect(used.has(generation)).toBe(false)
      used.add(generation)
      await restoreWipe(await now(), wipe.wipeId!)
    }
  })

  test('keeps counting exactly', async () => {
    const { now, wipeId } = await nuked()
    await restoreWipe(await now(), wipeId)
    await addEntity(await now(), 'one more', { properties: { country: 'de' } })
    const counts = await sumRowCounts(world.db, reading(await now()))
    expect(counts).toEqual(await countRows(world.db, reading(await now())))
    expect(counts.entities).toBe(4)
  })

  test('works once', async () => {
    const { now, wipeId } = await nuked()
    await restoreWipe(await now(), wipeId)
    expect(await refused(restoreWipe(await now(), wipeId))).toBe('not_restorable')
  })

  test('is refused after the retention, and at once where there is none', async () => {
    const { project, now, wipeId } = await nuked()
    await world.db.updateTable('wipes').set({ purge_after: '2020-01-01T00:00:00Z' }).where('id', '=', wipeId).execute()
    expect(await refused(restoreWipe(await now(), wipeId))).toBe('purged')
    await fill(await now())
    vi.stubEnv('BULKHEAD_NUKE_RETENTION_HOURS', '0')
    const { wipeId: second } = await nukeProject(await now(), { confirm: project.slug })
    expect(await refused(restoreWipe(await now(), second!))).toBe('purged')
    expect((await listWipes(await now(), page)).items.map((wipe) => wipe.state)).toEqual(['purged', 'purged'])
  })

  test('is refused at the very moment that the retention ends', async () => {
    const { now, wipeId } = await nuked()
    const end = '2027-01-01T00:00:00Z'
    await world.db.updateTable('wipes').set({ purge_after: end }).where('id', '=', wipeId).execute()
    const context = await now()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(end) })
    expect((await listWipes(context, page)).items[0]!.state).toBe('purged')
    vi.setSystemTime(Date.parse(end) - 1)
    expect((await listWipes(context, page)).items[0]!.state).toBe('restorable')
  })

  test('finds only the wipes of its project', async () => {
    const [mine, theirs] = [await nuked(), await nuked()]
    const foreign = await other.inside(await other.project(`p${n}`))
    expect(await refused(restoreWipe(await mine.now(), theirs.wipeId))).toBe('wipe_not_found')
    expect(await refused(restoreWipe(foreign, theirs.wipeId))).toBe('wipe_not_found')
    expect(await names(await theirs.now())).toEqual([])
  })

  test.for(['viewer', 'member'] as const)('is refused to a %s', async (role) => {
    const { project, now, wipeId } = await nuked()
    const context = await world.inside(project, await world.member(project, { role }))
    expect(await refused(restoreWipe(context, wipeId))).toBe('forbidden')
    expect(await names(await now())).toEqual([])
  })
})
