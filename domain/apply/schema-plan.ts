import type { Diff } from '#contract/apply/apply'
import type { Cell } from '#contract/catalog/cells'
import { levelsOf, tooDeep, tooDeepMessage } from '../catalog/cell-hierarchy.ts'
import { cellProblem } from '../catalog/cells.ts'
import { sizeProblems } from '../catalog/document-size.ts'
import { dependentProblem } from '../catalog/entity-type-dependents.ts'
import { entityTypeProblems, validStates } from '../catalog/entity-types.ts'
import { inTurns } from '../give-way.ts'
import { lostProperties } from '../catalog/property-values.ts'
import { relationshipTypeProblems } from '../catalog/relationship-types.ts'
import type { Catalog } from './catalog.ts'
import { note } from './diff.ts'
import type { Item, Problem } from './items.ts'

export type SchemaItems = {
  EntityType: Item<'EntityType'>[]
  Secret: Item<'Secret'>[]
  Cell: Item<'Cell'>[]
  RelationshipType: Item<'RelationshipType'>[]
}

/** What a new version of a type drops or changes incompatibly. */
export type Drop = {
  index: number
  kind: 'EntityType' | 'RelationshipType'
  type: string
  states: string[]
  properties: string[]
  initialState: string
}

/** What applying the catalog's documents would write, computed in memory. */
export type SchemaPlan = {
  /** The resulting catalog. */
  next: Catalog
  /** The names to write, by kind. */
  changed: { [K in keyof Catalog]: string[] }
  drops: Drop[]
  /** The cells whose parents, type or membership change. */
  placed: string[]
}

const problem = (item: Item, { path, message }: { path: string; message: string }): Problem => ({
  kind: item.kind,
  name: item.name,
  index: item.index,
  path,
  error: message,
})

/** An unchanged document may be larger than the limit. */
function isTooLarge(item: Item, after: unknown, problems: Problem[]): boolean {
  const [large] = sizeProblems(after)
  if (large) problems.push(problem(item, large))
  return large !== undefined
}

/**
 * Judges every document against the catalog that the documents before it produce. Problems go to `problems`, the rest into the
 * plan.
 */
export async function planSchema(items: SchemaItems, current: Catalog, diff: Diff, problems: Problem[]): Promise<SchemaPlan> {
  const next: Catalog = {
    EntityType: new Map(current.EntityType),
    Secret: new Map(current.Secret),
    Cell: new Map(current.Cell),
    RelationshipType: new Map(current.RelationshipType),
  }
  const plan: SchemaPlan = {
    next,
    changed: { EntityType: [], Secret: [], Cell: [], RelationshipType: [] },
    drops: [],
    placed: [],
  }
  await planEntityTypes(items, current, plan, diff, problems)
  for await (const item of inTurns(items.Secret)) {
    const after = { kind: 'Secret' as const, name: item.name, description: item.spec.description }
    if (note(diff, item, current.Secret.get(item.name), after)) plan.changed.Secret.push(item.name)
    next.Secret.set(item.name, after)
  }
  await planCells(items.Cell, current, plan, diff, problems)
  await planRelationshipTypes(items.RelationshipType, current, plan, diff, problems)
  return plan
}

async function planEntityTypes(
  items: SchemaItems,
  current: Catalog,
  { next, changed, drops }: SchemaPlan,
  diff: Diff,
  problems: Problem[],
): Promise<void> {
  const sound: Item<'EntityType'>[] = []
  for await (const item of inTurns(items.EntityType)) {
    const [wrong] = entityTypeProblems(item.spec)
    if (wrong) {
      problems.push(problem(item, wrong))
      continue
    }
    sound.push(item)
    next.EntityType.set(item.name, { ...item.spec, name: item.name, displayName: item.spec.displayName ?? item.name })
  }
  const dependents = await dependentsIn(items, next)
  for await (const item of inTurns(sound)) {
    const before = current.EntityType.get(item.name)
    const after = next.EntityType.get(item.name)!
    const broken = before && brokenBy(after, dependents, next)
    if (broken) {
      problems.push(problem(item, broken))
      next.EntityType.set(item.name, before)
      continue
    }
    if (!note(diff, item, before, after)) continue
    if (isTooLarge(item, after, problems)) continue
    changed.EntityType.push(item.name)
    if (!before) continue
    const states = validStates(before).filter((state) => !validStates(after).includes(state))
    const properties = lostProperties(before.properties, after.properties)
    if (states.length + properties.length > 0) {
      drops.push({ kind: 'EntityType', index: item.index, type: item.name, states, properties, initialState: after.initialState })
    }
  }
}

type DocumentOf<K extends keyof Catalog> = Catalog[K] extends Map<string, infer T> ? T : never
/** What depends on a type, by the type's name. */
type Dependents = { cells: Map<string, DocumentOf<'Cell'>[]>; relationshipTypes: Map<string, DocumentOf<'RelationshipType'>[]> }

/** The parts of the catalog that depend on its types and are not part of the request. */
async function dependentsIn(items: SchemaItems, { Cell, RelationshipType }: Catalog): Promise<Dependents> {
  const givenCells = new Set(items.Cell.map((item) => item.name))
  const givenTypes = new Set(items.RelationshipType.map((item) => item.name))
  const dependents: Dependents = { cells: new Map(), relationshipTypes: new Map() }
  const add = <T>(to: Map<string, T[]>, type: string, one: T) => void (to.get(type)?.push(one) ?? to.set(type, [one]))
  for await (const cell of inTurns(Cell.values())) {
    if (!givenCells.has(cell.name)) add(dependents.cells, cell.entityType, cell)
  }
  for await (const one of inTurns(RelationshipType.values())) {
    if (!givenTypes.has(one.name)) for (const end of new Set([one.from, one.to])) add(dependents.relationshipTypes, end, one)
  }
  return dependents
}

/** The parts of the catalog that a new version of a type would break. */
function brokenBy(
  type: DocumentOf<'EntityType'>,
  { cells, relationshipTypes }: Dependents,
  { EntityType }: Catalog,
): { path: string; message: string } | undefined {
  const theirs = (cells.get(type.name) ?? []).map(({ name, membership, constraints }) => ({
    name,
    property: membership?.derivedFrom.property,
    constraints,
  }))
  return dependentProblem(type, theirs, relationshipTypes.get(type.name) ?? [], (name) => EntityType.get(name)!)
}

/** Parents before children, whatever the order given; cells in cycles come last. */
function parentsFirst(items: Item<'Cell'>[], levels: ReadonlyMap<string, number>): Item<'Cell'>[] {
  const levelOf = (item: Item<'Cell'>) => levels.get(item.name) ?? Number.POSITIVE_INFINITY
  return items.toSorted((a, b) => (levelOf(a) === levelOf(b) ? 0 : levelOf(a) - levelOf(b)))
}

async function planCells(
  items: Item<'Cell'>[],
  current: Catalog,
  { next, changed, placed }: SchemaPlan,
  diff: Diff,
  problems: Problem[],
): Promise<void> {
  const asGiven = new Map<string, Pick<Cell, 'parentCells'>>(current.Cell)
  for (const { name, spec } of items) asGiven.set(name, spec)
  const levels = levelsOf(asGiven)
  for await (const item of inTurns(parentsFirst(items, levels))) {
    const { spec, name } = item
    const before = current.Cell.get(name)
    const wrong = !levels.has(name)
      ? { path: 'parentCells', message: `must not contain a cell that has ${name} above it` }
      : cellProblem(name, spec, next.EntityType.get(spec.entityType), next.Cell)
    const moved =
      before && before.entityType !== spec.entityType
        ? { path: 'entityType', message: `must stay ${before.entityType}` }
        : undefined
    if (wrong ?? moved) {
      problems.push(problem(item, (wrong ?? moved)!))
      continue
    }
    const { membership, ...rest } = spec
    const after = {
      ...rest,
      displayName: spec.displayName ?? name,
      parentCells: spec.parentCells.toSorted(),
      ...(membership && { membership }),
    }
    next.Cell.set(name, after)
    if (!note(diff, item, before, after)) continue
    if (isTooLarge(item, after, problems)) continue
    changed.Cell.push(name)
    if (!before || isPlacedElsewhere(before, after)) placed.push(name)
  }
  refuseDeep(items, current, next, problems)
}

/** Blames the document that puts a cell too deep: its own, or that of the nearest cell above it. */
function refuseDeep(items: Item<'Cell'>[], current: Catalog, next: Catalog, problems: Problem[]): void {
  if (items.length === 0) return
  const byName = new Map(items.map((item) => [item.name, item]))
  const blamed = new Set<string>()
  for (const deep of tooDeep(current.Cell, next.Cell)) {
    const seen = new Set<string>()
    const above = [deep]
    for (let name = above.shift(); name !== undefined && seen.size < 1000; name = above.shift()) {
      const item = byName.get(name)
      if (item) {
        if (!blamed.has(name)) problems.push(problem(item, { path: 'parentCells', message: tooDeepMessage(deep) }))
        blamed.add(name)
        break
      }
      if (seen.has(name)) continue
      seen.add(name)
      above.push(...(next.Cell.get(name)?.parentCells ?? []))
    }
  }
}

const isPlacedElsewhere = (before: Pick<Cell, 'parentCells' | 'membership'>, after: Pick<Cell, 'parentCells' | 'membership'>) =>
  JSON.stringify([before.parentCells, before.membership]) !== JSON.stringify([after.parentCells, after.membership])

async function planRelationshipTypes(
  items: Item<'RelationshipType'>[],
  current: Catalog,
  plan: SchemaPlan,
  diff: Diff,
  problems: Problem[],
): Promise<void> {
  const { next, changed, drops } = plan
  for await (const item of inTurns(items)) {
    const { spec, name } = item
    const from = next.EntityType.get(spec.from)
    const to = next.EntityType.get(spec.to)
    const missing = from ? (to ? undefined : 'to') : 'from'
    const [wrong] = missing
      ? [{ path: missing, message: `must be an existing entity type; ${spec[missing]} is not` }]
      : relationshipTypeProblems(spec, from!, to!)
    if (wrong) {
      problems.push(problem(item, wrong))
      continue
    }
    const before = current.RelationshipType.get(name)
    const after = { ...spec, displayName: spec.displayName ?? name }
    next.RelationshipType.set(name, after)
    if (!note(diff, item, before, after)) continue
    if (isTooLarge(item, after, problems)) continue
    changed.RelationshipType.push(name)
    if (!before) continue
    const states = before.states.filter((state) => !after.states.includes(state))
    const properties = lostProperties(before.properties, after.properties)
    const reshaped = before.from !== after.from || before.to !== after.to || before.cardinality !== after.cardinality
    if (states.length + properties.length > 0 || reshaped) {
      drops.push({ kind: 'RelationshipType', index: item.index, type: name, states, properties, initialState: after.states[0]! })
    }
  }
}
