import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import type { Database } from '#db/client'
import { type WipedTable, wipedTables } from '#db/queries/project-rows'
import { claimPurge } from '#db/queries/nuke/purges'
import { lockWipe, markRestored } from '#db/queries/nuke/wipes'
import { addCellMember } from '../data/cell-members.ts'
import type { OrgContext, ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { nukeProject, purgeWipe, restoreWipe } from './nuke.ts'
import { deleteProject, purgeDeletedProject, restoreProject } from '../projects/projects.ts'
import { purgeWipes } from './purge.ts'
import { addCell, addEntity, addType, fill } from '#test/support/world/catalog'
import { countRows, dumpData } from '#test/support/database/dump'
import { withoutLocks } from '#test/support/database/without-locks'
import { openWorld, refused } from '#test/support/world/world'
import { reading } from '../writing.ts'

const world = await openWorld({ max: 16 })
afterAll(world.close)

let n = 0
const newProject = () => world.project(`p${++n}`)
const counts = (of: (table: WipedTable) => number) => Object.fromEntries(wipedTables.map((table) => [table, of(table)]))

/** The value of each call, or the code of its refusal. A bug throws. */
const outcomes = <T>(calls: Promise<T>[]) =>
  Promise.all(
    calls.map((call) =>
      call.then(
        (value) => ({ value, code: undefined }),
        (error: unknown) => {
          if (error instanceof DomainError) return { value: undefined, code: error.code }
          throw error
        },
      ),
    ),
  )

/**
 * Writers fill one project while nukes empty it. Returns what was reported, what is left, all stored rows, and what was
 * acknowledged.
 */
async function storm(db: Database, { writers, writes, nukes }: { writers: number; writes: number; nukes: number }) {
  const project = await newProject()
  const context: ProjectContext = { ...(await world.inside(project)), db }
  const acknowledged = { entities: 0, cell_members: 0 }
  const reported = counts(() => 0)
  let running = writers
  async function write(writer: number) {
    for (let i = 0; i < writes; i++) {
      const name = `w${writer}-${i}`
      // Every nuke removes the catalog; whichever writer comes first puts it back.
      await outcomes([addType(context)])
      await outcomes([addCell(context, 'germany', { derived: ['de'] })])
      await outcomes([addCell(context, 'hand', { parentCells: ['germany'] })])
      const [entity] = await outcomes([addEntity(context, name, { properties: { country: 'de' } })])
      if (!entity!.value) continue
      acknowledged.entities++
      const [member] = await outcomes([addCellMember(context, { envName: 'default', name: 'hand', entityId: entity!.value.id })])
      if (member!.value) acknowledged.cell_members++
    }
    running--
  }
  /** Nukes without a pause would leave the writers no catalog to write by. */
  async function somethingNew() {
    for (const before = acknowledged.entities; acknowledged.entities === before && running > 0;) await turn()
  }
  async function nuke() {
    for (let i = 0; i < nukes || running > 0; i++) {
      await somethingNew()
      const { rowCountsDeleted } = await nukeProject(context, { confirm: project.slug })
      for (const table of wipedTables) reported[table]! += rowCountsDeleted[table]!
    }
  }
  await Promise.all([...Array.from({ length: writers }, (_, i) => write(i)), nuke(), nuke()])
  const live = await countRows(world.db, reading(await world.inside(project)))
  const all = await dumpData(world.db, project.id)
  return { reported, acknowledged, left: counts((table) => live[table]), inserted: counts((table) => all[table].length) }
}

describe('writers against nukes', () => {
  test('the rows that nukes report equal the inserted rows minus those left, in every table', { timeout: 120_000 }, async () => {
    const { reported, left, inserted, acknowledged } = await storm(world.db, { writers: 5, writes: 25, nukes: 10 })
    expect(counts((table) => reported[table]! + left[table]!)).toEqual(inserted)
    expect(inserted).toMatchObject(acknowledged)
    expect(reported['entities']).toBeGreaterThan(0)
  })

  test('without the locks, rows are acknowledged into a dead generation', { timeout: 120_000 }, async () => {
    let lost = 0
    for (let tries = 0; tries < 20 && lost === 0; tries++) {
      const { reported, left, inserted } = await storm(withoutLocks(world.db), { writers: 5, writes: 15, nukes: 10 })
      lost = inserted['entities']! - reported['entities']! - left['entities']!
    }
    expect(lost).not.toBe(0)
  })
})

describe('concurrent calls', () => {
  test('many nukes: one wipes and reports, the others find nothing', async () => {
    const project = await newProject()
    const context = await world.inside(project)
    await fill(context)
    const there = await countRows(world.db, reading(context))
    const results = await Promise.all(Array.from({ length: 10 }, () => nukeProject(context, { confirm: project.slug })))
    expect(results.filter((result) => result.wipeId !== undefined).length).toBe(1)
    expect(counts((table) => results.reduce((sum, result) => sum + result.rowCountsDeleted[table]!, 0))).toEqual(there)
    expect((await world.inside(project)).project.generation).toBe(2)
  })

  test('many projects with one slug: one is created', async () => {
    const answers = await outcomes(Array.from({ length: 10 }, () => world.project('contested')))
    expect(answers.filter(({ value }) => value).length).toBe(1)
    expect(answers.filter(({ code }) => code === 'slug_taken').length).toBe(9)
  })

  test('many undos of one wipe: one restores it', async () => {
    const project = await newProject()
    const context = await world.inside(project)
    await fill(context)
    const before = await dumpData(world.db, project.id)
    const { wipeId } = await nukeProject(context, { confirm: project.slug })
    const answers = await outcomes(Array.from({ length: 8 }, () => restoreWipe(context, wipeId!)))
    expect(answers.filter(({ value }) => value).length).toBe(1)
    expect(answers.filter(({ code }) => code === 'not_restorable').length).toBe(7)
    expect(await dumpData(world.db, project.id)).toEqual(before)
  })

  test('undos of different wipes: each is restored in turn, the last one is live, and none is lost', async () => {
    const project = await newProject()
    const context = await world.inside(project)
    const wipes: string[] = []
    for (const name of ['a', 'b', 'c']) {
      await addType(context, { name })
      wipes.push((await nukeProject(context, { confirm: project.slug })).wipeId!)
    }
    const answers = await outcomes(wipes.map((wipeId) => restoreWipe(context, wipeId)))
    expect(answers.map(({ code }) => code)).toEqual([undefined, undefined, undefined])
    const live = await countRows(world.db, reading(await world.inside(project)))
    expect(live.entity_types).toBe(1)
    const restorable = await world.db
      .selectFrom('wipes')
      .select('generation')
      .where('project_id', '=', project.id)
      .where('restored_at', 'is', null)
      .execute()
    expect(restorable.length).toBe(2)
    expect(new Set([...restorable.map((wipe) => wipe.generation), (await world.inside(project)).project.generation]).size).toBe(3)
  })
})

describe('undo against purge', () => {
  async function expired() {
    const project = await newProject()
    const context = await world.inside(project)
    await fill(context)
    const { wipeId } = await nukeProject(context, { confirm: project.slug })
    return { project, context, wipeId: wipeId!, dead: reading(context) }
  }
  const expire = (wipeId: string, after: string) =>
    world.db.updateTable('wipes').set({ purge_after: after }).where('id', '=', wipeId).execute()

  test('a purge skips a wipe that an undo holds, and finds it restored', async () => {
    const { project, wipeId } = await expired()
    await expire(wipeId, '2020-01-01T00:00:00Z')
    await world.db.transaction().execute(async (undo) => {
      await lockWipe(undo, project.id, wipeId)
      expect(await claimPurge(world.db)).toBeUndefined()
      await markRestored(undo, project.id, wipeId, null)
    })
    expect(await claimPurge(world.db)).toBeUndefined()
  })

  test('without the undo’s lock, the purge would delete it', async () => {
    const { project, wipeId } = await expired()
    await expire(wipeId, '2020-01-01T00:00:00Z')
    await withoutLocks(world.db)
      .transaction()
      .execute(async (undo) => {
        await lockWipe(undo, project.id, wipeId)
        expect((await claimPurge(world.db))?.id).toBe(wipeId)
      })
    await purgeWipes(world.db)
  })

  test('at the very end of the retention, one of them wins completely', { timeout: 60_000 }, async () => {
    const seen = new Set<string>()
    for (let round = 0; round < 20; round++) {
      const { context, wipeId, dead } = await expired()
      const before = await countRows(world.db, dead)
      await expire(wipeId, new Date(Date.now() + (round % 5) * 4).toISOString())
      const [[undone]] = await Promise.all([outcomes([restoreWipe(context, wipeId)]), purgeWipes(world.db), purgeWipes(world.db)])
      await purgeWipes(world.db)
      seen.add(undone!.code ?? 'undone')
      const after = await countRows(world.db, dead)
      expect(after).toEqual(undone!.code ? counts(() => 0) : before)
      expect(await refused(restoreWipe(context, wipeId))).toBe(undone!.code ?? 'not_restorable')
    }
    expect([...seen].every((outcome) => outcome === 'undone' || outcome === 'purged')).toBe(true)
  })
})

/** How many of these calls succeed when they are made at once. */
const winners = async (calls: Promise<unknown>[]) => (await outcomes(calls)).filter(({ code }) => code === undefined).length

describe('purges that are asked for', () => {
  /** How many of an undo and two purges of the same data succeed. */
  async function ofData(db: Database) {
    const project = await newProject()
    const context: ProjectContext = { ...(await world.inside(project)), db }
    await addType(context)
    const wipeId = (await nukeProject(context, { confirm: project.slug })).wipeId!
    const purge = () => purgeWipe(context, wipeId, { confirm: project.slug })
    return winners([restoreWipe(context, wipeId), purge(), purge()])
  }

  /** The same of a restore and two purges of a deleted project. */
  async function ofProject(db: Database) {
    const project = await newProject()
    await deleteProject(await world.inside(project))
    const context: OrgContext = { ...(await world.at(world.root)), db }
    const purge = () => purgeDeletedProject(context, project.id, { confirm: project.slug })
    return winners([purge(), restoreProject(context, project.id), purge()])
  }

  test.for([
    ['nuked data', ofData],
    ['a deleted project', ofProject],
  ] as const)('of %s: one wins against an undo, a restore and each other', async ([, race]) => {
    for (let round = 0; round < 15; round++) expect(await race(world.db)).toBe(1)
  })

  test.for([
    ['nuked data', ofData],
    ['a deleted project', ofProject],
  ] as const)('of %s: without the locks, several win', async ([, race]) => {
    let most = 0
    for (let round = 0; round < 30 && most < 2; round++) most = Math.max(most, await race(withoutLocks(world.db)))
    expect(most).toBeGreaterThan(1)
  })
})
