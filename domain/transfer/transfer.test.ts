import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CreateRelationshipType } from '#contract/catalog/relationship-types'
import { CreateRelationship } from '#contract/data/relationships'
import { CreateSecret } from '#contract/catalog/secrets'
import type { TransferLine } from '#contract/transfer/transfer'
import { inTransaction } from '#db/client'
import { sumRowCounts } from '#db/queries/project-rows'
import { addCellMember } from '../data/cell-members.ts'
import { checkProjects } from '../maintenance/check.ts'
import type { ProjectContext } from '../context.ts'
import { createEntity, getEntity, pushMetrics } from '../data/entities.ts'
import { createEnvironment } from '../projects/environments.ts'
import { nukeProject } from '../nuke/nuke.ts'
import { createRelationshipType } from '../catalog/relationship-types.ts'
import { createRelationship } from '../data/relationships.ts'
import { createSecret, getSecret, setSecretValue } from '../catalog/secrets.ts'
import { addCell, addEntity, fill } from '#test/support/world/catalog'
import { openWorld, refused } from '#test/support/world/world'
import { markMetricsReceived } from '#db/queries/v1/agents'
import { pingCoreInstance } from '../v1/core-instances.ts'
import { addAgent, addCoreInstance } from '#test/support/world/registered'
import { reading } from '../writing.ts'
import { exportProject } from './export.ts'
import { importProject } from './import.ts'

const world = await openWorld()
afterAll(world.close)
beforeEach(() => vi.stubEnv('BULKHEAD_SECRET', 'the secret of this test that is long'))
afterEach(() => vi.unstubAllEnvs())

let n = 0
/** A project with something of everything, in two environments. */
async function filled() {
  const project = await world.project(`p${++n}`)
  const context = await world.inside(project)
  const sites = await fill(context)
  await createEnvironment(context, { name: 'staging' })
  await addEntity(context, 'berlin', { env: 'staging', properties: { country: 'de' }, labels: { ü: '"\n' } })
  await addCell(context, 'own', { constraints: [{ metric: 'load', aggregate: 'sum', max: 100 }], placementPolicy: 'random' })
  await addCellMember(context, { envName: 'default', name: 'own', entityId: sites.nowhere.id })
  await addCellMember(context, { envName: 'default', name: 'vip', entityId: sites.berlin.id })
  await pushMetrics(context, 'default', 'nowhere', {}, { metrics: { load: 1.5 } })
  await createRelationshipType(
    context,
    CreateRelationshipType.parse({
      name: 'feeds',
      from: 'site',
      to: 'site',
      states: ['on', 'off'],
      properties: [{ name: 'units', type: 'integer' }],
      constraints: [{ type: 'property-sum', property: 'units', leq: 10 }],
    }),
  )
  for (const [from, to] of [
    ['berlin', 'paris'],
    ['paris', 'nowhere'],
  ] as const)
    await createRelationship(
      context,
      'default',
      CreateRelationship.parse({ relationshipType: 'feeds', from, to, properties: { units: 3 } }),
    )
  await createSecret(context, 'default', CreateSecret.parse({ name: 'door', description: 'front' }))
  await setSecretValue(context, 'default', 'door', { value: 'never-out' })
  const agent = await addAgent(context)
  await inTransaction(world.db, (trx) => markMetricsReceived(trx, reading(context), agent.id))
  const core = await addCoreInstance(context)
  await pingCoreInstance(context, core.id)
  return { project, context, ...sites }
}

/** The exported text: one JSON document a line. */
async function exported(context: ProjectContext): Promise<string> {
  let text = ''
  for await (const line of await exportProject(context)) text += `${JSON.stringify(line)}\n`
  return text
}
const linesOf = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as TransferLine)
async function* from(lines: unknown[]) {
  for (const [i, document] of lines.entries()) yield { document, number: i + 1 }
}
const taken = (context: ProjectContext, lines: unknown[]) => importProject(context, from(lines))
const nuke = async (project: { id: string; slug: string }) => {
  await nukeProject(await world.inside(project), { confirm: project.slug })
  return world.inside(project)
}

describe('export and import', () => {
  test('export, nuke, import, export gives the same bytes', async () => {
    const { project, context } = await filled()
    const first = await exported(context)
    expect(first).not.toContain('never-out')
    const after = await nuke(project)
    expect(await exported(after)).toBe('')
    expect(await taken(after, linesOf(first))).toEqual({
      rows: {
        EntityType: 1,
        Secret: 1,
        Cell: 5,
        RelationshipType: 1,
        Entity: 4,
        CellMember: 2,
        Relationship: 2,
        Agent: 1,
        CoreInstance: 1,
      },
    })
    expect(await exported(after)).toBe(first)
    expect(await getSecret(after, 'default', 'door')).toMatchObject({ description: 'front', hasValue: false })
    expect((await getEntity(after, 'default', 'berlin', {})).cells).toEqual(['europe', 'germany', 'vip'])
    for await (const { problems } of checkProjects(world.db)) expect(problems).toEqual([])
  })

  test('importing into another project gives the same bytes', async () => {
    const { context } = await filled()
    const first = await exported(context)
    const other = await world.inside(await world.project(`p${++n}`))
    expect(await refused(taken(other, linesOf(first)))).toBe('invalid_import')
    await createEnvironment(other, { name: 'staging' })
    await taken(other, linesOf(first))
    expect(await exported(other)).toBe(first)
  })

  test('handles more lines than one chunk holds', async () => {
    const { project, context } = await filled()
    const [type, ...rest] = linesOf(await exported(context))
    const entity = rest.find((line) => line.kind === 'Entity')!
    const many = Array.from({ length: 2300 }, (_, i) => ({
      ...entity,
      id: `01a20000-0000-7000-8000-${String(i).padStart(12, '0')}`,
      name: `m${i}`,
    }))
    const after = await nuke(project)
    expect(await taken(after, [type, ...many])).toEqual({ rows: { EntityType: 1, Entity: 2300 } })
    expect(linesOf(await exported(after))).toEqual([type, ...many])
  })
})

describe('exportProject', () => {
  test('gives a limited caller exactly what they see', async () => {
    const { project, context, berlin, paris, nowhere } = await filled()
    await addCellMember(context, { envName: 'default', name: 'own', entityId: paris.id })
    const seenBy = async (rights: Parameters<typeof world.member>[1]) =>
      linesOf(await exported(await world.inside(project, await world.member(project, rights))))
    const of = (lines: TransferLine[], kind: TransferLine['kind']) => lines.filter((line) => line.kind === kind)

    const european = await seenBy({ role: 'member', cellScopes: ['europe'] })
    expect(JSON.stringify(of(european, 'Entity'))).toContain(berlin.id)
    expect(of(european, 'Entity')).toHaveLength(3)
    expect(JSON.stringify(european)).not.toContain(nowhere.id)
    expect(of(european, 'Relationship')).toMatchObject([{ from: berlin.id, to: paris.id }])
    expect(of(european, 'CellMember')).toEqual([])
    expect(of(european, 'Secret')).toEqual([])

    expect(of(await seenBy({ role: 'member', cellScopes: ['own'] }), 'CellMember')).toHaveLength(2)
    const none = await seenBy({ role: 'member', cellScopes: [] })
    expect(new Set(none.map((line) => line.kind))).toEqual(new Set(['EntityType', 'Cell', 'RelationshipType']))
    const staging = await seenBy({ role: 'viewer', envName: 'staging' })
    expect(of(staging, 'Entity')).toMatchObject([{ name: 'berlin', envName: 'staging' }])
    expect([...of(staging, 'Relationship'), ...of(staging, 'CellMember'), ...of(staging, 'Secret')]).toEqual([])
  })

  test('is one snapshot, whatever is written while it is read', async () => {
    const { context } = await filled()
    const whole = await exported(context)
    let text = ''
    for await (const line of await exportProject(context)) {
      if (text === '') await addEntity(context, 'late')
      text += `${JSON.stringify(line)}\n`
    }
    expect(text).toBe(whole)
  })

  test('releases its connection when the reader stops', async () => {
    const { context } = await filled()
    for (let i = 0; i < 12; i++) for await (const line of await exportProject(context)) if (line) break
    expect(await exported(context)).not.toBe('')
  })

  test('shows nothing of another project', async () => {
    await filled()
    expect(await exported(await world.inside(await world.project(`p${++n}`)))).toBe('')
  })
})

describe('importProject', () => {
  test('needs an empty project', async () => {
    const { context } = await filled()
    expect(await refused(taken(context, []))).toBe('project_not_empty')
    const other = await world.inside(await world.project(`p${++n}`))
    await createSecret(other, 'default', CreateSecret.parse({ name: 'x' }))
    expect(await refused(taken(other, []))).toBe('project_not_empty')
  })

  const breaks: [string, (lines: Record<string, unknown>[]) => number | undefined][] = [
    ['an unknown kind', (lines) => lines.push({ kind: 'Action' })],
    ['what is no document', (lines) => lines.push('text' as never)],
    ['an unknown field', (lines) => lines.push({ ...lines.at(-1), extra: 1 })],
    ['a cell that names no type', (lines) => change(lines, 'Cell', { entityType: 'none' })],
    ['an entity of no type', (lines) => change(lines, 'Entity', { entityType: 'none' })],
    ['an entity in no state', (lines) => change(lines, 'Entity', { state: 'none' })],
    ['an entity of no environment', (lines) => change(lines, 'Entity', { envName: 'none' })],
    ['a metric that the type does not have', (lines) => change(lines, 'Entity', { metrics: { none: 1 } })],
    ['a member of no cell', (lines) => change(lines, 'CellMember', { cell: 'none' })],
    ['a member of a derived cell', (lines) => change(lines, 'CellMember', { cell: 'germany' })],
    ['a relationship of no type', (lines) => change(lines, 'Relationship', { relationshipType: 'none' })],
    ['a relationship between environments', (lines) => change(lines, 'Relationship', { envName: 'staging' })],
    ['a relationship with a wrong value', (lines) => change(lines, 'Relationship', { properties: { units: 'x' } })],
    ['an entity given twice', (lines) => repeat(lines, 'Entity')],
    ['an entity’s name given twice', (lines) => repeat(lines, 'Entity', { id: '01a20000-0000-7000-8000-000000000000' })],
    ['a member given twice', (lines) => repeat(lines, 'CellMember')],
    ['a relationship given twice', (lines) => lines.push(lines.at(-1)!)],
    ['a type after the data', (lines) => lines.push(lines[0]!)],
    ['a sum that is too high', (lines) => change(lines, 'Relationship', { properties: { units: 11 } }) && undefined],
    ['a time that is none', (lines) => change(lines, 'Entity', { createdAt: '0000-01-01T00:00:00.000000Z' })],
  ]
  /** Repeats the last line of a kind; returns the line number of the copy. */
  function repeat(lines: Record<string, unknown>[], kind: string, patch: object = {}): number {
    const i = lines.findLastIndex((line) => line['kind'] === kind)
    lines.splice(i + 1, 0, { ...lines[i], ...patch })
    return i + 2
  }
  /** Changes the last line of a kind; returns its line number. */
  function change(lines: Record<string, unknown>[], kind: string, patch: object): number {
    const i = lines.findLastIndex((line) => line['kind'] === kind)
    lines[i] = { ...lines[i], ...patch }
    return i + 1
  }
  test.for(breaks)('is all or nothing: %s', async ([, damage]) => {
    const { project, context } = await filled()
    const lines = linesOf(await exported(context)) as Record<string, unknown>[]
    const number = damage(lines)
    const after = await nuke(project)
    const error = (await taken(after, lines).catch((caught: unknown) => caught)) as { code?: string; message: string }
    expect(['invalid_import', 'constraint_exceeded']).toContain(error.code)
    expect(error.message).toMatch(number === undefined ? /./ : new RegExp(`^Line ${number} `))
    expect(Object.values(await sumRowCounts(after.db, reading(after))).every((count) => count === 0)).toBe(true)
    expect(await exported(after)).toBe('')
  })

  test('names the line by the caller’s count, including blank lines', async () => {
    const { project, context } = await filled()
    const [first, ...rest] = linesOf(await exported(context))
    const after = await nuke(project)
    async function* gapped() {
      yield { document: first, number: 3 }
      yield { document: { ...rest.at(-1), from: 'nobody' }, number: 7 }
    }
    await expect(importProject(after, gapped())).rejects.toThrow(/^Line 7 /)
  })

  test('keeps times and ids, and later rows sort after them', async () => {
    const { project, context, berlin } = await filled()
    const lines = linesOf(await exported(context))
    const after = await nuke(project)
    await taken(after, lines)
    expect(await getEntity(after, 'default', 'berlin', {})).toMatchObject({ id: berlin.id, createdAt: berlin.createdAt })
    await createEntity(after, 'default', { kind: 'Entity', entityType: 'site', name: 'new', properties: {}, labels: {} })
  })

  test.for(['viewer', 'member', 'scoped'] as const)('is refused to a %s', async (role) => {
    const project = await world.project(`p${++n}`)
    const rights = role === 'scoped' ? { role: 'owner' as const, cellScopes: ['europe'] } : { role }
    const narrow = await world.inside(project, await world.member(project, rights))
    expect(await refused(taken(narrow, []))).toBe(role === 'scoped' ? 'scoped_actor' : 'forbidden')
  })
})
