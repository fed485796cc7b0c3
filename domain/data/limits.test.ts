import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { CreateEntityType } from '#contract/catalog/entity-types'
import { PAGE_BYTES, bytesOf, dataLimits } from '#contract/limits/limits'
import { apply } from '../apply/apply.ts'
import { levelsOf, tooDeep } from '../catalog/cell-hierarchy.ts'
import { addCellMember } from './cell-members.ts'
import { reviewOrganization, exportOrganizationReview } from '../review/access-review.ts'
import { getCellUsage } from './cell-usage.ts'
import { compareCatalogRevisions, getCatalogRevision, listCatalogRevisions } from '../apply/catalog-revisions.ts'
import { createCell, replaceCell } from '../catalog/cells.ts'
import type { ProjectContext } from '../context.ts'
import { createEntity, pushMetrics, updateEntity } from './entities.ts'
import { createEntityType, replaceEntityType } from '../catalog/entity-types.ts'
import { createRelationshipType, replaceRelationshipType } from '../catalog/relationship-types.ts'
import { getStats } from '../projects/stats.ts'
import { newId } from '../ids.ts'
import { openWorld, refused } from '#test/support/world/world'
import { importProject } from '../transfer/import.ts'

const world = await openWorld()
afterAll(world.close)

let n = 0
/** A project with a type of many properties. */
async function fresh(): Promise<() => Promise<ProjectContext>> {
  const project = await world.project(`limits-${++n}`)
  const now = () => world.inside(project)
  const properties = Array.from({ length: 40 }, (_, i) => ({ name: `p${i}`, type: 'string' as const, required: false }))
  await createEntityType(await now(), {
    kind: 'EntityType',
    name: 'site',
    states: ['up'],
    initialState: 'up',
    properties,
    metrics: [],
    constraints: [],
  } as never)
  return now
}
const cell = (name: string, parentCells: string[] = [], membership?: { derivedFrom: { property: string; values?: string[] } }) =>
  ({
    kind: 'Cell',
    name,
    entityType: 'site',
    placementPolicy: 'least-loaded',
    constraints: [],
    parentCells,
    ...(membership && { membership }),
  }) as never
const chain = (length: number) => Array.from({ length }, (_, i) => cell(`c${i + 1}`, i === 0 ? [] : [`c${i}`]))
const applying = async (context: ProjectContext, items: unknown[]) =>
  apply(context, 'default', { items, force: false, dryRun: false, deletions: [] } as never)
const entity = (name: string, properties: Record<string, string> = {}) => ({
  kind: 'Entity' as const,
  entityType: 'site',
  name,
  properties,
  labels: {},
})
const large = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`p${i}`, 'é'.repeat(5000)]))

describe('an entity', () => {
  test('with more than 192 KiB of properties is refused by create, update, apply and import', async () => {
    const now = await fresh()
    expect(await refused(createEntity(await now(), 'default', entity('large', large)))).toBe('invalid_entity')
    await createEntity(await now(), 'default', entity('small'))
    const patch = { state: undefined, labels: undefined, properties: large }
    expect(await refused(updateEntity(await now(), 'default', 'small', {}, patch))).toBe('invalid_entity')
    const { failed } = await applying(await now(), [entity('a'), entity('large', large)])
    expect(failed).toMatchObject([{ name: 'large', path: 'properties', error: 'must be at most 192 KiB of JSON together' }])
  })

  test('that already exceeds the limit stays, and can be made smaller', async () => {
    const now = await fresh()
    const { id } = await createEntity(await now(), 'default', entity('old'))
    await sql`update entities set properties = ${JSON.stringify(large)}::jsonb where id = ${id}`.execute(world.db)
    const patch = { state: undefined, labels: undefined, properties: { p1: 'x' } }
    expect(await updateEntity(await now(), 'default', 'old', {}, patch)).toMatchObject({ properties: { p1: 'x' } })
  })
})

const times = { createdAt: '2026-01-01T00:00:00.000000Z', updatedAt: '2026-01-01T00:00:00.000000Z' }
/** Adds the times that lines need; a cell member has only a creation time. */
async function importing(documents: { kind?: string }[]) {
  async function* lines() {
    let number = 0
    for (const document of documents) {
      const { createdAt } = times
      yield { document: { ...document, ...(document.kind === 'CellMember' ? { createdAt } : times) }, number: ++number }
    }
  }
  return importProject(await world.inside(await world.project(`limits-${++n}`)), lines())
}

describe('a document of the catalog', () => {
  const type = { kind: 'EntityType', name: 'site', states: ['up'], initialState: 'up' }
  const properties = Array.from({ length: 200 }, (_, i) => ({
    name: `q${i}`,
    type: 'string',
    required: false,
    description: 'é'.repeat(700),
  }))
  const names = { metrics: [], constraints: [], syncTracked: true }
  const wideType = { ...type, ...names, name: 'wide', properties }
  const joins = {
    kind: 'RelationshipType',
    from: 'site',
    to: 'site',
    cardinality: 'many-to-many',
    states: ['up'],
    constraints: [],
  }
  const wideJoins = { ...joins, name: 'wide', properties }
  const values = Array.from({ length: 300 }, (_, i) => `${i}${'é'.repeat(600)}`)
  const wideCell = cell('wide', [], { derivedFrom: { property: 'p0', values } })
  const tooLarge = { error: 'must be at most 256 KiB of JSON' }

  test('of more than 256 KiB is refused by create and replace', async () => {
    const now = await fresh()
    expect(await refused(createEntityType(await now(), wideType as never))).toBe('invalid_entity_type')
    expect(await refused(replaceEntityType(await now(), 'site', { ...wideType, name: 'site' } as never))).toBe(
      'invalid_entity_type',
    )
    expect(await refused(createRelationshipType(await now(), wideJoins as never))).toBe('invalid_relationship_type')
    await createRelationshipType(await now(), { ...joins, name: 'wide', properties: [] } as never)
    expect(await refused(replaceRelationshipType(await now(), 'wide', wideJoins as never))).toBe('invalid_relationship_type')
    expect(await refused(createCell(await now(), wideCell))).toBe('invalid_request')
    await createCell(await now(), cell('wide'))
    expect(await refused(replaceCell(await now(), 'wide', wideCell))).toBe('invalid_request')
  })

  test('of more than 256 KiB fails alone in an apply', async () => {
    const now = await fresh()
    const { diff, failed } = await applying(await now(), [wideType, cell('small'), wideCell, { ...wideJoins, name: 'joins' }])
    expect(diff.created).toEqual([{ kind: 'Cell', name: 'small' }])
    expect(failed).toMatchObject([
      { kind: 'EntityType', name: 'wide', index: 0, ...tooLarge },
      { kind: 'Cell', name: 'wide', index: 2, ...tooLarge },
      { kind: 'RelationshipType', name: 'joins', index: 3, ...tooLarge },
    ])
  })

  test.for([wideType, wideJoins, wideCell] as { kind: string }[])(
    'of more than 256 KiB is refused by import: $kind',
    async (document) => {
      const plain = { ...type, properties: [{ name: 'p0', type: 'string' }] }
      await expect(importing([plain, document])).rejects.toThrow(/^Line 2 can’t be imported: .*at most 256 KiB/)
    },
  )

  test('that already exceeds the limit stays, also in an apply that leaves it unchanged', async () => {
    const now = await fresh()
    await createCell(await now(), cell('wide', [], { derivedFrom: { property: 'p0', values: ['x'] } }))
    await sql`update cells set derived_values = ${values}::text[] where name = 'wide' and project_id = ${(await now()).project.id}`.execute(
      world.db,
    )
    const { failed, diff } = await applying(await now(), [wideCell, cell('small')])
    expect([failed, diff.created.length, diff.unchanged.length]).toEqual([[], 1, 1])
  })
})

describe('a hierarchy of cells', () => {
  test('has at most 32 levels, by create and update', async () => {
    const now = await fresh()
    for (const one of chain(32)) await createCell(await now(), one)
    expect(await refused(createCell(await now(), cell('c33', ['c32'])))).toBe('cell_too_deep')
    await createCell(await now(), cell('top'))
    // Every cell below would move one level down.
    expect(await refused(replaceCell(await now(), 'c1', cell('c1', ['top'])))).toBe('cell_too_deep')
    await replaceCell(await now(), 'c32', cell('c32', ['c30']))
    await replaceCell(await now(), 'c1', cell('c1', ['top']))
  })

  test('of 2,000 levels is refused by apply except for its first 32, in any order', async () => {
    const now = await fresh()
    const { diff, failed } = await applying(await now(), chain(2000).toReversed())
    expect([diff.created.length, failed.length]).toEqual([32, 1968])
    expect(failed.some(({ error }) => error.includes('deeper than 32 levels'))).toBe(true)
  })

  test('that apply moves as a whole blames the document that moves it', async () => {
    const now = await fresh()
    await applying(await now(), chain(32))
    const { failed } = await applying(await now(), [cell('top'), cell('c1', ['top'])])
    expect(failed).toMatchObject([{ name: 'c1', path: 'parentCells' }])
  })

  test('is refused by import, with the line', async () => {
    const project = await world.project('limits-import')
    const context = await world.inside(project)
    const type = { kind: 'EntityType', name: 'site', states: ['up'], initialState: 'up', ...times }
    async function* lines() {
      let number = 0
      for (const document of [type, ...chain(33)]) yield { document: { ...(document as object), ...times }, number: ++number }
    }
    await expect(importProject(context, lines())).rejects.toThrow(/^Line 34 can’t be imported: .*deeper than 32 levels/)
  })

  test('of 20,000 cells is applied in time linear in their number', { timeout: 30_000 }, async () => {
    const now = await fresh()
    const tree = Array.from({ length: 20_000 }, (_, i) => cell(`c${i}`, i === 0 ? [] : [`c${(i - 1) >> 1}`]))
    expect((await applying(await now(), tree)).diff.created.length).toBe(20_000)
    expect((await applying(await now(), tree)).diff.unchanged.length).toBe(20_000)
  })

  test('is measured in time independent of the number of its paths', () => {
    const diamonds = new Map([['0a', { parentCells: [] as string[] }]])
    for (let i = 1; i < 200; i++)
      for (const side of ['a', 'b']) diamonds.set(`${i}${side}`, { parentCells: [`${i - 1}a`, ...(i > 1 ? [`${i - 1}b`] : [])] })
    expect(Math.max(...levelsOf(diamonds).values())).toBe(200)
    expect(tooDeep(diamonds, diamonds)).toEqual([])
    const circle = new Map([
      ['x', { parentCells: ['y'] }],
      ['y', { parentCells: ['x'] }],
    ])
    expect(levelsOf(circle).size).toBe(0)
  })

  test('of 100,000 cells in a chain or a cycle is refused without a stack overflow', async () => {
    const now = await fresh()
    const circle = [...chain(20_000).slice(1), cell('c1', ['c20000'])]
    const { failed } = await applying(await now(), circle)
    expect(failed.length).toBe(20_000)
  })
})

/** The disk space of effective membership, including rows that were rolled back. */
async function membershipBytes(): Promise<number> {
  const { rows } = await sql<{ n: number }>`select pg_relation_size('effective_cell_members')::int8 as n`.execute(world.db)
  return rows[0]!.n
}

describe('effective membership', () => {
  test('of 1,000 entities in 257 cells each is refused by apply before any row is written', async () => {
    const now = await fresh()
    const all = { derivedFrom: { property: 'p0', values: ['all'] } }
    await applying(
      await now(),
      Array.from({ length: 257 }, (_, i) => cell(`w${i}`, [], all)),
    )
    const before = await membershipBytes()
    const crowd = Array.from({ length: 1000 }, (_, i) => entity(`e${i}`, { p0: 'all' }))
    const { diff, failed } = await applying(await now(), [...crowd, entity('fits', { p0: 'other' })])
    expect(diff.created.map(({ name }) => name)).toEqual(['fits'])
    expect(failed.length).toBe(1000)
    expect(await membershipBytes()).toBe(before)
  })

  test('of 1,000 entities that 300 new cells would contain is refused before any row is written', async () => {
    const now = await fresh()
    await applying(
      await now(),
      Array.from({ length: 1000 }, (_, i) => entity(`e${i}`, { p0: 'all' })),
    )
    const before = await membershipBytes()
    const wide = Array.from({ length: 300 }, (_, i) => cell(`w${i}`, [], { derivedFrom: { property: 'p0', values: ['all'] } }))
    expect(await refused(applying(await now(), wide))).toBe('too_many_cells')
    expect(await membershipBytes()).toBe(before)
  })

  test('is refused by import, with the line that exceeds the limit', async () => {
    const all = { derivedFrom: { property: 'p0', values: ['all'] } }
    const type = {
      kind: 'EntityType',
      name: 'site',
      states: ['up'],
      initialState: 'up',
      properties: [{ name: 'p0', type: 'string' }],
    }
    const cells = Array.from({ length: 256 }, (_, i) => cell(`w${i}`, [], all) as { kind: string })
    const line = (id: string, value: string) => ({
      ...entity(`site ${id}`, { p0: value }),
      id,
      envName: 'default',
      state: 'up',
      metrics: {},
    })
    const [one, other] = [newId(), newId()]
    const documents = [type, ...cells, cell('more') as { kind: string }, line(one, 'all'), line(other, 'none')]
    const member = (entityId: string) => ({ kind: 'CellMember', cell: 'more', entityId })
    await expect(importing([...documents, member(other), member(one)])).rejects.toThrow(
      `Line 262 can’t be imported: the entity site ${one} would be in more than 256 cells`,
    )
    const derived = [type, ...cells, cell('more', [], all) as { kind: string }, line(other, 'none'), line(one, 'all')]
    await expect(importing(derived)).rejects.toThrow(/^Line 260 can’t be imported: .*more than 256 cells/)
  })

  test('of more than 256 existing cells stays, and refuses no write that does not add to it', async () => {
    const now = await fresh()
    const all = { derivedFrom: { property: 'p0', values: ['all'] } }
    await applying(
      await now(),
      Array.from({ length: 256 }, (_, i) => cell(`w${i}`, [], all)),
    )
    const { id } = await createEntity(await now(), 'default', entity('old', { p0: 'all' }))
    const at = { project_id: (await now()).project.id, generation: (await now()).project.generation }
    await sql`insert into cells (project_id, generation, name, display_name, entity_type, placement_policy, constraints, derived_property, derived_values)
      values (${at.project_id}, ${at.generation}, 'x', 'x', 'site', 'random', '[]', 'p0', '{all}')`.execute(world.db)
    await sql`insert into effective_cell_members (project_id, generation, env_id, cell, entity_id)
      select ${at.project_id}, ${at.generation}, env_id, 'x', id from entities where id = ${id}`.execute(world.db)
    const patch = { state: 'failed', labels: undefined, properties: undefined }
    expect(await updateEntity(await now(), 'default', 'old', {}, patch)).toMatchObject({ state: 'failed' })
    await replaceCell(await now(), 'w0', { ...(cell('w0', [], all) as object), displayName: 'Zero' } as never)
    expect(await refused(createCell(await now(), cell('more', [], all)))).toBe('too_many_cells')
  })

  const leaf = dataLimits.cellsOfEntity

  test('is at most 256 cells, whatever adds one', async () => {
    const now = await fresh()
    const all = { derivedFrom: { property: 'p0', values: ['all'] } }
    const wide = Array.from({ length: leaf }, (_, i) => cell(`w${i}`, [], all))
    expect((await applying(await now(), wide)).failed).toEqual([])
    await createEntity(await now(), 'default', entity('full', { p0: 'all' }))
    // One more cell that would contain it.
    expect(await refused(createCell(await now(), cell('more', [], all)))).toBe('too_many_cells')
    await createCell(await now(), cell('more'))
    expect(await refused(replaceCell(await now(), 'more', cell('more', [], all)))).toBe('too_many_cells')
    expect(await refused(replaceCell(await now(), 'w0', cell('w0', ['more'], all)))).toBe('too_many_cells')
    const { items } = { items: await world.db.selectFrom('entities').select('id').where('name', '=', 'full').execute() }
    const where = { envName: 'default', name: 'more', entityId: items[0]!.id }
    expect(await refused(addCellMember(await now(), where))).toBe('too_many_cells')
    // The same through a new value, and through apply, where each item fails separately.
    await createCell(await now(), cell('other', [], { derivedFrom: { property: 'p1', values: ['all'] } }))
    const both = { p0: 'all', p1: 'all' }
    expect(await refused(createEntity(await now(), 'default', entity('over', both)))).toBe('too_many_cells')
    const outcome = await applying(await now(), [entity('fits', { p0: 'all' }), entity('over', both)])
    expect(outcome.diff.created.map(({ name }) => name)).toEqual(['fits'])
    expect(outcome.failed).toMatchObject([{ name: 'over', error: expect.stringContaining('more than 256 cells') }])
    const { rows } = await sql<{ n: number }>`select max(n) as n from (
      select count(*) as n from effective_cell_members where project_id = ${(await now()).project.id} group by entity_id) c`.execute(
      world.db,
    )
    expect(rows[0]!.n).toBe(leaf)
  })
})

test('an answer without pages has at most 10,000 entries, and says how many it leaves out', async () => {
  const now = await fresh()
  await applying(
    await now(),
    Array.from({ length: 10_005 }, (_, i) => cell(`c${i}`)),
  )
  const stats = await getStats(await now())
  expect([stats.cells.length, stats.omitted, stats.cells.at(0)]).toMatchObject([10_000, 5, { name: 'c0', parentCells: [] }])
  const [revision] = (await listCatalogRevisions(await now(), { limit: 1 })).items
  const whole = await getCatalogRevision(await now(), revision!.id)
  expect([whole.items.length, whole.omitted]).toEqual([10_000, 6])
  const compared = await compareCatalogRevisions(await now(), revision!.id, undefined)
  expect([compared.unchanged.length, compared.omitted]).toEqual([10_000, 6])
  const usage = await getCellUsage(await now(), 'default')
  expect([usage.cells.length, usage.omitted]).toEqual([10_000, 5])
})

test('an answer without pages has at most 4 MiB, and says how many entries it leaves out', async () => {
  const now = await fresh()
  const parents = Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(100, 'p'))
  await applying(
    await now(),
    parents.map((name) => cell(name)),
  )
  await applying(
    await now(),
    Array.from({ length: 600 }, (_, i) => cell(`c${i}`, parents)),
  )
  const stats = await getStats(await now())
  expect(bytesOf(stats.cells)).toBeLessThanOrEqual(PAGE_BYTES)
  expect(stats.omitted).toBeGreaterThan(0)
  expect(stats.cells.length + stats.omitted).toBe(700)
})

test('an access review is fetched in pages limited by bytes, and is complete in the end', async () => {
  const project = await world.project('review')
  const cellScopes = Array.from({ length: 1000 }, (_, i) => `${i}`.padEnd(100, 'x'))
  for (let i = 0; i < 80; i++) await world.member(project, { cellScopes })
  const context = await world.at(world.root)
  const filter = { days: 90, within: 7, sort: 'name' as const, kind: 'membership' as const, project: project.slug }
  const first = await reviewOrganization(context, { ...filter, limit: 200 })
  expect(first.items.length).toBeLessThan(80)
  const seen = new Set(first.items.map(({ id }) => id))
  for (let { next } = first; next !== null;) {
    const page = await reviewOrganization(context, { ...filter, limit: 200, cursor: next })
    for (const { id } of page.items) seen.add(id)
    next = page.next
  }
  const exported: unknown[] = []
  for await (const entry of await exportOrganizationReview(context, filter)) exported.push(entry)
  expect([seen.size, exported.length]).toEqual([exported.length, exported.length])
  expect(seen.size).toBeGreaterThanOrEqual(80)
})

test('a push of metrics drops those that the type no longer declares', async () => {
  const project = await world.project('metrics')
  const now = () => world.inside(project)
  const type = (names: string[]) =>
    CreateEntityType.parse({ name: 'site', states: ['up'], initialState: 'up', metrics: names.map((name) => ({ name })) })
  await createEntityType(await now(), type(['old']))
  await createEntity(await now(), 'default', entity('a'))
  await pushMetrics(await now(), 'default', 'a', {}, { metrics: { old: 1 } })
  await replaceEntityType(await now(), 'site', type(['new', 'other']))
  await pushMetrics(await now(), 'default', 'a', {}, { metrics: { new: 2, other: 4 } })
  await pushMetrics(await now(), 'default', 'a', {}, { metrics: { new: 3 } })
  const counted = await world.db
    .selectFrom('entities')
    .select('metrics')
    .where('project_id', '=', project.id)
    .executeTakeFirstOrThrow()
  expect(counted.metrics).toEqual({ new: 3, other: 4 })
})
