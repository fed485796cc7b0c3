import { afterAll, describe, expect, test } from 'vitest'
import type { Cell } from '#contract/catalog/cells'
import type { CreateEntityType } from '#contract/catalog/entity-types'
import { CreateRelationshipType } from '#contract/catalog/relationship-types'
import { CreateRelationship } from '#contract/data/relationships'
import { getCellUsage } from './cell-usage.ts'
import type { ProjectContext } from '../context.ts'
import { pushMetrics } from './entities.ts'
import { createEnvironment } from '../projects/environments.ts'
import { createRelationshipType } from '../catalog/relationship-types.ts'
import { createRelationship } from './relationships.ts'
import { addCell, addEntity, addType } from '#test/support/world/catalog'
import { openWorld, refused } from '#test/support/world/world'

const world = await openWorld()
afterAll(world.close)

const counted = (name: string, states?: string[]): CreateEntityType['metrics'][number] => ({
  name,
  source: {
    type: 'derived',
    derivedFrom: 'relationship-count',
    filter: { relationshipType: 'feeds', ...(states && { states }) },
  },
})
const most = (metric: string, aggregate: Cell['constraints'][number]['aggregate'], max = 100) => ({ metric, aggregate, max })

let n = 0
/** Two sites in Germany and one in France, all below europe. Links are counted; germany has a limit of every kind. */
async function filled() {
  const project = await world.project(`p${++n}`)
  const context = await world.inside(project)
  await addType(context, { metrics: [{ name: 'load', source: { type: 'pushed' } }, counted('links'), counted('live', ['on'])] })
  await addCell(context, 'europe', { constraints: [most('links', 'sum', 6), most('live', 'max', 2)] })
  const constraints = (['sum', 'avg', 'min', 'max'] as const).map((aggregate) => most('load', aggregate))
  await addCell(context, 'germany', { parentCells: ['europe'], derived: ['de'], constraints })
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
const push = (context: ProjectContext, name: string, load: number) =>
  pushMetrics(context, 'default', name, {}, { metrics: { load } })
const link = (context: ProjectContext, from: string, to: string, state = 'on') =>
  createRelationship(context, 'default', CreateRelationship.parse({ relationshipType: 'feeds', from, to, state }))

/** `europe` → its number of members and its levels, in the order of its limits. */
async function usage(context: ProjectContext, env = 'default') {
  const { cells } = await getCellUsage(context, env)
  return Object.fromEntries(
    cells.map(({ name, entities, constraints }) => [name, [entities, ...constraints.map((c) => c.value)]]),
  )
}

describe('getCellUsage', () => {
  test('returns the members and the level of each limit: pushed metrics where there are any, counted ones always', async () => {
    const { context } = await filled()
    expect(await usage(context)).toEqual({ europe: [3, 0, 0], germany: [2, null, null, null, null], france: [1] })
    await push(context, 'berlin', 3)
    expect(await usage(context)).toMatchObject({ germany: [2, 3, 3, 3, 3] })
    await push(context, 'bonn', 8)
    await push(context, 'paris', 50)
    await link(context, 'berlin', 'paris')
    await link(context, 'bonn', 'berlin', 'off')
    await link(context, 'bonn', 'bonn')
    expect(await usage(context)).toEqual({ europe: [3, 5, 1], germany: [2, 11, 5.5, 3, 8], france: [1] })
    const [first] = (await getCellUsage(context, 'default')).cells
    expect(first).toMatchObject({ name: 'europe', constraints: [{ metric: 'links', aggregate: 'sum', value: 5, max: 6 }, {}] })
  })

  test('keeps environments apart', async () => {
    const { project, context } = await filled()
    await createEnvironment(context, { name: 'staging' })
    await push(context, 'berlin', 3)
    await link(context, 'berlin', 'paris')
    await addEntity(context, 'hamburg', { env: 'staging', properties: { country: 'de' } })
    expect(await usage(context, 'staging')).toEqual({ europe: [1, 0, 0], germany: [1, null, null, null, null], france: [0] })
    const confined = await world.inside(project, await world.member(project, { role: 'member', envName: 'staging' }))
    expect(await usage(confined, 'staging')).toMatchObject({ germany: [1, null, null, null, null] })
    expect(await refused(usage(confined))).toBe('environment_not_found')
    expect(await refused(usage(context, 'none'))).toBe('environment_not_found')
  })

  test('a limited caller’s figures cover what they see, at both ends of a relationship', async () => {
    const { project, context } = await filled()
    await push(context, 'berlin', 3)
    await link(context, 'berlin', 'paris')
    await link(context, 'bonn', 'berlin')
    const inside = async (cellScopes: string[]) =>
      usage(await world.inside(project, await world.member(project, { role: 'member', cellScopes })))
    expect(await inside(['germany'])).toEqual({ europe: [2, 2, 1], germany: [2, 3, 3, 3, 3], france: [0] })
    expect(await inside(['france'])).toEqual({ europe: [1, 0, 0], germany: [0, null, null, null, null], france: [1] })
    expect(await inside([])).toEqual({ europe: [0, null, null], germany: [0, null, null, null, null], france: [0] })
  })

  test('does not see another project', async () => {
    const { context } = await filled()
    await push(context, 'berlin', 3)
    await link(context, 'berlin', 'paris')
    const other = await world.inside(await world.project(`p${++n}`))
    expect(await usage(other)).toEqual({})
    await addType(other)
    await addCell(other, 'europe', { constraints: [most('load', 'sum')] })
    expect(await usage(other)).toEqual({ europe: [0, null] })
  })

  test('covers the live generation only', async () => {
    const { project, context } = await filled()
    const viewer = await world.inside(project, await world.member(project, { role: 'viewer' }))
    expect(await usage(viewer)).toMatchObject({ europe: [3, 0, 0] })
    expect(await usage({ ...context, project: { ...context.project, generation: context.project.generation + 1 } })).toEqual({})
  })
})
