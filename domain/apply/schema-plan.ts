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
import type { Item } from './items.ts'
import { type Outcome, changeOf, joined, newOutcome } from './outcome.ts'

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

/** The documents of one kind after all items, the names of those to write, and what the rest of the plan needs. */
type Planned<K extends keyof Catalog> = Outcome & { next: Catalog[K]; changed: string[] }

/** Judges every document against the catalog that the documents before it produce. */
export async function planSchema(items: SchemaItems, current: Catalog): Promise<Outcome & { plan: SchemaPlan }> {
  const types = await planEntityTypes(items, current)
  const secrets = await planSecrets(items.Secret, current)
  const cells = await planCells(items.Cell, current, types.next)
  const relationshipTypes = await planRelationshipTypes(items.RelationshipType, current, types.next)
  const plan: SchemaPlan = {
    next: { EntityType: types.next, Secret: secrets.next, Cell: cells.next, RelationshipType: relationshipTypes.next },
    changed: {
      EntityType: types.changed,
      Secret: secrets.changed,
      Cell: cells.changed,
      RelationshipType: relationshipTypes.changed,
    },
    drops: [...types.drops, ...relationshipTypes.drops],
    placed: cells.placed,
  }
  return { plan, ...joined([types, secrets, cells, relationshipTypes]) }
}

/** Whether a document must be written. An unchanged one may be larger than the limit. */
function isToWrite({ note, refuse }: ReturnType<typeof newOutcome>, item: Item, before: object | undefined, after: object) {
  const change = changeOf(before as Record<string, unknown> | undefined, after as Record<string, unknown>)
  note(item, change)
  const [large] = change ? sizeProblems(after) : []
  if (large) refuse(item, large)
  return change !== undefined && !large
}

async function planEntityTypes(items: SchemaItems, current: Catalog): Promise<Planned<'EntityType'> & { drops: Drop[] }> {
  const outcome = newOutcome()
  const next = new Map(current.EntityType)
  const changed: string[] = []
  const drops: Drop[] = []
  const sound: Item<'EntityType'>[] = []
  for await (const item of inTurns(items.EntityType)) {
    const [wrong] = entityTypeProblems(item.spec)
    if (wrong) {
      outcome.refuse(item, wrong)
      continue
    }
    sound.push(item)
    next.set(item.name, { ...item.spec, name: item.name, displayName: item.spec.displayName ?? item.name })
  }
  const dependents = await dependentsIn(items, current)
  for await (const item of inTurns(sound)) {
    const before = current.EntityType.get(item.name)
    const after = next.get(item.name)!
    const broken = before && brokenBy(after, dependents, next)
    if (broken) {
      outcome.refuse(item, broken)
      next.set(item.name, before)
      continue
    }
    if (!isToWrite(outcome, item, before, after)) continue
    changed.push(item.name)
    if (!before) continue
    const states = validStates(before).filter((state) => !validStates(after).includes(state))
    const properties = lostProperties(before.properties, after.properties)
    if (states.length + properties.length > 0) {
      drops.push({ kind: 'EntityType', index: item.index, type: item.name, states, properties, initialState: after.initialState })
    }
  }
  return { ...outcome, next, changed, drops }
}

async function planSecrets(items: Item<'Secret'>[], current: Catalog): Promise<Planned<'Secret'>> {
  const outcome = newOutcome()
  const next = new Map(current.Secret)
  const changed: string[] = []
  for await (const item of inTurns(items)) {
    const after = { kind: 'Secret' as const, name: item.name, description: item.spec.description }
    next.set(item.name, after)
    if (isToWrite(outcome, item, current.Secret.get(item.name), after)) changed.push(item.name)
  }
  return { ...outcome, next, changed }
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
  types: Catalog['EntityType'],
): { path: string; message: string } | undefined {
  const theirs = (cells.get(type.name) ?? []).map(({ name, membership, constraints }) => ({
    name,
    property: membership?.derivedFrom.property,
    constraints,
  }))
  return dependentProblem(type, theirs, relationshipTypes.get(type.name) ?? [], (name) => types.get(name)!)
}

/** Parents before children, whatever the order given; cells in cycles come last. */
function parentsFirst(items: Item<'Cell'>[], levels: ReadonlyMap<string, number>): Item<'Cell'>[] {
  const levelOf = (item: Item<'Cell'>) => levels.get(item.name) ?? Number.POSITIVE_INFINITY
  return items.toSorted((a, b) => (levelOf(a) === levelOf(b) ? 0 : levelOf(a) - levelOf(b)))
}

async function planCells(
  items: Item<'Cell'>[],
  current: Catalog,
  types: Catalog['EntityType'],
): Promise<Planned<'Cell'> & { placed: string[] }> {
  const outcome = newOutcome()
  const next = new Map(current.Cell)
  const changed: string[] = []
  const placed: string[] = []
  const asGiven = new Map<string, Pick<Cell, 'parentCells'>>(current.Cell)
  for (const { name, spec } of items) asGiven.set(name, spec)
  const levels = levelsOf(asGiven)
  for await (const item of inTurns(parentsFirst(items, levels))) {
    const { spec, name } = item
    const before = current.Cell.get(name)
    const wrong = !levels.has(name)
      ? { path: 'parentCells', message: `must not contain a cell that has ${name} above it` }
      : cellProblem(name, spec, types.get(spec.entityType), next)
    const moved =
      before && before.entityType !== spec.entityType
        ? { path: 'entityType', message: `must stay ${before.entityType}` }
        : undefined
    if (wrong ?? moved) {
      outcome.refuse(item, (wrong ?? moved)!)
      continue
    }
    const { membership, ...rest } = spec
    const after = {
      ...rest,
      displayName: spec.displayName ?? name,
      parentCells: spec.parentCells.toSorted(),
      ...(membership && { membership }),
    }
    next.set(name, after)
    if (!isToWrite(outcome, item, before, after)) continue
    changed.push(name)
    if (!before || isPlacedElsewhere(before, after)) placed.push(name)
  }
  for (const { item, deep } of tooDeepBy(items, current.Cell, next))
    outcome.refuse(item, { path: 'parentCells', message: tooDeepMessage(deep) })
  return { ...outcome, next, changed, placed }
}

/** The documents that put a cell too deep: its own, or that of the nearest cell above it. */
function tooDeepBy(items: Item<'Cell'>[], current: Catalog['Cell'], next: Catalog['Cell']): { item: Item; deep: string }[] {
  if (items.length === 0) return []
  const byName = new Map(items.map((item) => [item.name, item]))
  const blamed = new Map<string, { item: Item; deep: string }>()
  for (const deep of tooDeep(current, next)) {
    const seen = new Set<string>()
    const above = [deep]
    for (let name = above.shift(); name !== undefined && seen.size < 1000; name = above.shift()) {
      const item = byName.get(name)
      if (item) {
        if (!blamed.has(name)) blamed.set(name, { item, deep })
        break
      }
      if (seen.has(name)) continue
      seen.add(name)
      above.push(...(next.get(name)?.parentCells ?? []))
    }
  }
  return [...blamed.values()]
}

const isPlacedElsewhere = (before: Pick<Cell, 'parentCells' | 'membership'>, after: Pick<Cell, 'parentCells' | 'membership'>) =>
  JSON.stringify([before.parentCells, before.membership]) !== JSON.stringify([after.parentCells, after.membership])

async function planRelationshipTypes(
  items: Item<'RelationshipType'>[],
  current: Catalog,
  types: Catalog['EntityType'],
): Promise<Planned<'RelationshipType'> & { drops: Drop[] }> {
  const outcome = newOutcome()
  const next = new Map(current.RelationshipType)
  const changed: string[] = []
  const drops: Drop[] = []
  for await (const item of inTurns(items)) {
    const { spec, name } = item
    const from = types.get(spec.from)
    const to = types.get(spec.to)
    const missing = from ? (to ? undefined : 'to') : 'from'
    const [wrong] = missing
      ? [{ path: missing, message: `must be an existing entity type; ${spec[missing]} is not` }]
      : relationshipTypeProblems(spec, from!, to!)
    if (wrong) {
      outcome.refuse(item, wrong)
      continue
    }
    const before = current.RelationshipType.get(name)
    const after = { ...spec, displayName: spec.displayName ?? name }
    next.set(name, after)
    if (!isToWrite(outcome, item, before, after)) continue
    changed.push(name)
    if (!before) continue
    const states = before.states.filter((state) => !after.states.includes(state))
    const properties = lostProperties(before.properties, after.properties)
    const reshaped = before.from !== after.from || before.to !== after.to || before.cardinality !== after.cardinality
    if (states.length + properties.length > 0 || reshaped) {
      drops.push({ kind: 'RelationshipType', index: item.index, type: name, states, properties, initialState: after.states[0]! })
    }
  }
  return { ...outcome, next, changed, drops }
}
