import { afterAll, describe, expect, test } from 'vitest'
import type { CreateCell } from '#contract/catalog/cells'
import { PutCell } from '#contract/catalog/cells'
import type { CreateEntityType } from '#contract/catalog/entity-types'
import { CreateRelationshipType } from '#contract/catalog/relationship-types'
import { CreateRelationship, UpdateRelationship } from '#contract/data/relationships'
import { addCellMember, listCellMembers, removeCellMember } from './cell-members.ts'
import { replaceCell } from '../catalog/cells.ts'
import type { ProjectContext } from '../context.ts'
import { deleteEntity, getEntity, listEntities, pushMetrics, updateEntity } from './entities.ts'
import { createEnvironment } from '../projects/environments.ts'
import { aggregate } from './metrics.ts'
import { createRelationshipType } from '../catalog/relationship-types.ts'
import { createRelationship, updateRelationship } from './relationships.ts'
import { addCell, addEntity, addType } from '#test/support/world/catalog'
import { openWorld, page, refused } from '#test/support/world/world'

const world = await openWorld({ max: 25 })
afterAll(world.close)

const counted = (name: string, states?: string[]): CreateEntityType['metrics'][number] => ({
  name,
  source: {
    type: 'derived',
    derivedFrom: 'relationship-count',
    filter: { relationshipType: 'feeds', ...(states && { states }) },
  },
})

let n = 0
/** Sites with a pushed `load` that count `links` and, among them, the `live` ones; germany and france follow the country. */
async function filled(type: Partial<CreateEntityType> = {}, cells: Partial<CreateCell> = {}) {
  const project = await world.project(`p${++n}`)
  const context = await world.inside(project)
  await addType(context, {
    metrics: [{ name: 'load', source: { type: 'pushed' } }, counted('links'), counted('live', ['on'])],
    ...type,
  })
  await addCell(context, 'europe', cells)
  await addCell(context, 'germany', { parentCells: ['europe'], derived: ['de'] })
  await addCell(context, 'france', { parentCells: ['europe'], derived: ['fr'] })
  for (const [name, country] of [
    ['berlin', 'de'],
    ['bonn', 'de'],
    ['paris', 'fr'],
  ] as const)
    await addEntity(context, name, { properties: { country } })
  await createRelationshipType(
    context,
    CreateRelationshipType.parse({ name: 'feeds', from: 'site', to: 'site', states: ['on', 'off'] }),
  )
  return { project, context }
}
const push = (context: ProjectContext, name: string, load: number | null, env = 'default') =>
  pushMetrics(context, env, name, {}, { metrics: { load } })
const link = (context: ProjectContext, from: string, to: string, state = 'on') =>
  createRelationship(context, 'default', CreateRelationship.parse({ relationshipType: 'feeds', from, to, state }))
const metrics = async (context: ProjectContext, name: string) => (await getEntity(context, 'default', name, {})).metrics
const move = (context: ProjectContext, name: string, country: string) =>
  updateEntity(context, 'default', name, {}, { properties: { country }, state: undefined, labels: undefined })
const settled = (calls: Promise<unknown>[]) =>
  Promise.all(
    calls.map((call) =>
      call.then(
        () => 'passed',
        (error: { code?: string }) => error.code,
      ),
    ),
  )

describe('pushMetrics', () => {
  test('merges values, removes those that are null, and shows them wherever the entity is shown', async () => {
    const { context } = await filled({
      metrics: [
        { name: 'load', source: { type: 'pushed' } },
        { name: 'heat', source: { type: 'manual' } },
      ],
    })
    await push(context, 'berlin', 3)
    const both = await pushMetrics(context, 'default', 'berlin', {}, { metrics: { heat: 0.5 } })
    expect(both.metrics).toEqual({ load: 3, heat: 0.5 })
    expect(await metrics(context, 'berlin')).toEqual({ load: 3, heat: 0.5 })
    expect((await push(context, 'berlin', null)).metrics).toEqual({ heat: 0.5 })
    expect((await listEntities(context, 'default', page)).items[0]).toMatchObject({ name: 'berlin', metrics: { heat: 0.5 } })
  })

  test('refuses undeclared metrics and counted ones', async () => {
    const { context } = await filled()
    expect(await refused(pushMetrics(context, 'default', 'berlin', {}, { metrics: { other: 1 } }))).toBe('unknown_metric')
    expect(await refused(pushMetrics(context, 'default', 'berlin', {}, { metrics: { links: 1 } }))).toBe('unknown_metric')
  })

  test('is refused to a viewer, outside the scope, and for another project’s entity', async () => {
    const { project, context } = await filled()
    const viewer = await world.inside(project, await world.member(project, { role: 'viewer' }))
    const french = await world.inside(project, await world.member(project, { role: 'member', cellScopes: ['france'] }))
    expect(await refused(push(viewer, 'berlin', 1))).toBe('forbidden')
    expect(await refused(push(french, 'berlin', 1))).toBe('out_of_scope')
    const { id } = await getEntity(context, 'default', 'berlin', {})
    expect(await refused(push((await filled()).context, id, 1))).toBe('entity_not_found')
  })
})

describe('derived metrics', () => {
  test('count relationships at either end, in the named states, and a loop once', async () => {
    const { context } = await filled()
    await link(context, 'berlin', 'paris')
    const off = await link(context, 'bonn', 'berlin', 'off')
    expect(await metrics(context, 'berlin')).toEqual({ links: 2, live: 1 })
    await updateRelationship(context, 'default', off.id, UpdateRelationship.parse({ state: 'on' }))
    expect(await metrics(context, 'berlin')).toEqual({ links: 2, live: 2 })
    await link(context, 'berlin', 'berlin')
    expect(await metrics(context, 'berlin')).toEqual({ links: 3, live: 3 })
  })

  test('count only what a limited caller sees', async () => {
    const { project, context } = await filled()
    await link(context, 'berlin', 'paris')
    await link(context, 'bonn', 'berlin')
    const german = await world.inside(project, await world.member(project, { role: 'member', cellScopes: ['germany'] }))
    expect(await metrics(german, 'berlin')).toMatchObject({ links: 1, live: 1 })
    expect((await push(german, 'berlin', 1)).metrics).toEqual({ links: 1, live: 1, load: 1 })
    expect((await listEntities(german, 'default', page)).items.map((entity) => entity.metrics['links'])).toEqual([1, 1])
    expect(await metrics(context, 'berlin')).toMatchObject({ links: 2 })
  })
})

describe('limits', () => {
  test('an entity stays within its limits, pushed or counted', async () => {
    const { context } = await filled({
      constraints: [
        { metric: 'load', max: 10 },
        { metric: 'live', max: 1 },
      ],
    })
    await push(context, 'berlin', 10)
    expect(await refused(push(context, 'berlin', 10.5))).toBe('constraint_exceeded')
    await link(context, 'berlin', 'paris')
    expect(await refused(link(context, 'bonn', 'paris'))).toBe('constraint_exceeded')
    const off = await link(context, 'bonn', 'paris', 'off')
    expect(await refused(updateRelationship(context, 'default', off.id, UpdateRelationship.parse({ state: 'on' })))).toBe(
      'constraint_exceeded',
    )
    expect(await metrics(context, 'paris')).toEqual({ links: 2, live: 1 })
  })

  const aggregates = [
    { how: 'sum', max: 10, fits: [6, 4], not: 5 },
    { how: 'avg', max: 5, fits: [8, 2], not: 3 },
    { how: 'min', max: 5, fits: [9, 5], not: 6 },
    { how: 'max', max: 5, fits: [5, 5], not: 6 },
  ] as const
  test.for(aggregates)(
    'a cell keeps its $how over everything it contains, also through other cells',
    async ({ how, max, fits, not }) => {
      const { context } = await filled({}, { constraints: [{ metric: 'load', aggregate: how, max }] })
      await push(context, 'paris', fits[1])
      await push(context, 'berlin', fits[0])
      expect(await refused(push(context, 'paris', not))).toBe('constraint_exceeded')
      expect(await metrics(context, 'paris')).toMatchObject({ load: fits[1] })
    },
  )

  test('apply in each environment separately', async () => {
    const { context } = await filled({}, { constraints: [{ metric: 'load', aggregate: 'sum', max: 10 }] })
    await createEnvironment(context, { name: 'staging' })
    await addEntity(context, 'berlin', { env: 'staging', properties: { country: 'de' } })
    await push(context, 'berlin', 10)
    await push(context, 'berlin', 10, 'staging')
    expect(await refused(push(context, 'bonn', 1))).toBe('constraint_exceeded')
  })

  test('refuse entities that would bring too much, by a property or by hand', async () => {
    const { project, context } = await filled({}, { constraints: [{ metric: 'load', aggregate: 'sum', max: 10 }] })
    await push(context, 'berlin', 8)
    const rome = await addEntity(context, 'rome', { properties: { country: 'it' } })
    await push(context, 'rome', 8)
    expect(await refused(move(context, 'rome', 'fr'))).toBe('constraint_exceeded')
    const put = () => addCellMember(context, { envName: 'default', name: 'europe', entityId: rome.id })
    expect(await refused(put())).toBe('constraint_exceeded')
    expect((await getEntity(context, 'default', 'rome', {})).cells).toEqual([])
    await push(context, 'rome', 2)
    await put()
    expect((await getEntity(await world.inside(project), 'default', 'rome', {})).cells).toEqual(['europe'])
  })

  test('once lowered, refuse rising values, but not constant or falling ones, nor entities without values', async () => {
    const { context } = await filled()
    await push(context, 'berlin', 8)
    await push(context, 'bonn', 8)
    const constraints = [{ metric: 'load', aggregate: 'sum' as const, max: 10 }]
    await replaceCell(context, 'europe', PutCell.parse({ entityType: 'site', constraints }))
    expect(await refused(push(context, 'berlin', 9))).toBe('constraint_exceeded')
    await push(context, 'berlin', 8)
    await push(context, 'berlin', 7)
    const rome = await addEntity(context, 'rome', { properties: { country: 'it' } })
    await move(context, 'rome', 'fr')
    expect((await getEntity(context, 'default', rome.id, {})).cells).toEqual(['europe', 'france'])
  })

  const leaving = {
    'moved away': (context: ProjectContext) => move(context, 'paris', 'it'),
    'taken out': (context: ProjectContext, entityId: string) =>
      removeCellMember(context, { envName: 'default', name: 'europe', entityId }),
    deleted: (context: ProjectContext) => deleteEntity(context, 'default', 'paris', {}),
  }
  const raised = (['avg', 'min'] as const).flatMap((how) =>
    Object.keys(leaving).map((way) => ({ how, way: way as keyof typeof leaving })),
  )
  test.for(raised)('let an entity be $way even if the $how of the others rises', async ({ how, way }) => {
    const { context } = await filled({}, { constraints: [{ metric: 'load', aggregate: how, max: 5 }] })
    const paris = await getEntity(context, 'default', 'paris', {})
    if (way === 'taken out') {
      await move(context, 'paris', 'it')
      await addCellMember(context, { envName: 'default', name: 'europe', entityId: paris.id })
    }
    await push(context, 'paris', 1)
    await push(context, 'berlin', 9)
    await leaving[way](context, paris.id)
    expect((await listCellMembers(context, 'europe', { env: 'default', ...page })).items.map(({ name }) => name)).toEqual([
      'berlin',
      'bonn',
    ])
    expect(await refused(push(context, 'berlin', 9.5))).toBe('constraint_exceeded')
  })

  test('twenty pushes at once do not exceed a cell’s sum', async () => {
    const { context } = await filled({}, { constraints: [{ metric: 'load', aggregate: 'sum', max: 10 }] })
    for (let i = 0; i < 20; i++) await addEntity(context, `s${i}`, { properties: { country: i % 2 ? 'de' : 'fr' } })
    const all = (load: number | null) => settled(Array.from({ length: 20 }, (_, i) => push(context, `s${i}`, load)))
    // Several rounds: during the first, connections are still opened one after another.
    for (let round = 0; round < 4; round++) {
      const outcomes = await all(3)
      expect(outcomes.filter((outcome) => outcome === 'passed')).toHaveLength(3)
      expect(outcomes.filter((outcome) => outcome === 'constraint_exceeded')).toHaveLength(17)
      await all(null)
    }
  })

  test('twenty moves into a cell at once do not exceed its sum', async () => {
    const { context } = await filled({}, { constraints: [{ metric: 'load', aggregate: 'sum', max: 10 }] })
    for (let i = 0; i < 20; i++) {
      await addEntity(context, `s${i}`, { properties: { country: 'it' } })
      await push(context, `s${i}`, 3)
    }
    const outcomes = await settled(Array.from({ length: 20 }, (_, i) => move(context, `s${i}`, 'fr')))
    expect(outcomes.filter((outcome) => outcome === 'passed')).toHaveLength(3)
    expect(outcomes.filter((outcome) => outcome === 'constraint_exceeded')).toHaveLength(17)
  })

  test('entities that swap places between two cells do not deadlock', async () => {
    const { context } = await filled()
    const constraints = [{ metric: 'load', aggregate: 'sum' as const, max: 1000 }]
    await addCell(context, 'a', { derived: ['a'], constraints })
    await addCell(context, 'b', { derived: ['b'], constraints })
    const sites = Array.from({ length: 10 }, (_, i) => `s${i}`)
    for (const [i, name] of sites.entries()) await addEntity(context, name, { properties: { country: i % 2 ? 'a' : 'b' } })
    for (let round = 0; round < 4; round++) {
      expect(await settled(sites.map((name, i) => move(context, name, (i + round) % 2 ? 'b' : 'a')))).toEqual(
        sites.map(() => 'passed'),
      )
    }
  })

  test('an aggregate of no values is undefined', () => {
    for (const how of ['sum', 'avg', 'min', 'max'] as const) expect(aggregate(how, [])).toBeUndefined()
  })
})
