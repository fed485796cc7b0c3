import { afterAll, describe, expect, test } from 'vitest'
import { CreateRelationshipType } from '#contract/catalog/relationship-types'
import { CreateRelationship, RelationshipQuery, UpdateRelationship } from '#contract/data/relationships'
import type { ProjectContext } from '../context.ts'
import { deleteEntity, pushMetrics, updateEntity } from './entities.ts'
import { createEnvironment } from '../projects/environments.ts'
import { createRelationshipType } from '../catalog/relationship-types.ts'
import {
  createRelationship,
  deleteRelationship,
  getRelationship,
  listRelationships,
  setRelationshipState,
  updateRelationship,
} from './relationships.ts'
import { addEntity, fill } from '#test/support/world/catalog'
import { openWorld, refused } from '#test/support/world/world'
import { versionOf } from '../versions.ts'

const world = await openWorld({ max: 25 })
afterAll(world.close)

let n = 0
/** berlin and paris, each in its own cells, and nowhere in none; any two can be linked. */
async function filled(type: Partial<CreateRelationshipType> = {}) {
  const project = await world.project(`p${++n}`)
  const context = await world.inside(project)
  const sites = await fill(context)
  await createRelationshipType(
    context,
    CreateRelationshipType.parse({
      name: 'feeds',
      from: 'site',
      to: 'site',
      states: ['on', 'off'],
      properties: [{ name: 'units', type: 'integer' }],
      ...type,
    }),
  )
  return { project, context, ...sites }
}
const link = (context: ProjectContext, from: string, to: string, rest: Partial<CreateRelationship> = {}, env = 'default') =>
  createRelationship(context, env, CreateRelationship.parse({ relationshipType: 'feeds', from, to, ...rest }))
const list = async (context: ProjectContext, query: Partial<RelationshipQuery> = {}) =>
  (await listRelationships(context, 'default', RelationshipQuery.parse(query))).items
const pairs = async (...given: Parameters<typeof list>) => (await list(...given)).map(({ from, to }) => `${from.name} ${to.name}`)
const outcome = (call: Promise<unknown>) =>
  call.then(
    () => 'passed',
    (error: { code?: string }) => error.code,
  )
const change = (patch: Partial<UpdateRelationship>) => UpdateRelationship.parse(patch)

describe('createRelationship', () => {
  test('returns both ends and the first state, by name or by id', async () => {
    const { context, berlin, paris } = await filled()
    const created = await link(context, 'berlin', paris.id.toUpperCase(), { properties: { units: 2 }, labels: { a: 'b' } })
    expect(created).toEqual({
      kind: 'Relationship',
      id: expect.any(String),
      envName: 'default',
      relationshipType: 'feeds',
      from: { id: berlin.id, entityType: 'site', name: 'berlin' },
      to: { id: paris.id, entityType: 'site', name: 'paris' },
      state: 'on',
      properties: { units: 2 },
      labels: { a: 'b' },
      createdAt: created.updatedAt,
      updatedAt: expect.any(String),
    })
    expect(await getRelationship(context, 'default', created.id)).toEqual(created)
  })

  test('allows one for each type and pair of ends, and both directions', async () => {
    const { context } = await filled()
    await link(context, 'berlin', 'paris')
    expect(await refused(link(context, 'berlin', 'paris'))).toBe('relationship_exists')
    await link(context, 'paris', 'berlin')
    expect(await pairs(context)).toEqual(['berlin paris', 'paris berlin'])
  })

  test('refuses undeclared states or properties, and missing ends', async () => {
    const { context, berlin } = await filled()
    await createEnvironment(context, { name: 'staging' })
    expect(await refused(link(context, 'berlin', 'paris', { state: 'broken' }))).toBe('invalid_relationship')
    expect(await refused(link(context, 'berlin', 'paris', { properties: { units: 1.5 } }))).toBe('invalid_relationship')
    expect(await refused(link(context, 'berlin', 'paris', { properties: { other: 1 } }))).toBe('invalid_relationship')
    expect(await refused(link(context, 'berlin', 'rome'))).toBe('entity_not_found')
    expect(await refused(link(context, 'berlin', 'paris', { relationshipType: 'none' }))).toBe('relationship_type_not_found')
    expect(await refused(link(context, berlin.id, berlin.id, {}, 'staging'))).toBe('entity_not_found')
    expect(await list(context)).toEqual([])
  })

  const most = [
    { cardinality: 'one-to-one', fan: 1, join: 1 },
    { cardinality: 'one-to-many', fan: 2, join: 1 },
    { cardinality: 'many-to-one', fan: 1, join: 2 },
    { cardinality: 'many-to-many', fan: 2, join: 2 },
  ] as const
  test.for(most)('$cardinality allows $fan from one entity and $join to one entity', async ({ cardinality, fan, join }) => {
    const { context } = await filled({ cardinality })
    await link(context, 'berlin', 'paris')
    const second = link(context, 'berlin', 'nowhere')
    expect(await outcome(second)).toBe(fan === 1 ? 'cardinality_exceeded' : 'passed')
    const joined = link(context, 'nowhere', 'paris')
    expect(await outcome(joined)).toBe(join === 1 ? 'cardinality_exceeded' : 'passed')
    expect(await list(context)).toHaveLength(fan + join - 1)
  })

  test.for(['from', 'to'] as const)('of twenty at once that share the end %s, one succeeds', async (end) => {
    const { context } = await filled({ cardinality: end === 'from' ? 'many-to-one' : 'one-to-many' })
    for (let i = 0; i < 20; i++) await addEntity(context, `s${i}`)
    const codes = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        outcome(end === 'from' ? link(context, 'berlin', `s${i}`) : link(context, `s${i}`, 'berlin')),
      ),
    )
    expect(codes.filter((code) => code === 'passed')).toHaveLength(1)
    expect(codes.filter((code) => code === 'cardinality_exceeded')).toHaveLength(19)
    expect(await list(context)).toHaveLength(1)
  })

  test('twenty at once between the same two ends, in both directions, make two', async () => {
    const { context } = await filled()
    const codes = await Promise.all(
      Array.from({ length: 20 }, (_, i) => outcome(i % 2 ? link(context, 'berlin', 'paris') : link(context, 'paris', 'berlin'))),
    )
    expect(codes.filter((code) => code === 'passed')).toHaveLength(2)
    expect(codes.filter((code) => code === 'relationship_exists')).toHaveLength(18)
  })

  test('keeps a sum within a constant limit', async () => {
    const { context } = await filled({ constraints: [{ type: 'property-sum', property: 'units', leq: 10 }] })
    await link(context, 'berlin', 'paris', { properties: { units: 6 } })
    expect(await refused(link(context, 'nowhere', 'paris', { properties: { units: 5 } }))).toBe('constraint_exceeded')
    const fits = await link(context, 'nowhere', 'paris', { properties: { units: 4 } })
    expect(await refused(updateRelationship(context, 'default', fits.id, change({ properties: { units: 5 } })))).toBe(
      'constraint_exceeded',
    )
    expect(await updateRelationship(context, 'default', fits.id, change({ properties: {} }))).toMatchObject({ properties: {} })
    await link(context, 'berlin', 'nowhere', { properties: { units: 10 } })
  })

  const references = [
    { leq: '{{ to.metrics.load }}', limited: 'paris' },
    { leq: '{{from.properties.size}}', limited: 'berlin' },
  ]
  test.for(references)('keeps a sum within $leq', async ({ leq, limited }) => {
    const { context } = await filled({ constraints: [{ type: 'property-sum', property: 'units', leq }] })
    if (limited === 'paris') await pushMetrics(context, 'default', 'paris', {}, { metrics: { load: 5 } })
    else await updateEntity(context, 'default', 'berlin', {}, { properties: { size: 5 }, state: undefined, labels: undefined })
    await link(context, 'berlin', 'paris', { properties: { units: 3 } })
    const second = (units: number) =>
      limited === 'paris'
        ? link(context, 'nowhere', 'paris', { properties: { units } })
        : link(context, 'berlin', 'nowhere', { properties: { units } })
    expect(await refused(second(3))).toBe('constraint_exceeded')
    await second(2)
  })

  test('twenty at once do not exceed a sum', async () => {
    const { context } = await filled({ constraints: [{ type: 'property-sum', property: 'units', leq: 10 }] })
    for (let i = 0; i < 20; i++) await addEntity(context, `s${i}`)
    await Promise.allSettled(Array.from({ length: 20 }, (_, i) => link(context, `s${i}`, 'paris', { properties: { units: 3 } })))
    expect(await list(context)).toHaveLength(3)
  })

  test('needs both ends in the cells of a limited member', async () => {
    const { project, context } = await filled()
    const german = await world.inside(project, await world.member(project, { role: 'member', cellScopes: ['germany'] }))
    await addEntity(context, 'hamburg', { properties: { country: 'de' } })
    for (const [from, to] of [
      ['berlin', 'paris'],
      ['paris', 'berlin'],
      ['berlin', 'nowhere'],
    ] as const)
      expect(await refused(link(german, from, to))).toBe('out_of_scope')
    await link(german, 'berlin', 'hamburg')
    const none = await world.inside(project, await world.member(project, { role: 'member', cellScopes: [] }))
    expect(await refused(link(none, 'berlin', 'hamburg'))).toBe('out_of_scope')
    expect(await list(none)).toEqual([])
  })

  test('is refused to a viewer and outside the caller’s environment', async () => {
    const { project, context } = await filled()
    const viewer = await world.inside(project, await world.member(project, { role: 'viewer' }))
    const { id } = await link(context, 'berlin', 'paris')
    expect(await refused(link(viewer, 'paris', 'berlin'))).toBe('forbidden')
    expect(await refused(updateRelationship(viewer, 'default', id, change({ state: 'off' })))).toBe('forbidden')
    expect(await refused(setRelationshipState(viewer, 'default', id, { state: 'off' }))).toBe('forbidden')
    expect(await refused(deleteRelationship(viewer, 'default', id))).toBe('forbidden')
    expect(await pairs(viewer)).toEqual(['berlin paris'])
    await createEnvironment(context, { name: 'staging' })
    const away = await world.inside(project, await world.member(project, { role: 'member', envName: 'staging' }))
    expect(await refused(link(away, 'paris', 'berlin'))).toBe('out_of_scope')
    expect(await refused(list(away))).toBe('environment_not_found')
  })
})

describe('listRelationships', () => {
  test('filters by type, state and end, and pages through each once', async () => {
    const { context, berlin, paris } = await filled()
    const first = await link(context, 'berlin', 'paris')
    await link(context, 'paris', 'nowhere', { state: 'off' })
    await link(context, 'nowhere', 'berlin')
    expect(await pairs(context, { state: 'off' })).toEqual(['paris nowhere'])
    expect(await pairs(context, { relationshipType: 'other' })).toEqual([])
    expect(await pairs(context, { entity: berlin.id })).toEqual(['berlin paris', 'nowhere berlin'])
    expect(await pairs(context, { from: paris.id })).toEqual(['paris nowhere'])
    expect(await pairs(context, { to: paris.id, state: 'on' })).toEqual(['berlin paris'])
    const { items, next } = await listRelationships(context, 'default', RelationshipQuery.parse({ limit: 1 }))
    expect(items).toEqual([first])
    const rest = await listRelationships(context, 'default', RelationshipQuery.parse({ limit: 2, cursor: next }))
    expect(rest.items).toHaveLength(2)
    expect(rest.next).toBeNull()
  })

  test('shows only those with both ends in scope, whatever the filter', async () => {
    const { project, context, berlin, paris, nowhere } = await filled()
    await addEntity(context, 'hamburg', { properties: { country: 'de' } })
    const inside = await link(context, 'berlin', 'hamburg')
    const hidden = [
      await link(context, 'berlin', 'paris'),
      await link(context, 'paris', 'berlin'),
      await link(context, 'nowhere', 'berlin'),
    ]
    const german = await world.inside(project, await world.member(project, { role: 'member', cellScopes: ['germany', 'vip'] }))
    expect(await list(german)).toEqual([inside])
    expect(await getRelationship(german, 'default', inside.id)).toEqual(inside)
    for (const { id } of [berlin, paris, nowhere]) {
      for (const end of ['entity', 'from', 'to'] as const)
        for (const { from, to } of await list(german, { [end]: id })) expect([from.name, to.name]).toEqual(['berlin', 'hamburg'])
    }
    for (const { id } of hidden) {
      expect(await refused(getRelationship(german, 'default', id))).toBe('relationship_not_found')
      expect(await refused(updateRelationship(german, 'default', id, change({ state: 'off' })))).toBe('out_of_scope')
      expect(await refused(setRelationshipState(german, 'default', id, { state: 'off' }))).toBe('out_of_scope')
      expect(await refused(deleteRelationship(german, 'default', id))).toBe('out_of_scope')
    }
    expect(await pairs(await world.inside(project, await world.member(project, { cellScopes: ['europe'] })))).toEqual([
      'berlin hamburg',
      'berlin paris',
      'paris berlin',
    ])
  })

  test('does not find those of another project', async () => {
    const { context } = await filled()
    const { id } = await link(context, 'berlin', 'paris')
    const other = await filled()
    expect(await list(other.context)).toEqual([])
    expect(await refused(getRelationship(other.context, 'default', id))).toBe('relationship_not_found')
    expect(await refused(updateRelationship(other.context, 'default', id, change({})))).toBe('relationship_not_found')
    expect(await refused(deleteRelationship(other.context, 'default', id))).toBe('relationship_not_found')
    const { berlin } = await filled()
    expect(await refused(link(other.context, berlin.id, 'paris'))).toBe('entity_not_found')
  })
})

describe('updateRelationship and setRelationshipState', () => {
  test('change only the given fields, of the version that was read', async () => {
    const { project, context } = await filled()
    const created = await link(context, 'berlin', 'paris', { properties: { units: 1 }, labels: { a: 'b' } })
    const off = await setRelationshipState(context, 'default', created.id, { state: 'off' })
    expect(off).toMatchObject({ state: 'off', properties: { units: 1 }, labels: { a: 'b' } })
    expect(await updateRelationship(context, 'default', created.id, change({ labels: {} }))).toMatchObject({
      state: 'off',
      labels: {},
    })
    expect(await refused(setRelationshipState(context, 'default', created.id, { state: 'none' }))).toBe('invalid_relationship')
    const stale = await world.inside(project, world.root, { ifMatch: versionOf(created) })
    expect(await refused(updateRelationship(stale, 'default', created.id, change({ state: 'on' })))).toBe('precondition_failed')
  })
})

describe('deleteRelationship', () => {
  test('lets its ends be deleted, which was refused before', async () => {
    const { context } = await filled({ cardinality: 'one-to-one' })
    const { id } = await link(context, 'berlin', 'paris')
    expect(await refused(deleteEntity(context, 'default', 'berlin', {}))).toBe('entity_in_use')
    expect(await refused(deleteEntity(context, 'default', 'paris', {}))).toBe('entity_in_use')
    expect(await deleteRelationship(context, 'default', id)).toEqual({ deleted: true, id })
    expect(await refused(deleteRelationship(context, 'default', id))).toBe('relationship_not_found')
    await link(context, 'berlin', 'nowhere')
    await deleteEntity(context, 'default', 'paris', {})
  })

  test('refuses to delete an entity while another transaction links it', async () => {
    const { context } = await filled()
    for (let i = 0; i < 10; i++) await addEntity(context, `s${i}`)
    const pairs = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        Promise.all([outcome(deleteEntity(context, 'default', `s${i}`, {})), outcome(link(context, 'berlin', `s${i}`))]),
      ),
    )
    const either = [
      ['passed', 'entity_not_found'],
      ['entity_in_use', 'passed'],
    ]
    for (const pair of pairs) expect(either).toContainEqual(pair)
    expect(await list(context)).toHaveLength(pairs.filter(([deleted]) => deleted !== 'passed').length)
  })
})
