import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Entity } from '#contract/data/entities'
import { apply } from '../apply/apply.ts'
import { listCellMembers } from './cell-members.ts'
import type { ProjectContext } from '../context.ts'
import { listEntities } from './entities.ts'
import { addCell, addType } from '#test/support/world/catalog'
import { openWorld } from '#test/support/world/world'

const world = await openWorld()
afterAll(world.close)

/**
 * More entities than one chunk of ids, and cells with between one member and all of them; each derives from the entity's country.
 */
const ENTITIES = 3000
const countryOf = (i: number) =>
  i === 1500 ? 'one' : i % 250 === 0 ? 'rare' : i % 3 === 0 ? 'third' : i >= 2500 ? 'late' : 'rest'
const cells: Record<string, string[]> = {
  one: ['one'],
  rare: ['rare', 'one'],
  third: ['third'],
  late: ['late'],
  most: ['rest', 'third', 'late'],
}

let context: ProjectContext
let all: Entity[]
beforeAll(async () => {
  context = await world.inside(await world.project('pages'))
  await addType(context)
  for (const [name, derived] of Object.entries(cells)) await addCell(context, name, { derived })
  const items = Array.from({ length: ENTITIES }, (_, i) => ({
    kind: 'Entity',
    entityType: 'site',
    name: `site-${String(i).padStart(4, '0')}`,
    state: i % 2 === 0 ? 'live' : 'planned',
    properties: { country: countryOf(i) },
    labels: { hundred: String(i % 100) },
  }))
  await apply(context, 'default', { items, deletions: [], force: false, dryRun: false })
  all = await everyPage(context, {})
})

async function everyPage(as: ProjectContext, filter: object): Promise<Entity[]> {
  const found: Entity[] = []
  let cursor: string | undefined
  do {
    const page = await listEntities(as, 'default', { ...filter, limit: 200, cursor })
    found.push(...page.items)
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  return found
}

const as = (cellScopes: string[] | null): ProjectContext => ({ ...context, grant: { ...context.grant, cellScopes } })

test('counts as many entities as were applied', () => expect(all).toHaveLength(ENTITIES))

const scopes = [null, [], ['one'], ['rare'], ['third'], ['late'], ['most'], ['third', 'late', 'rare'], ['most', 'rare']]
const filters: { filter: object; passes: (one: Entity) => boolean }[] = [
  { filter: {}, passes: () => true },
  { filter: { state: 'live' }, passes: ({ state }) => state === 'live' },
  { filter: { q: 'E-00' }, passes: ({ name }) => name.includes('e-00') },
  { filter: { q: 'nothing' }, passes: () => false },
  { filter: { label: 'hundred:7' }, passes: ({ labels }) => labels['hundred'] === '7' },
  { filter: { entityType: 'site', q: '9' }, passes: ({ name }) => name.includes('9') },
  ...Object.keys(cells).flatMap((cell) => [
    { filter: { cell }, passes: (one: Entity) => one.cells.includes(cell) },
    { filter: { cell, state: 'live' }, passes: (one: Entity) => one.cells.includes(cell) && one.state === 'live' },
  ]),
]

test.for(scopes.map((scope) => ({ scope })))(
  '$scope: every filter, page by page, gives each match once and in order',
  async ({ scope }) => {
    for (const { filter, passes } of filters) {
      const expected = all.filter((one) => (scope === null || one.cells.some((cell) => scope.includes(cell))) && passes(one))
      const found = await everyPage(as(scope), filter)
      expect(
        found.map(({ name }) => name),
        JSON.stringify(filter),
      ).toEqual(expected.map(({ name }) => name))
    }
  },
)

test('a cell is listed in the same order from any cursor', async () => {
  const third = all.filter(({ cells: of }) => of.includes('third'))
  const cursor = Buffer.from(JSON.stringify([third[499]!.id])).toString('base64url')
  const { items, next } = await listCellMembers(as(['most']), 'third', { env: 'default', limit: 3, cursor })
  expect(items.map(({ id }) => id)).toEqual(third.slice(500, 503).map(({ id }) => id))
  expect(next).not.toBeNull()
})
