import { afterAll, describe, expect, test } from 'vitest'
import { Apply } from '#contract/apply/apply'
import { AuditQuery } from '#contract/audit/events'
import { EntityQuery } from '#contract/data/entities'
import { RelationshipQuery } from '#contract/data/relationships'
import { countRows, sumRowCounts } from '#db/queries/project-rows'
import { listAuditEvents } from '../audit/events.ts'
import { listCatalogRevisions } from './catalog-revisions.ts'
import { addCellMember, listCellMembers } from '../data/cell-members.ts'
import { getCell } from '../catalog/cells.ts'
import { checkProjects } from '../maintenance/check.ts'
import type { ProjectContext } from '../context.ts'
import { getEntity, listEntities, pushMetrics } from '../data/entities.ts'
import { getEntityType } from '../catalog/entity-types.ts'
import { createEnvironment } from '../projects/environments.ts'
import { getRelationshipType } from '../catalog/relationship-types.ts'
import { listRelationships } from '../data/relationships.ts'
import { openWorld, page, refused } from '#test/support/world/world'
import { reading } from '../writing.ts'
import { apply } from './apply.ts'

const world = await openWorld()
afterAll(world.close)

let n = 0
async function empty() {
  const project = await world.project(`p${++n}`)
  return { project, context: await world.inside(project) }
}

type Options = Partial<Omit<Apply, 'items'>> & { env?: string }
const run = (context: ProjectContext, items: object[], { env = 'default', ...options }: Options = {}) =>
  apply(context, env, Apply.parse({ items, ...options }))

/** One document of every kind, dependents before what they depend on. */
const documents = {
  link: { kind: 'Relationship', relationshipType: 'hosts', from: 'berlin', to: 'r1', properties: { units: 4 } },
  berlin: { kind: 'Entity', entityType: 'site', name: 'berlin', properties: { country: 'de' }, labels: { tier: '1' } },
  rack: { kind: 'Entity', entityType: 'rack', name: 'r1', state: 'broken' },
  hosts: {
    kind: 'RelationshipType',
    name: 'hosts',
    from: 'site',
    to: 'rack',
    states: ['on', 'off'],
    properties: [
      { name: 'units', type: 'integer' },
      { name: 'note', type: 'string' },
    ],
  },
  germany: {
    kind: 'Cell',
    name: 'germany',
    entityType: 'site',
    parentCells: ['europe'],
    membership: { derivedFrom: { property: 'country', values: ['de'] } },
  },
  europe: { kind: 'Cell', name: 'europe', entityType: 'site' },
  key: { kind: 'Secret', name: 'key', description: 'of the door' },
  racks: { kind: 'EntityType', name: 'rack', states: ['fine', 'broken'], initialState: 'fine' },
  sites: {
    kind: 'EntityType',
    name: 'site',
    states: ['planned', 'live'],
    initialState: 'planned',
    properties: [
      { name: 'country', type: 'string' },
      { name: 'size', type: 'integer' },
    ],
  },
}
const all = Object.values(documents)

/** Everything that an apply could change. */
async function stateOf(context: ProjectContext) {
  const rows = await sumRowCounts(context.db, reading(context))
  const entities = await listEntities(context, 'default', EntityQuery.parse({}))
  const relationships = await listRelationships(context, 'default', RelationshipQuery.parse({}))
  return { rows, entities: entities.items, relationships: relationships.items, events: await events(context) }
}
const events = async (context: ProjectContext) =>
  (await listAuditEvents(context, AuditQuery.parse({}))).items.filter((event) => event.action === 'catalog.applied')
const names = (some: { kind: string; name: string }[]) => some.map(({ kind, name }) => `${kind} ${name}`).toSorted()

/** Expects counts, membership and rows to agree in every project of this file. */
async function expectExact(context: ProjectContext) {
  for await (const { problems } of checkProjects(world.db)) expect(problems).toEqual([])
  expect(await sumRowCounts(context.db, reading(context))).toEqual(await countRows(context.db, reading(context)))
}

describe('apply', () => {
  test('takes documents in any order, upserts them, and finds them unchanged the second time', async () => {
    const { context } = await empty()
    const first = await run(context, all)
    expect(first).toMatchObject({ failed: [], skipped: [], dryRun: false, revisionId: expect.any(String) })
    expect(names(first.diff.created)).toEqual(names(first.succeeded))
    expect(names(first.succeeded)).toEqual([
      'Cell europe',
      'Cell germany',
      'Entity berlin',
      'Entity r1',
      'EntityType rack',
      'EntityType site',
      'Relationship berlin hosts r1',
      'RelationshipType hosts',
      'Secret key',
    ])
    expect(await getEntity(context, 'default', 'berlin', {})).toMatchObject({
      state: 'planned',
      properties: { country: 'de' },
      labels: { tier: '1' },
      cells: ['europe', 'germany'],
    })
    expect((await stateOf(context)).relationships).toMatchObject([{ state: 'on', properties: { units: 4 } }])
    await expectExact(context)

    const second = await run(context, all.toReversed())
    expect(second).toMatchObject({ failed: [], revisionId: null, diff: { created: [], updated: [], deleted: [] } })
    expect(names(second.diff.unchanged)).toEqual(names(first.succeeded))
    expect(await events(context)).toHaveLength(1)
    expect((await listCatalogRevisions(context, page)).items).toHaveLength(1)
  })

  test('names each updated field and moves the entity to its new cells', async () => {
    const { context } = await empty()
    await run(context, all)
    const { diff, revisionId } = await run(context, [
      { ...documents.berlin, properties: { country: 'fr' }, state: 'live' },
      { ...documents.link, state: 'off' },
    ])
    expect(diff.updated).toEqual([
      {
        kind: 'Entity',
        name: 'berlin',
        changes: {
          state: { before: 'planned', after: 'live' },
          properties: { before: { country: 'de' }, after: { country: 'fr' } },
        },
      },
      { kind: 'Relationship', name: 'berlin hosts r1', changes: { state: { before: 'on', after: 'off' } } },
    ])
    expect(revisionId).toBeNull()
    expect((await getEntity(context, 'default', 'berlin', {})).cells).toEqual([])
    expect((await listCatalogRevisions(context, page)).items).toHaveLength(1)
    await expectExact(context)
  })

  test('keeps a state and pushed metrics that a document does not mention', async () => {
    const { context } = await empty()
    await run(context, all)
    await run(context, [{ ...documents.berlin, state: 'live' }])
    const { diff } = await run(context, [documents.berlin])
    expect(names(diff.unchanged)).toEqual(['Entity berlin'])
  })

  test('accepts the envelope and the flat form alike', async () => {
    const { context } = await empty()
    const envelope = ({ kind, name, ...spec }: { kind: string; name?: string }) => ({
      apiVersion: 'terrantula.io/v1',
      kind,
      metadata: { ...(name !== undefined && { name }) },
      spec,
    })
    expect((await run(context, all.map(envelope))).failed).toEqual([])
    expect(await run(context, all)).toMatchObject({ failed: [], diff: { created: [], updated: [] } })
  })

  test('judges each item separately and names the invalid field', async () => {
    const { context } = await empty()
    const wrong: [object, { kind: string; name: string; path: string }][] = [
      [
        { kind: 'Action', name: 'a' },
        { kind: 'Action', name: 'a', path: 'kind' },
      ],
      [
        { kind: 'constructor', name: 'a' },
        { kind: 'constructor', name: 'a', path: 'kind' },
      ],
      [{ name: 'a' }, { kind: '', name: 'a', path: 'kind' }],
      [
        { kind: 'Secret', name: 's', value: 'x' },
        { kind: 'Secret', name: 's', path: 'value' },
      ],
      [
        { kind: 'EntityType', name: 't', states: ['a'] },
        { kind: 'EntityType', name: 't', path: 'initialState' },
      ],
      [
        { kind: 'EntityType', name: 't', states: ['a'], initialState: 'b' },
        { kind: 'EntityType', name: 't', path: 'initialState' },
      ],
      [
        { kind: 'Cell', name: 'c', entityType: 'none' },
        { kind: 'Cell', name: 'c', path: 'entityType' },
      ],
      [
        { kind: 'Cell', name: 'd', entityType: 'site', parentCells: ['none'] },
        { kind: 'Cell', name: 'd', path: 'parentCells' },
      ],
      [
        { ...documents.hosts, name: 'h', to: 'none' },
        { kind: 'RelationshipType', name: 'h', path: 'to' },
      ],
      [
        { ...documents.berlin, name: 'e', entityType: 'none' },
        { kind: 'Entity', name: 'e', path: 'entityType' },
      ],
      [
        { ...documents.berlin, name: 'f', state: 'none' },
        { kind: 'Entity', name: 'f', path: 'state' },
      ],
      [
        { ...documents.berlin, name: 'g', properties: { size: 'x' } },
        { kind: 'Entity', name: 'g', path: 'properties.size' },
      ],
      [
        { ...documents.link, to: 'none' },
        { kind: 'Relationship', name: 'berlin hosts none', path: 'to' },
      ],
      [
        { ...documents.link, from: 'r1' },
        { kind: 'Relationship', name: 'r1 hosts r1', path: 'from' },
      ],
      [
        { ...documents.link, relationshipType: 'none' },
        { kind: 'Relationship', name: 'berlin none r1', path: 'relationshipType' },
      ],
      [documents.europe, { kind: 'Cell', name: 'europe', path: 'name' }],
    ]
    const { failed, succeeded } = await run(context, [...all, ...wrong.map(([document]) => document)])
    const byIndex = failed.toSorted((a, b) => a.index! - b.index!)
    expect(byIndex).toEqual(wrong.map(([, where], i) => ({ ...where, index: all.length + i, error: expect.any(String) })))
    expect(succeeded).toHaveLength(all.length)
    await expectExact(context)
  })

  test('refuses only a cycle in the hierarchy, new or closed by one document', async () => {
    const { context } = await empty()
    const cell = (name: string, ...parentCells: string[]) => ({ kind: 'Cell', name, entityType: 'site', parentCells })
    const { failed } = await run(context, [
      documents.sites,
      cell('a', 'b'),
      cell('b', 'c'),
      cell('c', 'a'),
      cell('top'),
      cell('low', 'top'),
    ])
    expect(failed.map(({ name, path }) => `${name} ${path}`).toSorted()).toEqual([
      'a parentCells',
      'b parentCells',
      'c parentCells',
    ])
    expect(failed.every(({ error }) => /above it/.test(error))).toBe(true)
    const closing = await run(context, [cell('top', 'low')])
    expect(closing.failed).toMatchObject([{ index: 0, name: 'top', path: 'parentCells' }])
    expect((await run(context, [cell('top', 'low'), cell('low')])).failed).toEqual([])
    expect(await getCell(context, 'top')).toMatchObject({ parentCells: ['low'] })
    await expectExact(context)
  })

  test('treats a relationship given by name and by id as the same', async () => {
    const { context } = await empty()
    await run(context, all)
    const { id } = await getEntity(context, 'default', 'berlin', {})
    expect((await run(context, [{ ...documents.link, from: id.toUpperCase() }])).diff.unchanged).toHaveLength(1)
    const { failed } = await run(context, [documents.link, { ...documents.link, from: id }])
    expect(failed).toMatchObject([{ index: 1, path: 'from' }])
  })

  test('refuses items that break a cardinality or a limit, and writes the rest', async () => {
    const { context } = await empty()
    const single = { ...documents.hosts, cardinality: 'one-to-one' }
    const racks = Array.from({ length: 8 }, (_, i) => ({ kind: 'Entity', entityType: 'rack', name: `x${i}` }))
    const sites = Array.from({ length: 8 }, (_, i) => ({ kind: 'Entity', entityType: 'site', name: `s${i}` }))
    const links = racks.map(({ name }, i) => ({ ...documents.link, from: i === 5 ? 's0' : `s${i}`, to: name }))
    const items = [
      ...all.filter((item) => item !== documents.hosts && item !== documents.link),
      single,
      ...racks,
      ...sites,
      ...links,
    ]
    const { failed, diff } = await run(context, items)
    expect(failed).toMatchObject([{ kind: 'Relationship', name: 's0 hosts x5', index: items.length - 3 }])
    expect(diff.created.filter(({ kind }) => kind === 'Relationship')).toHaveLength(7)
    await expectExact(context)
  })

  test('accepts as many items as a cell has room for', async () => {
    const { context } = await empty()
    const type = { ...documents.sites, metrics: [{ name: 'load' }] }
    const cell = { ...documents.europe, constraints: [{ metric: 'load', aggregate: 'sum', max: 10 }] }
    const sites = (country: string) =>
      Array.from({ length: 6 }, (_, i) => ({ ...documents.berlin, name: `s${i}`, properties: { country } }))
    await run(context, [type, cell, documents.germany, ...sites('it')])
    for (const { name } of sites('it')) await pushMetrics(context, 'default', name, {}, { metrics: { load: 3 } })
    const { failed, diff } = await run(context, [...sites('de'), { ...documents.berlin, name: 'light' }])
    expect(failed.map(({ name, index }) => [name, index])).toEqual([
      ['s3', 3],
      ['s4', 4],
      ['s5', 5],
    ])
    expect(names([...diff.updated, ...diff.created])).toEqual(['Entity light', 'Entity s0', 'Entity s1', 'Entity s2'])
    expect((await listCellMembers(context, 'europe', { env: 'default', ...page })).items).toHaveLength(4)
    await expectExact(context)
  })

  test('returns the same diff as a dry run and changes nothing', async () => {
    const { context } = await empty()
    await run(context, all)
    const before = await stateOf(context)
    const items = [
      { ...documents.berlin, properties: { country: 'fr' } },
      { ...documents.europe, displayName: 'Europe' },
      { ...documents.rack, name: 'r2' },
      { kind: 'Entity', entityType: 'none', name: 'x' },
    ]
    const dry = await run(context, items, { dryRun: true })
    expect(await stateOf(context)).toEqual(before)
    expect(await getCell(context, 'europe')).toMatchObject({ displayName: 'europe' })
    expect((await listCatalogRevisions(context, page)).items).toHaveLength(1)
    const { revisionId, ...wet } = await run(context, items)
    expect(revisionId).toEqual(expect.any(String))
    expect({ ...wet, dryRun: true, revisionId: null }).toEqual(dry)
    expect(dry.diff.updated).toHaveLength(2)
    const away = { deletions: [{ kind: 'Secret' as const, name: 'key' }] }
    expect(names((await run(context, [], { ...away, dryRun: true })).diff.deleted)).toEqual(['Secret key'])
    expect(names((await run(context, [], away)).diff.deleted)).toEqual(['Secret key'])
  })

  const fewer = [
    { what: 'a state that entities are in', item: { ...documents.racks, states: ['fine'] }, path: 'items.0.states' },
    {
      what: 'a property with values',
      item: { ...documents.sites, properties: [{ name: 'size', type: 'integer' }] },
      path: 'items.0.properties',
    },
    { what: 'a state that relationships are in', item: { ...documents.hosts, states: ['off'] }, path: 'items.0.states' },
    { what: 'a property of relationships with values', item: { ...documents.hosts, properties: [] }, path: 'items.0.properties' },
  ]
  test.for(fewer)('refuses as a whole to drop $what unless forced', async ({ item, path }) => {
    const { context } = await empty()
    await run(context, [...all.filter((one) => one !== documents.germany), { ...documents.germany, membership: undefined }])
    const before = await stateOf(context)
    const items = [item, { ...documents.rack, name: 'r2', state: 'fine' }]
    for (const dryRun of [true, false]) {
      const error = await run(context, items, { dryRun }).catch((caught: unknown) => caught)
      expect(error).toMatchObject({ code: 'destructive_change', details: [{ path }] })
    }
    expect(await stateOf(context)).toEqual(before)
    expect((await run(context, items, { force: true, dryRun: true })).diff.updated).toHaveLength(1)
    expect(await stateOf(context)).toEqual(before)
    expect((await run(context, items, { force: true })).failed).toEqual([])
    await expectExact(context)
  })

  test('when forced, moves rows out of a dropped state and removes dropped values', async () => {
    const { context } = await empty()
    await run(context, all)
    await run(
      context,
      [
        { ...documents.racks, states: ['fine'] },
        { ...documents.hosts, states: ['off'], properties: [] },
      ],
      { force: true },
    )
    expect((await getEntity(context, 'default', 'r1', {})).state).toBe('fine')
    expect((await stateOf(context)).relationships).toMatchObject([{ state: 'off', properties: {} }])
    const { properties: _, ...unplaced } = documents.sites
    const { membership: __, ...explicit } = documents.germany
    expect((await run(context, [unplaced, explicit], { force: true })).failed).toEqual([])
    expect(await getEntity(context, 'default', 'berlin', {})).toMatchObject({ properties: {}, cells: [] })
    await expectExact(context)
  })

  test('refuses to change the type of a property with values; when forced, the values go and the cells derived from them become empty', async () => {
    const { context } = await empty()
    const { sites: site } = documents
    const retyped = (type: string) => ({ ...site, properties: [{ name: 'country', type }, ...site.properties.slice(1)] })
    const germany = {
      kind: 'Cell',
      name: 'germany',
      entityType: 'site',
      membership: { derivedFrom: { property: 'country', values: ['1'] } },
    }
    await run(context, [site, germany, { ...germany, name: 'europe', membership: undefined }])
    await run(context, [
      { ...germany, parentCells: ['europe'] },
      { kind: 'Entity', entityType: 'site', name: 'berlin', properties: { country: '1' } },
    ])
    expect((await getEntity(context, 'default', 'berlin', {})).cells).toEqual(['europe', 'germany'])
    await expect(run(context, [retyped('integer')])).rejects.toMatchObject({
      code: 'destructive_change',
      details: [{ path: 'items.0.properties', message: expect.stringContaining('must not change the type of country') }],
    })
    await run(context, [retyped('integer')], { force: true })
    expect(await getEntity(context, 'default', 'berlin', {})).toMatchObject({ properties: {}, cells: [] })
    await expectExact(context)
    await run(context, [{ kind: 'Entity', entityType: 'site', name: 'berlin', properties: { country: 1 } }])
    expect(await run(context, [retyped('number')])).toMatchObject({ failed: [] })
    expect(await getEntity(context, 'default', 'berlin', {})).toMatchObject({
      properties: { country: 1 },
      cells: ['europe', 'germany'],
    })
  })

  test('drops unused parts without force', async () => {
    const { context } = await empty()
    await run(context, all)
    const lean = { ...documents.sites, states: ['planned'], properties: [{ name: 'country', type: 'string' }] }
    expect(await run(context, [lean])).toMatchObject({ failed: [], diff: { updated: [{ name: 'site' }] } })
  })

  test('refuses to drop from a type what a cell or a relationship type depends on', async () => {
    const { context } = await empty()
    await run(context, all)
    const { properties: _, ...bare } = documents.sites
    const alone = await run(context, [bare], { force: true })
    expect(alone.failed).toMatchObject([{ kind: 'EntityType', name: 'site', index: 0, path: 'properties' }])
    const withWrongCell = await run(context, [bare, { ...documents.germany, parentCells: ['none'] }], { force: true })
    expect(names(withWrongCell.failed)).toContain('EntityType site')
    expect((await getEntityType(context, 'site')).properties).toHaveLength(2)
    await expectExact(context)
  })

  test('an item that conflicts with existing data fails alone, even when forced', async () => {
    const { context } = await empty()
    await run(context, [...all, { ...documents.rack, name: 'r2' }, { ...documents.link, to: 'r2' }])
    await addCellMember(context, {
      envName: 'default',
      name: 'europe',
      entityId: (await getEntity(context, 'default', 'berlin', {})).id,
    })
    const items = [
      { ...documents.hosts, cardinality: 'one-to-one' },
      { ...documents.europe, membership: documents.germany.membership },
      { ...documents.rack, name: 'r3' },
    ]
    const { failed, diff } = await run(context, items, { force: true })
    expect(failed).toMatchObject([
      { kind: 'RelationshipType', name: 'hosts', index: 0, path: 'cardinality' },
      { kind: 'Cell', name: 'europe', index: 1, path: 'membership' },
    ])
    expect(diff).toMatchObject({ created: [{ name: 'r3' }], updated: [] })
    expect((await getRelationshipType(context, 'hosts')).cardinality).toBe('many-to-many')
    expect((await getCell(context, 'europe')).membership).toBeUndefined()
    await expectExact(context)
  })

  test('deletes in dependency order, whatever order is given', async () => {
    const { context } = await empty()
    await run(
      context,
      all.filter(({ kind }) => kind !== 'Entity' && kind !== 'Relationship'),
    )
    const deletions = Apply.shape.deletions.parse([
      { kind: 'EntityType', name: 'site' },
      { kind: 'EntityType', name: 'rack' },
      { kind: 'Cell', name: 'europe' },
      { kind: 'Cell', name: 'germany' },
      { kind: 'Secret', name: 'key' },
      { kind: 'RelationshipType', name: 'hosts' },
      { kind: 'Secret', name: 'key' },
    ])
    const { failed, diff } = await run(context, [], { deletions })
    expect(failed).toEqual([])
    expect(diff.deleted).toHaveLength(6)
    const { catalog_revisions: revisions, ...rows } = await sumRowCounts(context.db, reading(context))
    expect([revisions, ...new Set(Object.values(rows))]).toEqual([2, 0])
    await expectExact(context)
  })

  test('keeps what is in use and its dependencies, and deletes the rest', async () => {
    const { context } = await empty()
    await run(context, all)
    const { failed, diff } = await run(context, [], {
      deletions: [
        { kind: 'EntityType', name: 'site' },
        { kind: 'RelationshipType', name: 'hosts' },
        { kind: 'Cell', name: 'europe' },
        { kind: 'Secret', name: 'none' },
        { kind: 'Secret', name: 'key' },
      ],
    })
    expect(names(failed)).toEqual(['Cell europe', 'EntityType site', 'RelationshipType hosts', 'Secret none'])
    expect(names(diff.deleted)).toEqual(['Secret key'])
    await expectExact(context)
  })

  test('deletes a cell and removes its members from the cells above', async () => {
    const { context } = await empty()
    await run(context, all)
    await run(context, [], { deletions: [{ kind: 'Cell', name: 'germany' }] })
    expect((await listCellMembers(context, 'europe', { env: 'default', ...page })).items).toEqual([])
    await expectExact(context)
  })

  test('skips all deletions when an item failed', async () => {
    const { context } = await empty()
    await run(context, all)
    const result = await run(context, [{ kind: 'Nothing' }], { deletions: [{ kind: 'Secret', name: 'key' }] })
    expect(result).toMatchObject({ failed: [{ index: 0 }], skipped: [{ kind: 'Secret', name: 'key' }], diff: { deleted: [] } })
  })

  test('keeps environments apart', async () => {
    const { context } = await empty()
    await createEnvironment(context, { name: 'staging' })
    await run(context, all)
    const { diff, failed } = await run(context, [documents.berlin, documents.link], { env: 'staging' })
    expect(names(diff.created)).toEqual(['Entity berlin'])
    expect(failed).toMatchObject([{ kind: 'Relationship', path: 'to' }])
    expect(await refused(run(context, [], { env: 'none' }))).toBe('environment_not_found')
  })

  test('writes one audit event, without documents', async () => {
    const { context } = await empty()
    const { revisionId } = await run(context, [...all, { kind: 'Nothing' }])
    const [event, ...rest] = await events(context)
    expect(rest).toEqual([])
    expect(event).toMatchObject({ after: { created: 9, updated: 0, unchanged: 0, deleted: 0, failed: 1, revisionId } })
  })

  test('twenty at once create each entity once and report the outcome', async () => {
    const { context } = await empty()
    await run(context, all)
    const items = Array.from({ length: 5 }, (_, i) => ({ kind: 'Entity', entityType: 'rack', name: `x${i}` }))
    const results = await Promise.all(Array.from({ length: 20 }, () => run(context, items)))
    const created = results.flatMap(({ diff }) => diff.created.map(({ name }) => name))
    expect(created.toSorted()).toEqual(items.map(({ name }) => name))
    await expectExact(context)
  })

  test.for(['viewer', 'member', 'scoped', 'confined'] as const)('is refused to a %s', async (role) => {
    const { project, context } = await empty()
    await run(context, all)
    const rights = {
      viewer: { role: 'viewer' as const },
      member: { role: 'member' as const },
      scoped: { role: 'owner' as const, cellScopes: ['europe'] },
      confined: { role: 'owner' as const, envName: 'default' },
    }[role]
    const narrow = await world.inside(project, await world.member(project, rights))
    const code = role === 'scoped' || role === 'confined' ? 'scoped_actor' : 'forbidden'
    expect(await refused(run(narrow, [documents.rack]))).toBe(code)
    expect(await refused(run(narrow, [documents.rack], { dryRun: true }))).toBe(code)
  })

  test('sees nothing of another project', async () => {
    const { context } = await empty()
    await run(context, all)
    const other = await empty()
    const { failed } = await run(other.context, [documents.berlin, documents.link, documents.germany])
    expect(failed).toHaveLength(3)
    expect((await run(other.context, [], { deletions: [{ kind: 'Secret', name: 'key' }] })).failed).toHaveLength(1)
    expect((await run(other.context, all)).diff.created).toHaveLength(9)
    expect(await run(context, all)).toMatchObject({ diff: { created: [], updated: [] } })
  })
})
