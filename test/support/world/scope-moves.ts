import fc from 'fast-check'
import { CreateCell, PutCell } from '#contract/catalog/cells'
import { CreateEntity } from '#contract/data/entities'
import { CreateRelationship } from '#contract/data/relationships'
import { apply } from '#domain/apply/apply'
import { addCellMember, removeCellMember } from '#domain/data/cell-members'
import { createCell, deleteCell, replaceCell } from '#domain/catalog/cells'
import type { ProjectContext } from '#domain/context'
import { createEntity, deleteEntity, updateEntity } from '#domain/data/entities'
import { createRelationship, deleteRelationship } from '#domain/data/relationships'
import {
  type CellSpec,
  type Entity,
  type Scope,
  type ScopeModel,
  admits,
  ends,
  entityKey,
  environments,
  linkKey,
} from './scope-model.ts'

export const cellNames = ['c0', 'c1', 'c2', 'c3', 'c4', 'c5']
export const entityNames = ['a', 'b', 'c', 'd']
const zones = ['z0', 'z1', 'z2', 'c0']

const env = fc.constantFrom(...environments)
const type = fc.constantFrom<string>('site', 'site', 'node')
const zone = fc.option(fc.constantFrom(...zones), { nil: undefined })
const cell = fc.constantFrom(...cellNames)
const link = fc.constantFrom('feeds', 'hosts')
const name = fc.constantFrom(...entityNames)
const spec: fc.Arbitrary<CellSpec> = fc.record({
  type,
  derived: fc.option(fc.uniqueArray(fc.constantFrom(...zones), { minLength: 1, maxLength: 2 }), { nil: null, freq: 2 }),
  parents: fc.uniqueArray(cell, { maxLength: 3, size: 'max' }),
})
/** The usual type of a cell with this name. One move in ten uses another, because changing the type is refused. */
const usualType = (cellName: string) => (['c1', 'c3'].includes(cellName) ? 'node' : 'site')

export const entity: fc.Arbitrary<Entity> = fc.record({ env, type, name, zone })
export const scope: fc.Arbitrary<Scope> = fc.record({
  env: fc.option(env, { nil: null, freq: 2 }),
  cells: fc.option(fc.uniqueArray(fc.constantFrom(...cellNames, 'unknown'), { maxLength: 3 }), { nil: null }),
})

/** The index of the calling actor. Actor 0 is not scoped and is the only one who may administer. */
const by = fc.oneof(fc.nat({ max: 20 }), fc.constant(0))
const byAdmin = fc.oneof({ arbitrary: by, weight: 1 }, { arbitrary: fc.constant(0), weight: 6 })
const cellMove = fc
  .record({ name: cell, spec, isOdd: fc.nat({ max: 9 }) })
  .map((given) => ({ name: given.name, spec: given.isOdd === 9 ? given.spec : { ...given.spec, type: usualType(given.name) } }))
const moves = {
  create: fc.record({ does: fc.constant('create' as const), by, entity }),
  update: fc.record({ does: fc.constant('update' as const), by, entity }),
  delete: fc.record({ does: fc.constant('delete' as const), by, entity }),
  put: fc.record({ does: fc.constant('put' as const), by, entity, cell }),
  take: fc.record({ does: fc.constant('take' as const), by, entity, cell }),
  join: fc.record({ does: fc.constant('join' as const), by, env, type: link, from: name, to: name }),
  part: fc.record({ does: fc.constant('part' as const), by, env, type: link, from: name, to: name }),
  cell: fc.record({ does: fc.constant('cell' as const), by: byAdmin, cell: cellMove }),
  drop: fc.record({ does: fc.constant('drop' as const), by: byAdmin, cell }),
  apply: fc.record({
    does: fc.constant('apply' as const),
    by: byAdmin,
    env,
    entities: fc.uniqueArray(fc.record({ env, type, name, zone }), {
      maxLength: 5,
      selector: (one) => `${one.type}/${one.name}`,
    }),
    cell: fc.option(cellMove, { nil: undefined }),
    drop: fc.option(cell, { nil: undefined }),
  }),
}
/** Moves that change visibility are drawn more often. */
const often = [moves.update, moves.put, moves.take, moves.cell, moves.cell, moves.apply]
export const move = fc.oneof(...Object.values(moves), ...often) as fc.Arbitrary<Move>
export type Move = { [K in keyof typeof moves]: (typeof moves)[K] extends fc.Arbitrary<infer T> ? T : never }[keyof typeof moves]

/** The first moves of a world: cells that lie only below earlier ones, entities, members, relationships. */
export const beginning: fc.Arbitrary<Move[]> = fc
  .record({
    cells: fc.tuple(...cellNames.map(() => fc.option(spec, { nil: undefined, freq: 5 }))),
    entities: fc.uniqueArray(entity, { maxLength: 16, size: 'max', selector: entityKey }),
    puts: fc.array(moves.put, { maxLength: 10, size: 'max' }),
    joins: fc.array(moves.join, { maxLength: 10, size: 'max' }),
  })
  .map(({ cells, entities, puts, joins }) => [
    ...cells.flatMap((given, i): Move[] => {
      if (!given) return []
      const type = usualType(cellNames[i]!)
      const parents = given.parents.filter((parent) => cellNames.indexOf(parent) < i && usualType(parent) === type)
      return [{ does: 'cell', by: 0, cell: { name: cellNames[i]!, spec: { ...given, type, parents } } }]
    }),
    ...environments.map((one): Move => {
      const theirs = entities.filter((given) => given.env === one)
      return { does: 'apply', by: 0, env: one, entities: theirs, cell: undefined, drop: undefined }
    }),
    ...[...puts, ...joins].map((given) => ({ ...given, by: 0 })),
  ])

export const cellDocument = (cellName: string, { type: entityType, derived, parents }: CellSpec) => ({
  kind: 'Cell' as const,
  name: cellName,
  entityType,
  parentCells: parents,
  ...(derived && { membership: { derivedFrom: { property: 'zone', values: derived } } }),
})
export const entityDocument = ({ type: entityType, name: entityName, zone: value }: Omit<Entity, 'env'>) => ({
  kind: 'Entity' as const,
  entityType,
  name: entityName,
  properties: value === undefined ? {} : { zone: value },
})

type Ids = ReadonlyMap<string, string>
const UNKNOWN = '01a00000-0000-7000-8000-000000000000'

/** Performs the move with the product's own functions. */
export async function perform(context: ProjectContext, given: Move, ids: Ids): Promise<unknown> {
  if (given.does === 'create') return createEntity(context, given.entity.env, CreateEntity.parse(entityDocument(given.entity)))
  if (given.does === 'cell') {
    const document = cellDocument(given.cell.name, given.cell.spec)
    return ids.has(`cell ${given.cell.name}`)
      ? replaceCell(context, given.cell.name, PutCell.parse(document))
      : createCell(context, CreateCell.parse(document))
  }
  if (given.does === 'drop') return deleteCell(context, given.cell)
  if (given.does === 'apply') {
    const items = [...given.entities.map(entityDocument), ...(given.cell ? [cellDocument(given.cell.name, given.cell.spec)] : [])]
    const deletions = given.drop === undefined ? [] : [{ kind: 'Cell' as const, name: given.drop }]
    return apply(context, given.env, { items, deletions, force: false, dryRun: false })
  }
  if (given.does === 'join') {
    return createRelationship(
      context,
      given.env,
      CreateRelationship.parse({ relationshipType: given.type, from: given.from, to: given.to }),
    )
  }
  if (given.does === 'part') return deleteRelationship(context, given.env, ids.get(linkKey(ended(given))) ?? UNKNOWN)
  const { entity: one } = given
  const which = { entityType: one.type }
  if (given.does === 'delete') return deleteEntity(context, one.env, one.name, which)
  if (given.does === 'update') {
    const { properties } = CreateEntity.parse(entityDocument(one))
    return updateEntity(context, one.env, one.name, which, { properties, state: undefined, labels: undefined })
  }
  const where = { envName: one.env, name: given.cell, entityId: ids.get(entityKey(one)) ?? UNKNOWN }
  return given.does === 'put' ? addCellMember(context, where) : removeCellMember(context, where)
}

/** The relationship with the keys of its ends. */
export function ended(given: { env: string; type: string; from: string; to: string }) {
  const { from, to } = ends[given.type]!
  const end = (entityType: string, entityName: string) => entityKey({ env: given.env, type: entityType, name: entityName })
  return { env: given.env, type: given.type, from: end(from, given.from), to: end(to, given.to) }
}

/** Performs the move by the rules: changes the model, or answers the refusal's code and changes nothing. */
export function decide(model: ScopeModel, who: Scope, given: Move): string | undefined {
  const isScoped = who.env !== null || who.cells !== null
  if (given.does === 'cell' || given.does === 'drop' || given.does === 'apply') {
    return isScoped ? 'scoped_actor' : administer(model, given)
  }
  if (!admits(who, 'entity' in given ? given.entity.env : given.env)) return 'out_of_scope'
  if (given.does === 'join' || given.does === 'part') return relate(model, who, given)
  const { entity: one } = given
  const key = entityKey(one)
  const before = model.entities.get(key)
  if (given.does === 'create') {
    if (before) return 'entity_exists'
    return become(model, who, key, one)
  }
  if (!before) return 'entity_not_found'
  if (!model.sees(who, before)) return 'out_of_scope'
  if (given.does === 'update') return become(model, who, key, one)
  if (given.does === 'delete') {
    if ([...model.links.values()].some(({ from, to }) => from === key || to === key)) return 'entity_in_use'
    model.deleteEntity(key)
    return undefined
  }
  const target = model.cells.get(given.cell)
  if (!target) return 'cell_not_found'
  if (!model.reaches(who, given.cell)) return 'out_of_scope'
  if (target.derived) return 'derived_cell'
  if (target.type !== one.type) return 'invalid_membership'
  const member = `${given.cell} ${key}`
  const was = model.members.has(member)
  if (given.does === 'put') model.members.add(member)
  else model.members.delete(member)
  if (model.sees(who, before)) return undefined
  if (was) model.members.add(member)
  return 'out_of_scope'
}

/** An entity may become only what its writer can still see. */
function become(model: ScopeModel, who: Scope, key: string, next: Entity): string | undefined {
  if (!model.sees(who, next)) return 'out_of_scope'
  model.entities.set(key, next)
  return undefined
}

function relate(model: ScopeModel, who: Scope, given: Extract<Move, { does: 'join' | 'part' }>): string | undefined {
  const one = ended(given)
  const key = linkKey(one)
  const [from, to] = [model.entities.get(one.from), model.entities.get(one.to)]
  if (given.does === 'part' && !model.links.has(key)) return 'relationship_not_found'
  if (!from || !to) return 'entity_not_found'
  if (!model.sees(who, from) || !model.sees(who, to)) return 'out_of_scope'
  if (given.does === 'part') model.links.delete(key)
  else if (model.links.has(key)) return 'relationship_exists'
  else model.links.set(key, one)
  return undefined
}

function administer(model: ScopeModel, given: Extract<Move, { does: 'cell' | 'drop' | 'apply' }>): string | undefined {
  if (given.does === 'cell') return place(model, given.cell)
  if (given.does === 'drop') {
    if (!model.cells.has(given.cell)) return 'cell_not_found'
    if (model.children(given.cell).length > 0) return 'cell_in_use'
    model.deleteCell(given.cell)
    return undefined
  }
  // Items are applied one by one; deletions only if all items succeed, and only of cells without children.
  const failed = given.cell && place(model, given.cell)
  for (const one of given.entities) model.entities.set(entityKey({ ...one, env: given.env }), { ...one, env: given.env })
  if (failed || given.drop === undefined || model.children(given.drop).length > 0) return undefined
  model.deleteCell(given.drop)
  return undefined
}

function place(model: ScopeModel, { name: cellName, spec: next }: { name: string; spec: CellSpec }): string | undefined {
  const before = model.cells.get(cellName)
  const problem = model.problemWith(cellName, next)
  if (problem && problem !== 'cell_in_use') return problem
  if (before && before.type !== next.type) return 'cell_in_use'
  if (problem) return problem
  model.cells.set(cellName, next)
  return undefined
}
