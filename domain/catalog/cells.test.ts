import { afterAll, describe, expect, test } from 'vitest'
import { PutCell } from '#contract/catalog/cells'
import { addCellMember, listCellMembers, removeCellMember } from '../data/cell-members.ts'
import { createCell, deleteCell, getCell, listCells, replaceCell } from './cells.ts'
import type { ProjectContext } from '../context.ts'
import { updateEntity } from '../data/entities.ts'
import { createEnvironment } from '../projects/environments.ts'
import { addCell, addEntity, addType, fill } from '#test/support/world/catalog'
import { openWorld, page, refused } from '#test/support/world/world'
import { versionOf } from '../versions.ts'

const world = await openWorld()
afterAll(world.close)

let n = 0
async function filled() {
  const project = await world.project(`p${++n}`)
  const context = await world.inside(project)
  return { project, context, ...(await fill(context)) }
}
const put = (context: ProjectContext, name: string, { derived, ...cell }: Partial<PutCell> & { derived?: string[] } = {}) =>
  replaceCell(
    context,
    name,
    PutCell.parse({
      entityType: 'site',
      membership: derived && { derivedFrom: { property: 'country', values: derived } },
      ...cell,
    }),
  )
/** The names of the entities that a cell contains. */
const within = async (context: ProjectContext, cell: string, env = 'default') =>
  (await listCellMembers(context, cell, { env, ...page })).items.map((entity) => entity.name).toSorted()

describe('createCell', () => {
  test('returns what was given and includes matching entities at once', async () => {
    const { context } = await filled()
    const cell = await addCell(context, 'dach', {
      parentCells: ['europe'],
      derived: ['de', 'at', 'ch'],
      constraints: [{ metric: 'load', aggregate: 'sum', max: 5 }],
    })
    expect(cell).toEqual({
      kind: 'Cell',
      name: 'dach',
      displayName: 'dach',
      entityType: 'site',
      placementPolicy: 'least-loaded',
      parentCells: ['europe'],
      constraints: [{ metric: 'load', aggregate: 'sum', max: 5 }],
      membership: { derivedFrom: { property: 'country', values: ['de', 'at', 'ch'] } },
      createdAt: cell.updatedAt,
      updatedAt: expect.any(String),
    })
    expect(await getCell(context, 'dach')).toEqual(cell)
    expect(await within(context, 'dach')).toEqual(['berlin'])
  })

  test('without values matches the cell’s own name', async () => {
    const { context } = await filled()
    await createCell(context, {
      ...(await getCell(context, 'vip')),
      name: 'fr',
      displayName: undefined,
      membership: { derivedFrom: { property: 'country' } },
    })
    expect(await within(context, 'fr')).toEqual(['paris'])
  })

  const wrong: [Parameters<typeof addCell>[2], string][] = [
    [{ entityType: 'unknown' }, 'unknown_entity_type'],
    [{ membership: { derivedFrom: { property: 'unknown' } } }, 'invalid_membership'],
    [{ constraints: [{ metric: 'unknown', aggregate: 'sum', max: 1 }] }, 'invalid_request'],
    [{ parentCells: ['unknown'] }, 'parent_cell_not_found'],
    [{ parentCells: ['new'] }, 'cell_cycle'],
    [{ entityType: 'rack', parentCells: ['europe'] }, 'invalid_parent'],
  ]
  test.for(wrong)('refuses %o', async ([cell, code]) => {
    const { context } = await filled()
    await addType(context, { name: 'rack', properties: [] })
    expect(await refused(addCell(context, 'new', cell))).toBe(code)
    expect(await refused(getCell(context, 'new'))).toBe('cell_not_found')
  })

  test('refuses a name that is taken', async () => {
    const { context } = await filled()
    expect(await refused(addCell(context, 'europe'))).toBe('cell_exists')
  })

  test.for(['viewer', 'member', 'scoped'] as const)('is refused to a %s, and so are changing and deleting', async (role) => {
    const { project } = await filled()
    const rights = role === 'scoped' ? { role: 'owner' as const, cellScopes: ['europe'] } : { role }
    const context = await world.inside(project, await world.member(project, rights))
    const codes = [
      await refused(addCell(context, 'x')),
      await refused(put(context, 'vip')),
      await refused(deleteCell(context, 'vip')),
    ]
    expect(new Set(codes)).toEqual(new Set([role === 'scoped' ? 'scoped_actor' : 'forbidden']))
  })

  test('does not find cells of another project', async () => {
    const { berlin } = await filled()
    const context = await world.inside(await world.project(`p${++n}`))
    expect((await listCells(context, page)).items).toEqual([])
    expect(await refused(getCell(context, 'europe'))).toBe('cell_not_found')
    expect(await refused(put(context, 'europe'))).toBe('cell_not_found')
    expect(await refused(deleteCell(context, 'vip'))).toBe('cell_not_found')
    expect(await refused(listCellMembers(context, 'europe', { env: 'default', ...page }))).toBe('cell_not_found')
    expect(await refused(addCellMember(context, { envName: 'default', name: 'vip', entityId: berlin.id }))).toBe(
      'entity_not_found',
    )
  })
})

describe('listCells', () => {
  test('pages through each cell once', async () => {
    const { context } = await filled()
    const seen: string[] = []
    for (let cursor: string | null | undefined; cursor !== null;) {
      const { items, next } = await listCells(context, { limit: 1, cursor })
      seen.push(...items.map((cell) => cell.name))
      cursor = next
    }
    expect(seen).toEqual(['europe', 'germany', 'france', 'vip'])
  })
})

describe('the hierarchy', () => {
  test('a cell contains what the cells below it contain, and changes take effect at once', async () => {
    const { context, berlin } = await filled()
    expect(await within(context, 'europe')).toEqual(['berlin', 'paris'])
    await addCell(context, 'world')
    await put(context, 'europe', { parentCells: ['world'] })
    expect(await within(context, 'world')).toEqual(['berlin', 'paris'])
    await put(context, 'france', { derived: ['fr'] })
    expect(await within(context, 'world')).toEqual(['berlin'])
    await put(context, 'germany', { parentCells: ['europe'], derived: ['fr'] })
    expect(await within(context, 'world')).toEqual(['paris'])
    await updateEntity(context, 'default', berlin.id, {}, { properties: { country: 'fr' }, state: undefined, labels: undefined })
    expect(await within(context, 'world')).toEqual(['berlin', 'paris'])
    await deleteCell(context, 'germany')
    expect(await within(context, 'world')).toEqual([])
  })

  test('a diamond holds each entity once', async () => {
    const { context } = await filled()
    await addCell(context, 'north', { parentCells: ['europe'] })
    await put(context, 'germany', { parentCells: ['europe', 'north'], derived: ['de'] })
    expect(await within(context, 'europe')).toEqual(['berlin', 'paris'])
    await put(context, 'germany', { parentCells: ['north'], derived: ['de'] })
    expect(await within(context, 'europe')).toEqual(['berlin', 'paris'])
    await put(context, 'north', {})
    expect(await within(context, 'europe')).toEqual(['paris'])
  })

  test.for([['germany'], ['europe'], ['a', 'germany'], ['deep']])(
    'refuses %s as parents of europe: a cell cannot be above itself',
    async (parentCells) => {
      const { context } = await filled()
      await addCell(context, 'a')
      await addCell(context, 'deep', { parentCells: ['germany'] })
      expect(await refused(put(context, 'europe', { parentCells }))).toBe('cell_cycle')
      expect((await getCell(context, 'europe')).parentCells).toEqual([])
    },
  )

  test('a cell that is a parent cannot be deleted', async () => {
    const { context } = await filled()
    expect(await refused(deleteCell(context, 'europe'))).toBe('cell_in_use')
    await deleteCell(context, 'germany')
    await deleteCell(context, 'france')
    expect(await deleteCell(context, 'europe')).toEqual({ deleted: true, name: 'europe' })
  })
})

describe('replaceCell', () => {
  test('keeps name and entity type, and refuses an older version', async () => {
    const { project, context } = await filled()
    const before = await getCell(context, 'vip')
    await addType(context, { name: 'rack', properties: [] })
    expect(await refused(put(context, 'vip', { entityType: 'rack' }))).toBe('cell_in_use')
    expect(await refused(put(context, 'vip', { name: 'other' }))).toBe('invalid_request')
    expect(await put(context, 'vip', { displayName: 'Very important' })).toMatchObject({
      displayName: 'Very important',
      createdAt: before.createdAt,
    })
    const stale = await world.inside(project, world.root, { ifMatch: versionOf(before) })
    expect(await refused(put(stale, 'vip'))).toBe('precondition_failed')
    expect(await refused(deleteCell(stale, 'vip'))).toBe('precondition_failed')
  })

  test('a cell with members added by hand does not start to derive them', async () => {
    const { context, nowhere } = await filled()
    const where = { envName: 'default', name: 'vip', entityId: nowhere.id }
    await addCellMember(context, where)
    expect(await refused(put(context, 'vip', { derived: ['de'] }))).toBe('cell_in_use')
    await removeCellMember(context, where)
    await put(context, 'vip', { derived: ['de'] })
    expect(await within(context, 'vip')).toEqual(['berlin'])
    await put(context, 'vip')
    expect(await within(context, 'vip')).toEqual([])
  })
})

describe('addCellMember and removeCellMember', () => {
  test('are idempotent and audited once', async () => {
    const { project, context, nowhere } = await filled()
    const where = { envName: 'default', name: 'vip', entityId: nowhere.id }
    for (const member of [true, true, false, false]) {
      const outcome = await (member ? addCellMember : removeCellMember)(context, where)
      expect(outcome).toEqual({ cell: 'vip', entityId: nowhere.id, member })
      expect(await within(context, 'vip')).toEqual(member ? ['nowhere'] : [])
    }
    const events = await world.db
      .selectFrom('audit_events')
      .select('action')
      .where('project_id', '=', project.id)
      .where('action', 'like', 'cell.member%')
      .orderBy('id')
      .execute()
    expect(events.map((event) => event.action)).toEqual(['cell.member-added', 'cell.member-removed'])
  })

  test('a derived cell takes no members by hand, and no cell takes another entity type', async () => {
    const { context, nowhere } = await filled()
    await addType(context, { name: 'rack', properties: [] })
    const rack = await addEntity(context, 'r1', { entityType: 'rack' })
    expect(await refused(addCellMember(context, { envName: 'default', name: 'germany', entityId: nowhere.id }))).toBe(
      'derived_cell',
    )
    expect(await refused(addCellMember(context, { envName: 'default', name: 'vip', entityId: rack.id }))).toBe(
      'invalid_membership',
    )
    expect(await refused(addCellMember(context, { envName: 'default', name: 'unknown', entityId: nowhere.id }))).toBe(
      'cell_not_found',
    )
    expect(await refused(addCellMember(context, { envName: 'default', name: 'vip', entityId: world.root.id }))).toBe(
      'entity_not_found',
    )
  })

  test('apply in one environment only', async () => {
    const { context, nowhere } = await filled()
    await createEnvironment(context, { name: 'staging' })
    await addEntity(context, 'staged', { env: 'staging', properties: { country: 'de' } })
    expect(await refused(addCellMember(context, { envName: 'staging', name: 'vip', entityId: nowhere.id }))).toBe(
      'entity_not_found',
    )
    expect(await within(context, 'europe', 'staging')).toEqual(['staged'])
    expect(await within(context, 'europe')).toEqual(['berlin', 'paris'])
  })

  test('are refused to a viewer', async () => {
    const { project, nowhere } = await filled()
    const context = await world.inside(project, await world.member(project, { role: 'viewer' }))
    const where = { envName: 'default', name: 'vip', entityId: nowhere.id }
    expect(await refused(addCellMember(context, where))).toBe('forbidden')
    expect(await refused(removeCellMember(context, where))).toBe('forbidden')
  })

  test('a limited member moves only entities in their scope, only into their cells, and never out of their scope', async () => {
    const { project, context, berlin, nowhere } = await filled()
    const narrow = await world.inside(project, await world.member(project, { cellScopes: ['europe'] }))
    await addCell(context, 'capitals', { parentCells: ['europe'] })
    const where = (name: string, entity: { id: string }) => ({ envName: 'default', name, entityId: entity.id })
    expect(await refused(addCellMember(narrow, where('capitals', nowhere)))).toBe('out_of_scope')
    expect(await refused(addCellMember(narrow, where('vip', berlin)))).toBe('out_of_scope')
    expect(await addCellMember(narrow, where('capitals', berlin))).toMatchObject({ member: true })
    await addCellMember(context, where('capitals', nowhere))
    expect(await refused(removeCellMember(narrow, where('capitals', nowhere)))).toBe('out_of_scope')
    expect(await removeCellMember(narrow, where('capitals', berlin))).toMatchObject({ member: false })
    expect(await within(context, 'capitals')).toEqual(['nowhere'])
  })
})
