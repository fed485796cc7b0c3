import { afterAll, describe, expect, test } from 'vitest'
import { PutEntityType } from '#contract/catalog/entity-types'
import { CreateRelationshipType, PutRelationshipType } from '#contract/catalog/relationship-types'
import { CreateRelationship } from '#contract/data/relationships'
import type { ProjectContext } from '../context.ts'
import { deleteEntityType, getEntityType, replaceEntityType } from './entity-types.ts'
import {
  createRelationshipType,
  deleteRelationshipType,
  getRelationshipType,
  listRelationshipTypes,
  replaceRelationshipType,
} from './relationship-types.ts'
import { createRelationship } from '../data/relationships.ts'
import { addType, fill, site } from '#test/support/world/catalog'
import { openWorld, page, refused } from '#test/support/world/world'
import { versionOf } from '../versions.ts'

const world = await openWorld()
afterAll(world.close)

let n = 0
async function filled() {
  const project = await world.project(`p${++n}`)
  const context = await world.inside(project)
  await fill(context)
  await addType(context, { name: 'rack' })
  return { project, context }
}
const spec = {
  from: 'site',
  to: 'site',
  states: ['on', 'off'],
  properties: [
    { name: 'units', type: 'integer' as const, required: false },
    { name: 'note', type: 'string' as const, required: false },
  ],
}
const add = (context: ProjectContext, type: Partial<CreateRelationshipType> = {}) =>
  createRelationshipType(context, CreateRelationshipType.parse({ name: 'feeds', ...spec, ...type }))
const put = (context: ProjectContext, type: Partial<PutRelationshipType> = {}) =>
  replaceRelationshipType(context, 'feeds', PutRelationshipType.parse({ ...spec, ...type }))
const link = (context: ProjectContext, from: string, to: string) =>
  createRelationship(
    context,
    'default',
    CreateRelationship.parse({ relationshipType: 'feeds', from, to, properties: { units: 1 } }),
  )

describe('createRelationshipType', () => {
  test('returns what was given, with its defaults', async () => {
    const { context } = await filled()
    const type = await add(context)
    expect(type).toEqual({
      kind: 'RelationshipType',
      name: 'feeds',
      displayName: 'feeds',
      cardinality: 'many-to-many',
      constraints: [],
      ...spec,
      createdAt: type.updatedAt,
      updatedAt: expect.any(String),
    })
    expect(await getRelationshipType(context, 'feeds')).toEqual(type)
    expect((await listRelationshipTypes(context, page)).items).toEqual([type])
    expect(await refused(add(context))).toBe('relationship_type_exists')
  })

  const sum = (property: string, leq: number | string) => [{ type: 'property-sum' as const, property, leq }]
  const wrong: [Partial<CreateRelationshipType>, string][] = [
    [{ from: 'none' }, 'unknown_entity_type'],
    [{ to: 'none' }, 'unknown_entity_type'],
    [{ states: ['on', 'on'] }, 'invalid_relationship_type'],
    [{ properties: [...spec.properties, spec.properties[0]!] }, 'invalid_relationship_type'],
    [{ constraints: sum('none', 1) }, 'invalid_relationship_type'],
    [{ constraints: sum('note', 1) }, 'invalid_relationship_type'],
    [{ constraints: sum('units', '{{ to.metrics.none }}') }, 'invalid_relationship_type'],
    [{ constraints: sum('units', '{{ from.properties.country }}') }, 'invalid_relationship_type'],
  ]
  test.for(wrong)('refuses %o', async ([type, code]) => {
    const { context } = await filled()
    expect(await refused(add(context, type))).toBe(code)
  })

  test.for(['viewer', 'member', 'scoped'] as const)('is refused to a %s, and so are changing and deleting', async (role) => {
    const { project, context } = await filled()
    const type = await add(context)
    const rights = role === 'scoped' ? { role: 'owner' as const, cellScopes: ['europe'] } : { role }
    const narrow = await world.inside(project, await world.member(project, rights))
    const codes = [
      await refused(add(narrow, { name: 'x' })),
      await refused(put(narrow)),
      await refused(deleteRelationshipType(narrow, 'feeds')),
    ]
    expect(new Set(codes)).toEqual(new Set([role === 'scoped' ? 'scoped_actor' : 'forbidden']))
    expect(await getRelationshipType(narrow, 'feeds')).toEqual(type)
  })

  test('does not find types of another project', async () => {
    await add((await filled()).context)
    const { context } = await filled()
    expect((await listRelationshipTypes(context, page)).items).toEqual([])
    expect(await refused(getRelationshipType(context, 'feeds'))).toBe('relationship_type_not_found')
    expect(await refused(put(context))).toBe('relationship_type_not_found')
    expect(await refused(deleteRelationshipType(context, 'feeds'))).toBe('relationship_type_not_found')
  })
})

describe('replaceRelationshipType', () => {
  const drops: [string, Partial<PutRelationshipType>][] = [
    ['states', { states: ['off'] }],
    ['properties', { properties: [spec.properties[1]!] }],
    ['from', { from: 'rack' }],
    ['to', { to: 'rack' }],
    ['cardinality', { cardinality: 'many-to-one' }],
    ['cardinality', { cardinality: 'one-to-one' }],
  ]
  test.for(drops)('refuses to change %s while relationships use it', async ([path, type]) => {
    const { context } = await filled()
    await add(context)
    await put(context, type)
    await put(context)
    await link(context, 'berlin', 'paris')
    await link(context, 'berlin', 'nowhere')
    const error = await put(context, type).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'relationship_type_in_use', details: [{ path }] })
    expect(
      await put(context, { properties: [spec.properties[0]!], displayName: 'Feeds', cardinality: 'one-to-many' }),
    ).toMatchObject({
      displayName: 'Feeds',
    })
  })

  test('keeps its name and refuses an older version', async () => {
    const { project, context } = await filled()
    const before = await add(context)
    expect(await refused(put(context, { name: 'other' }))).toBe('invalid_request')
    await put(context, { displayName: 'new' })
    const stale = await world.inside(project, world.root, { ifMatch: versionOf(before) })
    expect(await refused(replaceRelationshipType(stale, 'feeds', PutRelationshipType.parse(spec)))).toBe('precondition_failed')
  })
})

describe('deleteRelationshipType', () => {
  test('is refused while the type has relationships', async () => {
    const { context } = await filled()
    await add(context)
    await link(context, 'berlin', 'paris')
    expect(await refused(deleteRelationshipType(context, 'feeds'))).toBe('relationship_type_in_use')
    await add(context, { name: 'other' })
    expect(await deleteRelationshipType(context, 'other')).toEqual({ deleted: true, name: 'other' })
  })
})

describe('an entity type', () => {
  test('cannot be deleted while a relationship type joins it, nor lose what its limits refer to', async () => {
    const { context } = await filled()
    await add(context, { to: 'rack', constraints: [{ type: 'property-sum', property: 'units', leq: '{{ to.metrics.load }}' }] })
    expect(await refused(deleteEntityType(context, 'rack'))).toBe('entity_type_in_use')
    const without = PutEntityType.parse({ ...site, name: 'rack', metrics: [] })
    expect(await refused(replaceEntityType(context, 'rack', without))).toBe('entity_type_in_use')
    expect((await getEntityType(context, 'rack')).metrics).toHaveLength(1)
  })
})
