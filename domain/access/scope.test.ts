import { afterAll, describe, expect, test } from 'vitest'
import { EntityQuery, UpdateEntity } from '#contract/data/entities'
import { addCellMember, listCellMembers } from '../data/cell-members.ts'
import type { ProjectContext } from '../context.ts'
import { deleteEntity, getEntity, listEntities, updateEntity } from '../data/entities.ts'
import { createEnvironment } from '../projects/environments.ts'
import { getStats, previewScope } from '../projects/stats.ts'
import { addCell, addEntity, fill } from '#test/support/world/catalog'
import { openWorld, page, refused } from '#test/support/world/world'

const world = await openWorld()
afterAll(world.close)

let n = 0
async function filled() {
  const project = await world.project(`p${++n}`)
  const context = await world.inside(project)
  const { berlin, paris, nowhere } = await fill(context)
  await createEnvironment(context, { name: 'staging' })
  await addEntity(context, 'staged', { env: 'staging', properties: { country: 'de' } })
  await addCell(context, 'capitals', { parentCells: ['germany'] })
  await addCellMember(context, { envName: 'default', name: 'capitals', entityId: berlin.id })
  const narrow = async (rights: Parameters<typeof world.member>[1]) => world.inside(project, await world.member(project, rights))
  return { project, context, berlin, paris, nowhere, narrow }
}
const list = async (context: ProjectContext, env = 'default') => (await listEntities(context, env, EntityQuery.parse({}))).items
const names = async (...given: Parameters<typeof list>) => (await list(...given)).map((entity) => entity.name)
const change = (patch: Partial<UpdateEntity>) => UpdateEntity.parse(patch)

/** A shared project for the tests that only read. */
const shown = await filled()

describe('a cell scope reads', () => {
  const table: [string[] | null, string[], number][] = [
    [null, ['berlin', 'paris', 'nowhere'], 4],
    [[], [], 0],
    [['europe'], ['berlin', 'paris'], 3],
    [['germany'], ['berlin'], 2],
    [['capitals'], ['berlin'], 1],
    [['germany', 'france'], ['berlin', 'paris'], 3],
    [['vip'], [], 0],
    [['not in the catalog'], [], 0],
    [['Europe'], [], 0],
  ]
  test.for(table)('%j: %j, in lists, reads and counts alike', async ([cellScopes, visible, everywhere]) => {
    const { berlin, paris, nowhere, narrow, context } = shown
    const seeing = await narrow({ cellScopes })
    expect(await names(seeing)).toEqual(visible)
    for (const entity of [berlin, paris, nowhere]) {
      const read = getEntity(seeing, 'default', entity.id, {}).then((one) => one.id)
      const expected = visible.includes(entity.name) ? entity.id : 'entity_not_found'
      expect(await read.catch(() => refused(read))).toBe(expected)
    }
    const stats = await getStats(seeing)
    expect(stats.entities).toBe(everywhere)
    expect(stats.environments).toEqual([
      { name: 'default', entities: visible.length },
      { name: 'staging', entities: everywhere - visible.length },
    ])
    expect((await listCellMembers(seeing, 'europe', { env: 'default', ...page })).items.map((entity) => entity.name)).toEqual(
      visible.filter((name) => name !== 'nowhere'),
    )
    const preview = { cells: cellScopes === null ? undefined : JSON.stringify(cellScopes), env: undefined }
    expect(await previewScope(context, preview)).toEqual({ visible: everywhere, total: 4 })
    expect((await previewScope(context, { ...preview, env: 'staging' })).visible).toBe(everywhere - visible.length)
  })

  test('only the cells of an entity that it contains', async () => {
    const { narrow, context } = shown
    expect((await getEntity(context, 'default', 'berlin', {})).cells).toEqual(['capitals', 'europe', 'germany'])
    expect((await getEntity(await narrow({ cellScopes: ['germany'] }), 'default', 'berlin', {})).cells).toEqual([
      'capitals',
      'germany',
    ])
    expect((await list(await narrow({ cellScopes: ['capitals'] })))[0]?.cells).toEqual(['capitals'])
  })

  test('only the counts of its own cells, and no table’s count', async () => {
    const { narrow, context } = shown
    const byCell = async (of: ProjectContext) =>
      Object.fromEntries((await getStats(of)).cells.map((cell) => [cell.name, cell.entities]))
    expect(await byCell(context)).toEqual({ capitals: 1, europe: 3, france: 1, germany: 2, vip: 0 })
    expect(await byCell(await narrow({ cellScopes: ['germany'] }))).toEqual({
      capitals: 1,
      europe: 0,
      france: 0,
      germany: 2,
      vip: 0,
    })
    expect((await getStats(await narrow({ cellScopes: ['germany'] }))).tables).toEqual({ entity_types: 1, cells: 5, entities: 2 })
    expect((await getStats(context)).tables).toMatchObject({ effective_cell_members: 7, entities: 4 })
  })
})

describe('a cell scope writes', () => {
  test('what it reads and nothing else: 403 for what is there, 404 for what is not', async () => {
    const { narrow, context, paris, nowhere } = await filled()
    const writer = await narrow({ cellScopes: ['germany'] })
    expect(await updateEntity(writer, 'default', 'berlin', {}, change({ state: 'live' }))).toMatchObject({
      state: 'live',
      cells: ['capitals', 'germany'],
    })
    for (const { id } of [paris, nowhere]) {
      expect(await refused(updateEntity(writer, 'default', id, {}, change({ state: 'live' })))).toBe('out_of_scope')
      expect(await refused(deleteEntity(writer, 'default', id, {}))).toBe('out_of_scope')
    }
    expect(await refused(updateEntity(writer, 'default', 'unknown', {}, change({})))).toBe('entity_not_found')
    expect(await deleteEntity(writer, 'default', 'berlin', {})).toMatchObject({ deleted: true })
    expect((await list(context)).map((entity) => [entity.name, entity.state])).toEqual([
      ['paris', 'planned'],
      ['nowhere', 'planned'],
    ])
  })

  test('only what stays visible: it neither creates nor moves an entity out of its cells', async () => {
    const { narrow, context } = await filled()
    const writer = await narrow({ cellScopes: ['germany'] })
    expect(await addEntity(writer, 'munich', { properties: { country: 'de' } })).toMatchObject({ cells: ['germany'] })
    expect(await refused(addEntity(writer, 'lyon', { properties: { country: 'fr' } }))).toBe('out_of_scope')
    expect(await refused(addEntity(writer, 'adrift'))).toBe('out_of_scope')
    expect(await refused(updateEntity(writer, 'default', 'munich', {}, change({ properties: { country: 'fr' } })))).toBe(
      'out_of_scope',
    )
    expect(await names(context)).toEqual(['berlin', 'paris', 'nowhere', 'munich'])
    expect((await getEntity(context, 'default', 'munich', {})).cells).toEqual(['europe', 'germany'])
  })

  test('nothing when it is empty', async () => {
    const { narrow } = await filled()
    const writer = await narrow({ cellScopes: [] })
    expect(await refused(addEntity(writer, 'munich', { properties: { country: 'de' } }))).toBe('out_of_scope')
    expect(await refused(deleteEntity(writer, 'default', 'berlin', {}))).toBe('out_of_scope')
  })
})

describe('an environment scope', () => {
  test('reads only its own environment: another returns 404 to reads and 403 to writes', async () => {
    const { narrow } = await filled()
    const staging = await narrow({ envName: 'staging' })
    expect(await names(staging, 'staging')).toEqual(['staged'])
    expect(await refused(list(staging, 'default'))).toBe('environment_not_found')
    expect(await refused(getEntity(staging, 'default', 'berlin', {}))).toBe('environment_not_found')
    expect(await refused(listCellMembers(staging, 'europe', { env: 'default', ...page }))).toBe('environment_not_found')
    expect(await refused(addEntity(staging, 'x'))).toBe('out_of_scope')
    expect(await refused(updateEntity(staging, 'default', 'berlin', {}, change({})))).toBe('out_of_scope')
    expect(await refused(deleteEntity(staging, 'default', 'berlin', {}))).toBe('out_of_scope')
    expect(await refused(list(staging, 'unknown'))).toBe('environment_not_found')
    expect(await refused(addEntity(staging, 'x', { env: 'unknown' }))).toBe('environment_not_found')
    expect(await addEntity(staging, 'x', { env: 'staging' })).toMatchObject({ envName: 'staging' })
  })

  test('counts only its own environment', async () => {
    const { narrow } = shown
    const stats = await getStats(await narrow({ envName: 'staging' }))
    expect(stats).toMatchObject({ entities: 1, environments: [{ name: 'staging', entities: 1 }], tables: { entities: 1 } })
    expect(stats.cells.map((cell) => cell.entities)).toEqual([0, 1, 0, 1, 0])
  })

  test('combines with a cell scope', async () => {
    const { narrow } = shown
    const both = await narrow({ envName: 'staging', cellScopes: ['france'] })
    expect(await names(both, 'staging')).toEqual([])
    expect((await getStats(both)).entities).toBe(0)
    expect(await refused(deleteEntity(both, 'staging', 'staged', {}))).toBe('out_of_scope')
  })
})

describe('previewScope', () => {
  test('is for callers who manage members, and parses its list strictly', async () => {
    const { narrow, context } = shown
    const preview = (of: ProjectContext, cells: string) => refused(previewScope(of, { cells, env: undefined }))
    expect(await preview(await narrow({ role: 'member' }), '[]')).toBe('forbidden')
    expect(await preview(await narrow({ role: 'admin', cellScopes: ['germany'] }), '[]')).toBe('scoped_actor')
    for (const cells of ['germany', '{}', '["a","a"]', '[1]', '[']) expect(await preview(context, cells)).toBe('invalid_request')
  })
})
