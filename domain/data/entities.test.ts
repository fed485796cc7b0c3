import { afterAll, describe, expect, test } from 'vitest'
import { EntityQuery, UpdateEntity } from '#contract/data/entities'
import type { ProjectContext } from '../context.ts'
import { createEntity, deleteEntity, getEntity, listEntities, updateEntity } from './entities.ts'
import { createEnvironment } from '../projects/environments.ts'
import { addEntity, addType, fill } from '#test/support/world/catalog'
import { openWorld, refused } from '#test/support/world/world'
import { versionOf } from '../versions.ts'

const world = await openWorld()
afterAll(world.close)

let n = 0
async function filled() {
  const project = await world.project(`p${++n}`)
  const context = await world.inside(project)
  return { project, context, ...(await fill(context)) }
}
const list = async (context: ProjectContext, query: Partial<EntityQuery> = {}, env = 'default') =>
  (await listEntities(context, env, EntityQuery.parse(query))).items
const names = async (...given: Parameters<typeof list>) => (await list(...given)).map((entity) => entity.name)
const change = (patch: Partial<UpdateEntity>) => UpdateEntity.parse(patch)

describe('createEntity', () => {
  test('returns the entity with its defaults and its cells', async () => {
    const { context } = await filled()
    const created = await createEntity(context, 'default', {
      kind: 'Entity',
      name: 'hamburg',
      entityType: 'site',
      state: 'live',
      properties: { country: 'de', size: 3 },
      labels: { tier: '1' },
    })
    expect(created).toEqual({
      kind: 'Entity',
      id: expect.any(String),
      envName: 'default',
      entityType: 'site',
      name: 'hamburg',
      state: 'live',
      properties: { country: 'de', size: 3 },
      labels: { tier: '1' },
      metrics: {},
      cells: ['europe', 'germany'],
      createdAt: created.updatedAt,
      updatedAt: expect.any(String),
    })
    expect(await getEntity(context, 'default', created.id, {})).toEqual(created)
    expect(await getEntity(context, 'default', created.id.toUpperCase(), {})).toEqual(created)
    expect(await getEntity(context, 'default', 'hamburg', {})).toEqual(created)
    expect((await addEntity(context, 'plain')).state).toBe('planned')
  })

  test('fills in defaults and names every mismatch', async () => {
    const { context } = await filled()
    await addType(context, {
      name: 'rack',
      states: [],
      initialState: 'active',
      properties: [
        { name: 'height', type: 'integer', required: true },
        { name: 'color', type: 'string', required: false, default: 'gray', enum: ['gray', 'red'] },
        { name: 'load', type: 'number', required: false },
        { name: 'on', type: 'boolean', required: true, default: false },
      ],
    })
    expect((await addEntity(context, 'r1', { entityType: 'rack', properties: { height: 42 } })).properties).toEqual({
      height: 42,
      color: 'gray',
      on: false,
    })
    const attempt = addEntity(context, 'r2', {
      entityType: 'rack',
      state: 'planned',
      properties: { color: 'blue', load: 'heavy', on: 1, depth: 1 },
    })
    const error = await attempt.catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'invalid_entity' })
    expect((error as { details: { path: string }[] }).details.map(({ path }) => path).toSorted()).toEqual([
      'properties.color',
      'properties.depth',
      'properties.height',
      'properties.load',
      'properties.on',
      'state',
    ])
    expect(await refused(addEntity(context, 'r3', { entityType: 'rack', properties: { height: 1.5 } }))).toBe('invalid_entity')
    expect(await names(context, { entityType: 'rack' })).toEqual(['r1'])
  })

  test('allows a name once for each type and environment', async () => {
    const { context } = await filled()
    await addType(context, { name: 'rack', properties: [] })
    await createEnvironment(context, { name: 'staging' })
    expect(await refused(addEntity(context, 'berlin'))).toBe('entity_exists')
    expect(await addEntity(context, 'berlin', { entityType: 'rack' })).toMatchObject({ entityType: 'rack' })
    expect(await addEntity(context, 'berlin', { env: 'staging' })).toMatchObject({ envName: 'staging' })
    expect(await refused(addEntity(context, 'x', { entityType: 'unknown' }))).toBe('entity_type_not_found')
    expect(await refused(addEntity(context, 'x', { env: 'unknown' }))).toBe('environment_not_found')
  })

  test('is refused to a viewer, and so are changing and deleting', async () => {
    const { project, context } = await filled()
    const viewer = await world.inside(project, await world.member(project, { role: 'viewer' }))
    expect(await refused(addEntity(viewer, 'x'))).toBe('forbidden')
    expect(await refused(updateEntity(viewer, 'default', 'berlin', {}, change({ state: 'live' })))).toBe('forbidden')
    expect(await refused(deleteEntity(viewer, 'default', 'berlin', {}))).toBe('forbidden')
    expect(await list(viewer)).toEqual(await list(context))
  })
})

describe('entities of two types with the same name', () => {
  test('are told apart by type or id', async () => {
    const { context, berlin } = await filled()
    await addType(context, { name: 'rack', properties: [] })
    const rack = await addEntity(context, 'berlin', { entityType: 'rack' })
    expect(await refused(getEntity(context, 'default', 'berlin', {}))).toBe('ambiguous_name')
    expect(await refused(updateEntity(context, 'default', 'berlin', {}, change({})))).toBe('ambiguous_name')
    expect(await refused(deleteEntity(context, 'default', 'berlin', {}))).toBe('ambiguous_name')
    expect((await getEntity(context, 'default', 'berlin', { entityType: 'rack' })).id).toBe(rack.id)
    expect(await deleteEntity(context, 'default', berlin.id, {})).toEqual({ deleted: true, id: berlin.id, name: 'berlin' })
    expect((await getEntity(context, 'default', 'berlin', {})).id).toBe(rack.id)
  })

  test('a caller who sees only one of them reads and changes it by name, and learns nothing of the other', async () => {
    const { project, context, berlin } = await filled()
    await addType(context, { name: 'rack', properties: [] })
    await addEntity(context, 'berlin', { entityType: 'rack' })
    const narrow = await world.inside(project, await world.member(project, { cellScopes: ['germany'] }))
    expect((await getEntity(narrow, 'default', 'berlin', {})).id).toBe(berlin.id)
    expect(await updateEntity(narrow, 'default', 'berlin', {}, change({ state: 'live' }))).toMatchObject({
      id: berlin.id,
      state: 'live',
    })
    expect(await deleteEntity(narrow, 'default', 'berlin', {})).toMatchObject({ id: berlin.id })
  })
})

describe('updateEntity', () => {
  test('changes the given fields, moves it between derived cells, and refuses an older version', async () => {
    const { project, context, berlin } = await filled()
    const moved = await updateEntity(context, 'default', 'berlin', {}, change({ properties: { country: 'fr' } }))
    expect(moved).toMatchObject({
      state: 'planned',
      properties: { country: 'fr' },
      cells: ['europe', 'france'],
      createdAt: berlin.createdAt,
    })
    expect(await updateEntity(context, 'default', berlin.id, {}, change({ labels: { a: 'b' } }))).toMatchObject({
      properties: { country: 'fr' },
      labels: { a: 'b' },
    })
    const stale = await world.inside(project, world.root, { ifMatch: versionOf(berlin) })
    expect(await refused(updateEntity(stale, 'default', 'berlin', {}, change({ state: 'live' })))).toBe('precondition_failed')
    expect(await refused(deleteEntity(stale, 'default', 'berlin', {}))).toBe('precondition_failed')
    expect(await refused(updateEntity(context, 'default', 'berlin', {}, change({ state: 'unknown' })))).toBe('invalid_entity')
    expect(await refused(updateEntity(context, 'default', 'unknown', {}, change({})))).toBe('entity_not_found')
  })
})

describe('listEntities', () => {
  test('filters by type, state, cell, label and name, alone and combined', async () => {
    const { context } = await filled()
    await addEntity(context, '100%', { state: 'live', labels: { tier: 'a:b', 'x y': '' }, properties: { country: 'de' } })
    expect(await names(context, { state: 'live' })).toEqual(['100%'])
    expect(await names(context, { cell: 'germany' })).toEqual(['berlin', '100%'])
    expect(await names(context, { cell: 'germany', state: 'planned' })).toEqual(['berlin'])
    expect(await names(context, { cell: 'unknown' })).toEqual([])
    expect(await names(context, { label: 'tier:a:b' })).toEqual(['100%'])
    expect(await names(context, { label: 'x y:' })).toEqual(['100%'])
    expect(await names(context, { label: 'tier:a' })).toEqual([])
    expect(await names(context, { q: 'BER' })).toEqual(['berlin'])
    expect(await names(context, { q: '%' })).toEqual(['100%'])
    expect(await names(context, { entityType: 'unknown' })).toEqual([])
  })

  test.for([{}, { cell: 'europe' }, { q: 'e' }, { cell: 'europe', q: 'e' }])(
    'pages through each once with %o, also for a limited caller',
    async (query) => {
      const { project, context } = await filled()
      for (let i = 0; i < 6; i++) await addEntity(context, `e${i}`, { properties: { country: i % 2 ? 'de' : 'fr' } })
      const narrow = await world.inside(project, await world.member(project, { cellScopes: ['germany', 'europe', 'unknown'] }))
      for (const asking of [context, narrow]) {
        const whole = await names(asking, query)
        const seen: string[] = []
        for (let cursor: string | null | undefined; cursor !== null;) {
          const { items, next } = await listEntities(asking, 'default', EntityQuery.parse({ ...query, limit: 2, cursor }))
          seen.push(...items.map((entity) => entity.name))
          cursor = next
        }
        expect(whole.length).toBeGreaterThan(5)
        expect(seen).toEqual(whole)
      }
    },
  )

  test('does not list another project’s entities', async () => {
    const { berlin } = await filled()
    const context = await world.inside(await world.project(`p${++n}`))
    expect(await names(context)).toEqual([])
    expect(await refused(getEntity(context, 'default', berlin.id, {}))).toBe('entity_not_found')
    expect(await refused(updateEntity(context, 'default', berlin.id, {}, change({})))).toBe('entity_not_found')
    expect(await refused(deleteEntity(context, 'default', berlin.id, {}))).toBe('entity_not_found')
  })
})
