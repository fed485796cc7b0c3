import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { fill } from '#test/support/world/catalog'
import { openWorld } from '#test/support/world/world'
import { reading } from '#domain/writing'
import { countRows } from '#test/support/database/dump'
import { refreshEffectiveMembers } from './catalog/effective-members.ts'
import { insertEntities } from './data/entities.ts'
import {
  countingDelete,
  countingInsert,
  deleteRowCounts,
  listGenerations,
  purgeRows,
  sumRowCounts,
  wipedTables,
} from './project-rows.ts'

const world = await openWorld()
afterAll(world.close)

let n = 0
async function filled() {
  const project = await world.project(`p${++n}`)
  const context = await world.inside(project)
  await fill(context)
  const { id: envId } = await world.db
    .selectFrom('environments')
    .select('id')
    .where('project_id', '=', project.id)
    .executeTakeFirstOrThrow()
  return { at: reading(context), envId }
}
const entity = (envId: string, name: string, country?: string) => ({
  id: crypto.randomUUID(),
  env_id: envId,
  entity_type: 'site',
  name,
  state: 'live',
  properties: country ? { country } : {},
  labels: {},
})

describe('countingInsert and countingDelete', () => {
  test('count what happened, not what was requested', async () => {
    const { at, envId } = await filled()
    const taken = entity(envId, 'berlin')
    const inserted = await world.db
      .transaction()
      .execute((trx) => insertEntities(trx, at, [taken, entity(envId, 'oslo'), entity(envId, 'rome')]))
    expect(inserted.length).toBe(2)
    expect((await sumRowCounts(world.db, at)).entities).toBe(5)
    const gone = sql`delete from entities where project_id = ${at.projectId} and name = 'nobody' returning id`
    await world.db.transaction().execute((trx) => countingDelete(trx, at, 'entities', gone))
    expect((await sumRowCounts(world.db, at)).entities).toBe(5)
  })

  test('roll back with what they count', async () => {
    const { at, envId } = await filled()
    const failing = world.db.transaction().execute(async (trx) => {
      await insertEntities(trx, at, [entity(envId, 'oslo')])
      throw new Error('on purpose')
    })
    await expect(failing).rejects.toThrow('on purpose')
    expect(await sumRowCounts(world.db, at)).toEqual(await countRows(world.db, at))
  })

  test('let writers on other connections through: each counts in its own row', async () => {
    const { at, envId } = await filled()
    await world.db.transaction().execute(async (first) => {
      await insertEntities(first, at, [entity(envId, 'oslo')])
      await world.db.transaction().execute((second) => insertEntities(second, at, [entity(envId, 'rome')]))
    })
    expect((await sumRowCounts(world.db, at)).entities).toBe(5)
  })

  test('ignores counts of unknown tables and returns zeros for all known ones', async () => {
    const { at } = await filled()
    expect(Object.keys(await sumRowCounts(world.db, { ...at, generation: 99 })).toSorted()).toEqual([...wipedTables].toSorted())
    const nothing = sql<{
      name: string
    }>`insert into cells select * from cells where project_id = ${at.projectId} and false returning name`
    expect(await world.db.transaction().execute((trx) => countingInsert(trx, at, 'cells', nothing))).toEqual([])
  })
})

describe('purgeRows', () => {
  test.for([1, 2, 3, 1000])('deletes every row of the generation, %i a statement, and none of another', async (limit) => {
    const [target, neighbor] = [await filled(), await filled()]
    const before = await countRows(world.db, target.at)
    for (const table of wipedTables) {
      const batches: number[] = []
      for await (const rows of purgeRows(world.db, target.at, table, { limit: () => limit })) batches.push(rows)
      expect(batches.reduce((sum, rows) => sum + rows, 0)).toBe(before[table])
      expect(Math.max(0, ...batches)).toBeLessThanOrEqual(limit)
    }
    expect(Object.values(await countRows(world.db, target.at)).every((rows) => rows === 0)).toBe(true)
    expect(await countRows(world.db, neighbor.at)).toEqual(before)
  })
})

test('listGenerations and deleteRowCounts affect one project', async () => {
  const [one, other] = [await filled(), await filled()]
  expect(await listGenerations(world.db, one.at.projectId)).toEqual([1])
  await deleteRowCounts(world.db, one.at)
  expect(await listGenerations(world.db, one.at.projectId)).toEqual([])
  expect(await listGenerations(world.db, other.at.projectId)).toEqual([1])
})

describe('refreshEffectiveMembers', () => {
  test('is exact for many entities at once, and keeps the planner’s settings', async () => {
    const { at, envId } = await filled()
    const entities = Array.from({ length: 300 }, (_, i) => entity(envId, `e${i}`, i % 3 ? 'de' : undefined))
    const entityIds = entities.map(({ id }) => id)
    await world.db.transaction().execute(async (trx) => {
      await insertEntities(trx, at, entities)
      await refreshEffectiveMembers(trx, at, { entityIds }, 256)
      expect((await sql`show enable_nestloop`.execute(trx)).rows).toEqual([{ enable_nestloop: 'on' }])
    })
    expect((await countRows(world.db, at)).effective_cell_members).toBe(4 + 200 * 2)
    await world.db.transaction().execute(async (trx) => {
      await trx.updateTable('entities').set({ properties: '{}' }).where('id', 'in', entityIds).execute()
      await refreshEffectiveMembers(trx, at, { entityIds }, 256)
    })
    expect((await countRows(world.db, at)).effective_cell_members).toBe(4)
    expect(await sumRowCounts(world.db, at)).toEqual(await countRows(world.db, at))
  })
})
