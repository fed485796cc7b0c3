import { afterAll, describe, expect, test } from 'vitest'
import { PutCell } from '#contract/catalog/cells'
import { sumRowCounts } from '#db/queries/project-rows'
import { addCellMember, removeCellMember } from './cell-members.ts'
import { deleteCell, replaceCell } from '../catalog/cells.ts'
import type { ProjectContext } from '../context.ts'
import { deleteEntity, updateEntity } from './entities.ts'
import { createEnvironment } from '../projects/environments.ts'
import { DomainError } from '../errors.ts'
import { addCell, addEntity, addType } from '#test/support/world/catalog'
import { countRows, dumpData } from '#test/support/database/dump'
import { openWorld } from '#test/support/world/world'
import { reading } from '../writing.ts'

const world = await openWorld()
afterAll(world.close)

type Dump = Awaited<ReturnType<typeof dumpData>>

/** Mulberry32, a random generator with the same numbers on every run. */
function dice(seed: number) {
  let state = seed
  return (sides: number) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % sides
  }
}

/** Effective membership computed from the written rows: by hand or by property, then up the hierarchy. */
function naiveMembership({ cells, cell_parents: edges, cell_members: explicit, entities }: Dump): string[] {
  const holding = new Set<string>()
  const put = (cell: unknown, entity: (typeof entities)[number]) => {
    holding.add(`${String(cell)} ${String(entity['env_id'])} ${String(entity['id'])}`)
    for (const edge of edges) if (edge['cell'] === cell) put(edge['parent'], entity)
  }
  for (const { cell, entity_id: id } of explicit)
    put(
      cell,
      entities.find((entity) => entity['id'] === id)!,
    )
  for (const cell of cells.filter((one) => one['derived_property'] !== null)) {
    const values = (cell['derived_values'] ?? [cell['name']]) as string[]
    const isIn = (properties: Record<string, unknown>) => values.includes(String(properties[cell['derived_property'] as string]))
    for (const entity of entities) if (isIn(entity['properties'] as Record<string, unknown>)) put(cell['name'], entity)
  }
  return [...holding].toSorted()
}

const storedMembership = ({ effective_cell_members: rows }: Dump) =>
  rows.map((row) => `${String(row['cell'])} ${String(row['env_id'])} ${String(row['entity_id'])}`).toSorted()

const cellNames = ['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6']
const countries = ['de', 'fr', 'it', 'c0', 'c3']
const environments = ['default', 'staging']

/** One random write of any kind. Many are refused (a cycle, a cell in use, …), as in real use. */
async function anyWrite(context: ProjectContext, roll: (sides: number) => number): Promise<void> {
  const pick = <T>(from: readonly T[]): T => from[roll(from.length)]!
  const some = (from: readonly string[]) => from.filter(() => roll(4) === 0)
  const membership = () =>
    roll(2)
      ? { derivedFrom: { property: 'country', ...(roll(3) && { values: [pick(countries), ...some(countries)] }) } }
      : undefined
  const properties = (): Record<string, string> => (roll(5) ? { country: pick(countries) } : {})
  const [cell, env, name] = [pick(cellNames), pick(environments), `e${roll(20)}`]
  const entityId = async () => {
    const rows = await world.db
      .selectFrom('entities')
      .select('id')
      .where('project_id', '=', context.project.id)
      .orderBy('id')
      .execute()
    return rows.length > 0 ? pick(rows).id : context.project.id
  }
  const writes = [
    () => addCell(context, cell, { parentCells: some(cellNames), membership: membership() }),
    () =>
      replaceCell(context, cell, PutCell.parse({ entityType: 'site', parentCells: some(cellNames), membership: membership() })),
    () => deleteCell(context, cell),
    () => addEntity(context, name, { env, properties: properties() }),
    () => addEntity(context, name, { env, properties: properties() }),
    () => addEntity(context, name, { env, properties: properties() }),
    () => addEntity(context, name, { env, properties: properties() }),
    () => updateEntity(context, env, name, {}, { properties: properties(), state: undefined, labels: undefined }),
    () => deleteEntity(context, env, name, {}),
    async () => addCellMember(context, { envName: env, name: cell, entityId: await entityId() }),
    async () => addCellMember(context, { envName: env, name: cell, entityId: await entityId() }),
    async () => addCellMember(context, { envName: env, name: cell, entityId: await entityId() }),
    async () => removeCellMember(context, { envName: env, name: cell, entityId: await entityId() }),
  ]
  await pick(writes)()
}

async function crowdedProject(slug: string) {
  const context = await world.inside(await world.project(slug))
  await addType(context)
  await createEnvironment(context, { name: 'staging' })
  for (const name of cellNames) await addCell(context, name)
  return context
}

describe('effective membership and row counts stay exact', () => {
  test.for([1, 2])('through 100 random writes, not counting the refused ones (seed %i)', { timeout: 60_000 }, async (seed) => {
    const context = await crowdedProject(`seed-${seed}`)
    const roll = dice(seed)
    let largest = 0
    for (let accepted = 0; accepted < 100;) {
      const refusal: unknown = await anyWrite(context, roll).then(
        () => undefined,
        (error: unknown) => error,
      )
      if (refusal instanceof DomainError) continue
      if (refusal !== undefined) throw refusal
      accepted++
      const dump = await dumpData(world.db, context.project.id)
      const stored = storedMembership(dump)
      largest = Math.max(largest, stored.length)
      expect(stored).toEqual(naiveMembership(dump))
    }
    expect(await sumRowCounts(world.db, reading(context))).toEqual(await countRows(world.db, reading(context)))
    expect(largest).toBeGreaterThan(20)
  })

  test('with writers at the same time', { timeout: 60_000 }, async () => {
    const context = await crowdedProject('crowd')
    const unexpected: unknown[] = []
    const writer = async (seed: number) => {
      const roll = dice(seed)
      for (let i = 0; i < 60; i++) {
        await anyWrite(context, roll).catch((error: unknown) => error instanceof DomainError || unexpected.push(error))
      }
    }
    await Promise.all([11, 12, 13, 14, 15, 16].map(writer))
    const dump = await dumpData(world.db, context.project.id)
    expect(unexpected).toEqual([])
    expect(storedMembership(dump)).toEqual(naiveMembership(dump))
    expect(await sumRowCounts(world.db, reading(context))).toEqual(await countRows(world.db, reading(context)))
  })
})
