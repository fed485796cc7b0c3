import { afterAll, describe, expect, test } from 'vitest'
import { CreateRelationshipType } from '#contract/catalog/relationship-types'
import { CreateRelationship } from '#contract/data/relationships'
import type { CreateCell } from '#contract/catalog/cells'
import type { ProjectContext } from '../context.ts'
import { pushMetrics } from './entities.ts'
import { createEnvironment } from '../projects/environments.ts'
import { rankPlacement } from './placement.ts'
import { createRelationshipType } from '../catalog/relationship-types.ts'
import { createRelationship } from './relationships.ts'
import { addCell, addEntity, addType } from '#test/support/world/catalog'
import { openWorld, refused } from '#test/support/world/world'

const world = await openWorld()
afterAll(world.close)

let n = 0
/** a, b and c in europe, where a load of ten fills one. */
async function filled(cell: Partial<CreateCell> = {}) {
  const project = await world.project(`p${++n}`)
  const context = await world.inside(project)
  await addType(context, { constraints: [{ metric: 'load', max: 10 }] })
  await addCell(context, 'europe', { derived: ['de', 'fr'], ...cell })
  await addCell(context, 'germany', { derived: ['de'] })
  for (const [name, country] of [
    ['a', 'de'],
    ['b', 'de'],
    ['c', 'fr'],
  ] as const)
    await addEntity(context, name, { properties: { country } })
  return { project, context }
}
const push = (context: ProjectContext, name: string, load: number) =>
  pushMetrics(context, 'default', name, {}, { metrics: { load } })
const rank = (context: ProjectContext, cell = 'europe', env = 'default') => rankPlacement(context, cell, env)
const order = async (context: ProjectContext) => (await rank(context)).candidates.map((candidate) => candidate.name)

describe('rankPlacement', () => {
  test('least-loaded puts the emptiest first and excludes full and failed ones', async () => {
    const { context } = await filled()
    await push(context, 'a', 8)
    await push(context, 'b', 2)
    expect(await order(context)).toEqual(['c', 'b', 'a'])
    expect((await rank(context)).candidates[1]).toMatchObject({
      name: 'b',
      rank: 2,
      load: 0.2,
      metrics: { load: 2 },
      lastPlacedAt: null,
    })
    await push(context, 'a', 10)
    await addEntity(context, 'd', { state: 'failed', properties: { country: 'de' } })
    const { candidates, excluded } = await rank(context)
    expect(candidates.map(({ name }) => name)).toEqual(['c', 'b'])
    expect(excluded.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      'a: load has reached 10',
      'd: it is in the state failed',
    ])
  })

  test('round-robin puts first the one that waited longest', async () => {
    const { context } = await filled({ placementPolicy: 'round-robin' })
    await createRelationshipType(
      context,
      CreateRelationshipType.parse({ name: 'next', from: 'site', to: 'site', states: ['on'] }),
    )
    const link = (from: string, to: string) =>
      createRelationship(context, 'default', CreateRelationship.parse({ relationshipType: 'next', from, to }))
    expect(await order(context)).toEqual(['a', 'b', 'c'])
    await link('a', 'a')
    expect(await order(context)).toEqual(['b', 'c', 'a'])
    await link('b', 'b')
    await link('c', 'c')
    expect(await order(context)).toEqual(['a', 'b', 'c'])
  })

  test('random ranks all, in varying order', async () => {
    const { context } = await filled({ placementPolicy: 'random' })
    const seen = new Set<string>()
    for (let i = 0; i < 60; i++) seen.add((await order(context)).join(''))
    expect(seen.size).toBeGreaterThan(1)
    for (const one of seen) expect(one.split('').toSorted()).toEqual(['a', 'b', 'c'])
  })

  test('a full cell places nothing', async () => {
    const { context } = await filled({ constraints: [{ metric: 'load', aggregate: 'sum', max: 6 }] })
    await push(context, 'a', 6)
    const { candidates, excluded } = await rank(context)
    expect(candidates).toEqual([])
    expect(excluded.map(({ reason }) => reason)).toEqual(Array(3).fill('the cell is full: the sum of load has reached 6'))
  })

  test('covers one environment, and only what the caller sees', async () => {
    const { project, context } = await filled()
    await createEnvironment(context, { name: 'staging' })
    expect(await rank(context, 'europe', 'staging')).toMatchObject({ envName: 'staging', candidates: [], excluded: [] })
    const german = await world.inside(project, await world.member(project, { role: 'viewer', cellScopes: ['germany'] }))
    expect(await order(german)).toEqual(['a', 'b'])
    const away = await world.inside(project, await world.member(project, { role: 'viewer', envName: 'staging' }))
    expect(await refused(rank(away))).toBe('environment_not_found')
  })

  test('a full cell is full also for a caller who sees only part of it', async () => {
    const { project, context } = await filled({ constraints: [{ metric: 'load', aggregate: 'sum', max: 6 }] })
    await push(context, 'c', 6)
    const german = await world.inside(project, await world.member(project, { role: 'viewer', cellScopes: ['germany'] }))
    const { candidates, excluded } = await rank(german)
    expect([candidates, excluded.map(({ name }) => name)]).toEqual([[], ['a', 'b']])
  })

  test('does not find cells of another project', async () => {
    await filled()
    expect(await refused(rank(await world.inside(await world.project(`p${++n}`))))).toBe('cell_not_found')
  })
})
