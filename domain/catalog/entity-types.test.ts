import { afterAll, describe, expect, test } from 'vitest'
import { CreateEntityType, PutEntityType } from '#contract/catalog/entity-types'
import type { ProjectContext } from '../context.ts'
import { createEntityType, deleteEntityType, getEntityType, listEntityTypes, replaceEntityType } from './entity-types.ts'
import { deleteEntity, updateEntity } from '../data/entities.ts'
import { addCell, addEntity, addType, site } from '#test/support/world/catalog'
import { openWorld, page, refused } from '#test/support/world/world'
import { versionOf } from '../versions.ts'

const world = await openWorld()
afterAll(world.close)

let n = 0
async function withSite() {
  const project = await world.project(`p${++n}`)
  const context = await world.inside(project)
  return { project, context, type: await addType(context) }
}
const put = (context: ProjectContext, type: Partial<PutEntityType>) =>
  replaceEntityType(context, 'site', PutEntityType.parse({ ...site, ...type }))

describe('createEntityType', () => {
  test('returns what was given, with the name as the default display name', async () => {
    const { context, type } = await withSite()
    expect(type).toEqual({ ...site, displayName: 'site', createdAt: type.updatedAt, updatedAt: expect.any(String) })
    expect(await getEntityType(context, 'site')).toEqual(type)
    expect(await refused(addType(context))).toBe('entity_type_exists')
  })

  const property = { name: 'p', type: 'string', required: false } as const
  const pushed = { name: 'm', source: { type: 'pushed' } } as const
  const inconsistent: [string, Partial<CreateEntityType>][] = [
    ['initialState', { initialState: 'unknown' }],
    ['states', { states: ['planned', 'live', 'planned'] }],
    ['properties', { properties: [property, property] }],
    ['metrics', { metrics: [pushed, pushed] }],
    ['properties.0.enum', { properties: [{ ...property, type: 'integer', enum: ['1'] }] }],
    ['properties.0.default', { properties: [{ ...property, default: 7 }] }],
    ['properties.0.default', { properties: [{ ...property, type: 'integer', default: 1.5 }] }],
    ['properties.0.default', { properties: [{ ...property, enum: ['a'], default: 'b' }] }],
    ['constraints.0.metric', { constraints: [{ metric: 'unknown', max: 1 }] }],
  ]
  test.for(inconsistent)('refuses an inconsistent %s: %o', async ([path, wrong]) => {
    const { context } = await withSite()
    const attempt = createEntityType(context, CreateEntityType.parse({ ...site, name: 'wrong', ...wrong }))
    await expect(attempt).rejects.toMatchObject({ code: 'invalid_entity_type', details: [expect.objectContaining({ path })] })
    expect(await refused(getEntityType(context, 'wrong'))).toBe('entity_type_not_found')
  })

  test('active and failed are states of every type', async () => {
    const { context } = await withSite()
    expect(await addType(context, { name: 'bare', states: [], initialState: 'active', properties: [] })).toMatchObject({
      states: [],
    })
  })

  test.for(['viewer', 'member', 'scoped'] as const)('is refused to a %s, and so are changing and deleting', async (role) => {
    const { project } = await withSite()
    const rights = role === 'scoped' ? { role: 'owner' as const, cellScopes: ['a'] } : { role }
    const context = await world.inside(project, await world.member(project, rights))
    const codes = [
      await refused(addType(context, { name: 'x' })),
      await refused(put(context, {})),
      await refused(deleteEntityType(context, 'site')),
    ]
    expect(new Set(codes)).toEqual(new Set([role === 'scoped' ? 'scoped_actor' : 'forbidden']))
    expect((await listEntityTypes(context, page)).items.length).toBe(1)
  })

  test('does not find types of another project', async () => {
    await withSite()
    const context = await world.inside(await world.project(`p${++n}`))
    expect((await listEntityTypes(context, page)).items).toEqual([])
    expect(await refused(getEntityType(context, 'site'))).toBe('entity_type_not_found')
    expect(await refused(put(context, {}))).toBe('entity_type_not_found')
    expect(await refused(deleteEntityType(context, 'site'))).toBe('entity_type_not_found')
  })
})

describe('listEntityTypes', () => {
  test('pages through each type once', async () => {
    const { context } = await withSite()
    for (const name of ['b', 'a', 'c']) await addType(context, { name })
    const seen: string[] = []
    for (let cursor: string | null | undefined; cursor !== null;) {
      const { items, next } = await listEntityTypes(context, { limit: 1, cursor })
      seen.push(...items.map((type) => type.name))
      cursor = next
    }
    expect(seen).toEqual(['site', 'b', 'a', 'c'])
  })
})

describe('replaceEntityType', () => {
  test('replaces the whole type, if the version matches', async () => {
    const { project, context, type } = await withSite()
    const next = await put(context, { displayName: 'Site', states: ['planned', 'live', 'gone'], metrics: [] })
    expect(next).toMatchObject({
      displayName: 'Site',
      states: ['planned', 'live', 'gone'],
      metrics: [],
      createdAt: type.createdAt,
    })
    expect(next.updatedAt > type.updatedAt).toBe(true)
    expect(await refused(put(await world.inside(project, world.root, { ifMatch: versionOf(type) }), {}))).toBe(
      'precondition_failed',
    )
    expect(await refused(put(context, { initialState: 'unknown' }))).toBe('invalid_entity_type')
    expect(await refused(put(context, { name: 'renamed' }))).toBe('invalid_request')
  })

  test('keeps a state that an entity is in', async () => {
    const { context } = await withSite()
    const entity = await addEntity(context, 'one', { state: 'live' })
    await expect(put(context, { states: ['planned'] })).rejects.toMatchObject({
      code: 'entity_type_in_use',
      details: [{ path: 'states', message: expect.stringContaining('live') }],
    })
    await updateEntity(context, 'default', entity.id, {}, { state: 'planned', properties: undefined, labels: undefined })
    expect((await put(context, { states: ['planned'] })).states).toEqual(['planned'])
  })

  test('keeps a property with values, and one that a cell derives from', async () => {
    const { context } = await withSite()
    const [country, size] = site.properties as [(typeof site.properties)[0], (typeof site.properties)[0]]
    await addEntity(context, 'big', { properties: { size: 1 } })
    expect(await refused(put(context, { properties: [country] }))).toBe('entity_type_in_use')
    await addCell(context, 'germany', { derived: ['de'] })
    expect(await refused(put(context, { properties: [size] }))).toBe('entity_type_in_use')
    await deleteEntity(context, 'default', 'big', {})
    expect((await put(context, { properties: [country] })).properties).toEqual([country])
  })

  test('keeps the type of a property with values, except that an integer may become a number', async () => {
    const { context } = await withSite()
    const retyped = (name: string, type: 'string' | 'number') => {
      const properties = site.properties.map((property) => (property.name === name ? { ...property, type } : property))
      return put(context, { properties })
    }
    await addEntity(context, 'berlin', { properties: { size: 3 } })
    expect(await refused(retyped('size', 'string'))).toBe('entity_type_in_use')
    await retyped('country', 'number')
    await retyped('size', 'number')
  })
})

describe('deleteEntityType', () => {
  test('is refused while the type has an entity or a cell', async () => {
    const { context } = await withSite()
    await addEntity(context, 'one')
    expect(await refused(deleteEntityType(context, 'site'))).toBe('entity_type_in_use')
    await deleteEntity(context, 'default', 'one', {})
    await addType(context, { name: 'other' })
    await addCell(context, 'cell')
    expect(await refused(deleteEntityType(context, 'site'))).toBe('entity_type_in_use')
    expect(await deleteEntityType(context, 'other')).toEqual({ deleted: true, name: 'other' })
    expect((await listEntityTypes(context, page)).items.map((type) => type.name)).toEqual(['site'])
  })
})
