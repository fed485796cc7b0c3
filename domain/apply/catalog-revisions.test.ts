import { afterAll, describe, expect, test } from 'vitest'
import { countWaiting } from '#test/support/database/database'
import { Apply } from '#contract/apply/apply'
import { lockProject } from '#db/queries/projects/projects'
import { apply } from './apply.ts'
import { applyCatalogRevision, compareCatalogRevisions, getCatalogRevision, listCatalogRevisions } from './catalog-revisions.ts'
import { getCell, listCells } from '../catalog/cells.ts'
import type { ProjectContext } from '../context.ts'
import { listEntityTypes } from '../catalog/entity-types.ts'
import { listRelationshipTypes } from '../catalog/relationship-types.ts'
import { addEntity, site } from '#test/support/world/catalog'
import { openWorld, page, refused } from '#test/support/world/world'

const world = await openWorld()
afterAll(world.close)

const cell = (name: string, rest: object = {}) => ({ kind: 'Cell', name, entityType: 'site', ...rest })
const run = (context: ProjectContext, items: object[], rest: Partial<Apply> = {}) =>
  apply(context, 'default', Apply.parse({ items, ...rest }))
const again = (context: ProjectContext, id: string, options: { force?: boolean; dryRun?: boolean } = {}) =>
  applyCatalogRevision(context, id, { force: false, dryRun: false, ...options })

let n = 0
/** Two revisions: the second renames europe, puts germany below it, and adds a type and a relationship type. */
async function filled() {
  const project = await world.project(`p${++n}`)
  const context = await world.inside(project)
  const first = await run(context, [site, cell('europe')])
  const second = await run(context, [
    cell('europe', { displayName: 'Europe' }),
    cell('germany', { parentCells: ['europe'], membership: { derivedFrom: { property: 'country' } } }),
    { ...site, name: 'rack' },
    { kind: 'RelationshipType', name: 'hosts', from: 'site', to: 'rack', states: ['on'] },
  ])
  return { project, context, first: first.revisionId!, second: second.revisionId! }
}
const names = (some: { kind: string; name: string }[]) => some.map(({ kind, name }) => `${kind} ${name}`).toSorted()

describe('listCatalogRevisions', () => {
  test('says who changed what, newest first, in pages', async () => {
    const { context, first, second } = await filled()
    const { items, next } = await listCatalogRevisions(context, { limit: 1 })
    expect(items).toMatchObject([{ id: second, actor: { kind: 'user', id: world.root.id, name: world.root.email } }])
    expect(names(items[0]!.diff.created)).toEqual(['Cell germany', 'EntityType rack', 'RelationshipType hosts'])
    expect(items[0]!.diff.updated).toMatchObject([
      { kind: 'Cell', name: 'europe', changes: { displayName: { before: 'europe', after: 'Europe' } } },
    ])
    expect((await listCatalogRevisions(context, { limit: 1, cursor: next! })).items).toMatchObject([{ id: first }])
  })

  test('gets no revision from an apply of data or unchanged documents, or from a dry run', async () => {
    const { context } = await filled()
    await run(context, [{ kind: 'Entity', entityType: 'site', name: 'berlin' }])
    await run(context, [site])
    await run(context, [cell('asia')], { dryRun: true })
    await run(context, [cell('asia', { entityType: 'none' })])
    expect((await listCatalogRevisions(context, page)).items).toHaveLength(2)
  })
})

describe('compareCatalogRevisions', () => {
  test('gives the diff from one revision to another, or to the present catalog', async () => {
    const { context, first, second } = await filled()
    const there = await compareCatalogRevisions(context, first, second)
    expect(names(there.created)).toEqual(['Cell germany', 'EntityType rack', 'RelationshipType hosts'])
    expect(names(there.updated)).toEqual(['Cell europe'])
    expect(names(there.unchanged)).toEqual(['EntityType site'])
    expect(await compareCatalogRevisions(context, first, undefined)).toEqual(there)
    const back = await compareCatalogRevisions(context, second, first)
    expect(names(back.deleted)).toEqual(names(there.created))
    expect(await compareCatalogRevisions(context, second, second)).toMatchObject({ created: [], updated: [], deleted: [] })
    const unknown = '01a20000-0000-7000-8000-000000000000'
    expect(await refused(compareCatalogRevisions(context, unknown, undefined))).toBe('revision_not_found')
    expect(await refused(compareCatalogRevisions(context, first, unknown))).toBe('revision_not_found')
  })
})

describe('applyCatalogRevision', () => {
  test('restores the catalog, which makes another revision', async () => {
    const { context, first, second } = await filled()
    const dry = await again(context, first, { dryRun: true })
    expect((await listCells(context, page)).items).toHaveLength(2)
    const { revisionId, failed, diff } = await again(context, first)
    expect(failed).toEqual([])
    expect(diff).toEqual(dry.diff)
    expect(names(diff.deleted)).toEqual(['Cell germany', 'EntityType rack', 'RelationshipType hosts'])
    expect((await listCells(context, page)).items.map((one) => one.displayName)).toEqual(['europe'])
    expect((await listEntityTypes(context, page)).items).toHaveLength(1)
    expect((await listRelationshipTypes(context, page)).items).toEqual([])
    expect((await getCatalogRevision(context, revisionId!)).items).toEqual((await getCatalogRevision(context, first)).items)
    await again(context, second)
    expect(await compareCatalogRevisions(context, second, undefined)).toMatchObject({ created: [], updated: [], deleted: [] })
    expect(await getCell(context, 'germany')).toMatchObject({ parentCells: ['europe'] })
  })

  test('is refused where it would destroy data, unless forced', async () => {
    const { context, first } = await filled()
    const more = { ...site, states: [...site.states, 'new'] }
    await run(context, [more])
    await addEntity(context, 'berlin', { state: 'new' })
    expect(await refused(again(context, first))).toBe('destructive_change')
    expect(await again(context, first, { force: true })).toMatchObject({ failed: [] })
  })

  test('keeps what is in use and says so', async () => {
    const { context, first } = await filled()
    await addEntity(context, 'r1', { entityType: 'rack' })
    const { failed, diff } = await again(context, first)
    expect(names(failed)).toEqual(['EntityType rack'])
    expect(names(diff.deleted)).toEqual(['Cell germany', 'RelationshipType hosts'])
  })

  test('also deletes what was added while it waited for the lock', async () => {
    const { project, context, first } = await filled()
    let pending: ReturnType<typeof again> | undefined
    await world.db.transaction().execute(async (trx) => {
      await lockProject(trx, world.org.id, project.id)
      pending = again(context, first)
      await expect.poll(() => countWaiting(world.db)).toBe(1)
      await run({ ...context, db: trx }, [cell('late')])
    })
    const { failed, diff } = (await pending)!
    expect(failed).toEqual([])
    expect(names(diff.deleted)).toEqual(['Cell germany', 'Cell late', 'EntityType rack', 'RelationshipType hosts'])
  })

  test('is refused to callers who may not apply, and does not find revisions of another project', async () => {
    const { project, first } = await filled()
    const viewer = await world.inside(project, await world.member(project, { role: 'viewer' }))
    expect(await refused(again(viewer, first))).toBe('forbidden')
    expect((await getCatalogRevision(viewer, first)).items).toHaveLength(2)
    const { context } = await filled()
    expect(await refused(again(context, first))).toBe('revision_not_found')
    expect(await refused(getCatalogRevision(context, first))).toBe('revision_not_found')
    expect(await refused(compareCatalogRevisions(context, first, undefined))).toBe('revision_not_found')
  })
})
