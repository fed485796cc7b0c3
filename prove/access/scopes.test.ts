import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { CreateRelationshipType } from '#contract/catalog/relationship-types'
import type { ProjectContext } from '#domain/context'
import { listEntities } from '#domain/data/entities'
import { createEnvironment, listEnvironments } from '#domain/projects/environments'
import { createRelationshipType } from '#domain/catalog/relationship-types'
import { listRelationships } from '#domain/data/relationships'
import { previewScope } from '#domain/projects/stats'
import { listCells } from '#domain/catalog/cells'
import { openWorld } from '#test/support/world/world'
import { addType } from '#test/support/world/catalog'
import { type Scope, ScopeModel, ends, entityKey, environments, linkKey } from '#test/support/world/scope-model'
import { beginning, decide, move, perform, scope } from '#test/support/world/scope-moves'
import { asked, expected, outcome, question } from '#test/support/world/scope-questions'
import { progress, report, scaleOf } from '#test/support/outcome'

/**
 * A case makes one move in one world, asks everything as one caller (`test/support/world/scope-questions.ts`), and compares with the model.
 */
const CASES = scaleOf('scopes', 40)
const SEED = scaleOf('seed', 1)

const world = await openWorld()
afterAll(world.close)

const unscoped: Scope = { env: null, cells: null }
const page = { limit: 200, cursor: undefined }
const everyLink = { relationshipType: undefined, state: undefined, entity: undefined, from: undefined, to: undefined, ...page }
let projects = 0

/** A project with two environments and the types that all worlds share, in the owner's context. */
async function newProject(): Promise<ProjectContext> {
  const context = await world.inside(await world.project(`p${++projects}`))
  await createEnvironment(context, { name: 'staging' })
  const properties = [{ name: 'zone', type: 'string' as const, required: false }]
  const filter = { relationshipType: 'feeds' }
  const feeds = { name: 'feeds', source: { type: 'derived' as const, derivedFrom: 'relationship-count' as const, filter } }
  await addType(context, { properties, metrics: [feeds] })
  await addType(context, { name: 'node', properties, metrics: [] })
  for (const [name, { from, to }] of Object.entries(ends))
    await createRelationshipType(context, CreateRelationshipType.parse({ name, from, to, states: ['on'] }))
  return context
}

/** The ids by which the owner knows everything. They are not compared. */
async function idsIn(context: ProjectContext): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const env of environments) {
    for (const { id, entityType, name } of (await listEntities(context, env, page)).items)
      ids.set(entityKey({ env, type: entityType, name }), id)
    for (const { id, relationshipType, from, to } of (await listRelationships(context, env, everyLink)).items) {
      const [start, end] = [from, to].map((one) => entityKey({ env, type: one.entityType, name: one.name })) as [string, string]
      ids.set(linkKey({ type: relationshipType, from: start, to: end }), id)
    }
  }
  for (const { name } of (await listCells(context, page)).items) ids.set(`cell ${name}`, name)
  return ids
}

const anyWorld = fc.record({
  callers: fc.array(scope, { maxLength: 15, size: 'max' }),
  first: beginning,
  steps: fc.array(fc.record({ move, question }), { minLength: 1, maxLength: 15, size: 'max' }),
})

const refusalOf = async (call: Promise<unknown>) => {
  const answer = await outcome(call)
  return typeof answer === 'string' ? answer : undefined
}

test(`shows a caller exactly what their scope allows in ${CASES} cases, and changes nothing when it refuses a move`, async () => {
  let cases = 0
  const holds = fc.asyncProperty(anyWorld, async ({ callers, first, steps }) => {
    const context = await newProject()
    const { items } = await listEnvironments(context, page)
    const envId = (name: string | null) => items.find((one) => one.name === name)?.id ?? null
    const model = new ScopeModel()
    const all = [unscoped, ...callers]
    const as = (who: Scope): ProjectContext => ({
      ...context,
      grant: { ...context.grant, envId: envId(who.env), cellScopes: who.cells },
    })
    let ids = await idsIn(context)
    for (const given of first) {
      expect(await refusalOf(perform(context, given, ids)), JSON.stringify(given)).toBe(decide(model, unscoped, given))
      if (given.does !== 'put') ids = await idsIn(context)
    }
    for (const { move: given, question: ask } of steps) {
      const mover = all[given.by % all.length]!
      expect(await refusalOf(perform(as(mover), given, ids)), JSON.stringify(given)).toBe(decide(model, mover, given))
      ids = await idsIn(context)
      await Promise.all(
        all.map(async (who) => {
          expect(await asked(as(who), ask, ids), JSON.stringify(who)).toEqual(expected(model, who, ask, ids))
          const preview = { cells: who.cells ? JSON.stringify(who.cells) : undefined, env: who.env ?? undefined }
          expect(await previewScope(context, preview)).toEqual({
            visible: model.visible(who).length,
            total: model.entities.size,
          })
          cases++
        }),
      )
    }
  })
  const failures: string[] = []
  for (let seed = SEED; cases < CASES && failures.length === 0; seed++) {
    await fc.assert(holds, { numRuns: 5, seed }).catch((error: unknown) => void failures.push(String(error)))
    progress(cases, CASES, 'questions')
  }
  expect(report({ what: 'what a scope shows', tried: cases, failures })).toEqual([])
}, 3_600_000)
