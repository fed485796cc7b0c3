import type { Cell, CellQuery, CreateCell, PutCell } from '#contract/catalog/cells'
import type { EntityType } from '#contract/catalog/entity-types'
import type { Trx } from '#db/client'
import { deleteCells } from '#db/queries/catalog/catalog-changes'
import * as rows from '#db/queries/catalog/cells'
import { findEntityType } from '#db/queries/catalog/entity-types'
import type { Generation } from '#db/queries/project-rows'
import { audit } from '../audit/audit.ts'
import { tooDeep, tooDeepMessage } from './cell-hierarchy.ts'
import { type Shape, assertNobodyLimited } from './cell-in-scope.ts'
import type { ProjectContext } from '../context.ts'
import { seesAll } from '../access/counted.ts'
import { presentEntityType } from './entity-types.ts'
import { sizeProblems } from './document-size.ts'
import type { ErrorCode } from '#contract/errors'
import { DomainError } from '../errors.ts'
import { type Page, toPage } from '../paging.ts'
import { assertCan } from '../access/permissions.ts'
import { assertRoomForRows } from '../limits/quotas.ts'
import { assertSameName, pageAfter } from './names.ts'
import { storedForm, storedName, storedNames } from '../stored-names.ts'
import { assertMatches } from '../versions.ts'
import { updateMembership } from './membership.ts'
import { reading, writingProject } from '../writing.ts'

export const presentCell = (row: rows.CellRow): Cell => ({
  kind: 'Cell',
  name: row.name,
  displayName: row.display_name,
  entityType: row.entity_type,
  placementPolicy: row.placement_policy,
  constraints: row.constraints as Cell['constraints'],
  parentCells: row.parents,
  ...(row.derived_property !== null && {
    membership: { derivedFrom: { property: row.derived_property, ...(row.derived_values && { values: row.derived_values }) } },
  }),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

type Spec = Omit<CreateCell, 'name' | 'kind'>

export const cellSpec = (name: string, input: Spec): rows.CellSpec => ({
  name,
  display_name: input.displayName ?? name,
  entity_type: input.entityType,
  placement_policy: input.placementPolicy,
  constraints: input.constraints,
  derived_property: input.membership?.derivedFrom.property ?? null,
  derived_values: input.membership?.derivedFrom.values ?? null,
})

export const cellNotFound = (name: string) => new DomainError('cell_not_found', `There is no cell named ${name}`)

export async function listCells(context: ProjectContext, query: CellQuery): Promise<Page<Cell>> {
  assertCan(context, 'catalog:read')
  const found = await rows.listCells(context.db, reading(context), pageAfter(query), query.q)
  return toPage(found, query.limit, (row) => [row.created_at, row.name], presentCell)
}

export async function getCell(context: ProjectContext, asked: string): Promise<Cell> {
  assertCan(context, 'catalog:read')
  const name = await storedName(context.db, reading(context), 'cells', asked)
  return getRow(context.db as Trx, reading(context), name)
}

export async function createCell(context: ProjectContext, input: CreateCell): Promise<Cell> {
  assertCan(context, 'catalog:write')
  await assertRoomForRows(context)
  return writingProject(context, async (trx, _, at) => {
    const stored = await asStored(trx, at, input)
    await assertFits(trx, at, input.name, stored)
    if (await rows.findCell(trx, at, await storedName(trx, at, 'cells', input.name))) {
      throw new DomainError('cell_exists', `There is already a cell named ${input.name}. Choose another name`)
    }
    await save(trx, at, input.name, stored)
    const cell = await getRow(trx, at, input.name)
    await audit(trx, context, 'cell.created', { kind: 'cell', id: input.name }, { after: cell })
    return cell
  })
}

export async function replaceCell(
  context: ProjectContext,
  asked: string,
  sent: PutCell,
  { force }: { force: boolean } = { force: false },
): Promise<Cell> {
  assertCan(context, 'catalog:write')
  const name = await storedName(context.db, reading(context), 'cells', asked)
  assertSameName('A cell', name, sent.name)
  return writingProject(context, async (trx, _, at) => {
    const before = await getRow(trx, at, name)
    assertMatches(context, before)
    const input = await asStored(trx, at, sent)
    const cells = await assertFits(trx, at, name, input)
    if (before.entityType !== input.entityType)
      throw new DomainError('cell_in_use', 'The entity type of a cell can’t be changed. Delete the cell and create another', [
        { path: 'entityType', message: `must stay ${before.entityType}` },
      ])
    if (input.membership && (await rows.hasExplicitMembers(trx, at, name))) {
      throw new DomainError(
        'cell_in_use',
        'This cell has entities that were added one by one. Remove them before you derive its members from a property',
      )
    }
    const changed = new Map<string, Shape>([...cells, [name, input]])
    await assertNobodyLimited(trx, context, { names: [name], before: cells, after: changed }, force)
    await save(trx, at, name, input)
    const after = await getRow(trx, at, name)
    await audit(trx, context, 'cell.updated', { kind: 'cell', id: name }, { before, after })
    return after
  })
}

export async function deleteCell(
  context: ProjectContext,
  asked: string,
  { force }: { force: boolean } = { force: false },
): Promise<{ deleted: true; name: string }> {
  assertCan(context, 'catalog:write')
  const name = await storedName(context.db, reading(context), 'cells', asked)
  return writingProject(context, async (trx, _, at) => {
    const before = await getRow(trx, at, name)
    assertMatches(context, before)
    const children = await rows.listChildren(trx, at, name)
    if (children.length > 0)
      throw new DomainError(
        'cell_in_use',
        `${name} is the parent of ${seesAll(context) ? children.join(', ') : 'other cells'}. Change their parents first`,
      )
    await assertNobodyLimited(trx, context, { names: [name], before: await cellsOf(trx, at), after: new Map() }, force)
    const above = (await rows.listSelfAndAncestors(trx, at, [name])).filter((cell) => cell !== name)
    await deleteCells(trx, at, [name])
    await updateMembership(trx, at, { cells: above })
    await audit(trx, context, 'cell.deleted', { kind: 'cell', id: name }, { before })
    return { deleted: true, name }
  })
}

type CellProblemCode = Extract<
  ErrorCode,
  | 'unknown_entity_type'
  | 'invalid_membership'
  | 'parent_cell_not_found'
  | 'invalid_parent'
  | 'cell_cycle'
  | 'cell_too_deep'
  | 'invalid_request'
>
type CellProblem = { code: CellProblemCode; path: string; message: string }
type TypeView = Pick<EntityType, 'name' | 'properties' | 'metrics'>
type CellView = Pick<Cell, 'entityType' | 'parentCells'>

/**
 * Checks that the type exists and has the property that the cell derives from, and that the parents exist and have the same type.
 */
export function cellProblem(
  name: string,
  input: Spec,
  type: TypeView | undefined,
  cells: ReadonlyMap<string, CellView>,
): CellProblem | undefined {
  if (!type)
    return {
      code: 'unknown_entity_type',
      path: 'entityType',
      message: `must be an existing entity type; ${input.entityType} is not`,
    }
  const property = input.membership?.derivedFrom.property
  if (property !== undefined && !type.properties.some((one) => one.name === property)) {
    return {
      code: 'invalid_membership',
      path: 'membership.derivedFrom.property',
      message: `must be a property of ${type.name}; ${property} is not`,
    }
  }
  const unknown = input.constraints.findIndex((constraint) => !type.metrics.some((metric) => metric.name === constraint.metric))
  if (unknown >= 0)
    return { code: 'invalid_request', path: `constraints.${unknown}.metric`, message: `must be a metric of ${type.name}` }
  if (input.parentCells.includes(name))
    return { code: 'cell_cycle', path: 'parentCells', message: 'must not contain the cell itself' }
  const missing = input.parentCells.find((parent) => !cells.has(parent))
  if (missing !== undefined)
    return { code: 'parent_cell_not_found', path: 'parentCells', message: `must name existing cells; ${missing} does not exist` }
  const other = input.parentCells.find((parent) => cells.get(parent)?.entityType !== input.entityType)
  if (other !== undefined) {
    return {
      code: 'invalid_parent',
      path: 'parentCells',
      message: `must hold entities of type ${input.entityType}; ${other} holds ${cells.get(other)?.entityType}`,
    }
  }
  return undefined
}

/** Whether a cell is among these cells or above them, so that they cannot be its parents. */
export function liesAbove(name: string, below: string[], cells: ReadonlyMap<string, Pick<CellView, 'parentCells'>>): boolean {
  const seen = new Set<string>()
  const pending = [...below]
  for (let cell = pending.pop(); cell !== undefined; cell = pending.pop()) {
    if (cell === name) return true
    if (seen.has(cell)) continue
    seen.add(cell)
    pending.push(...(cells.get(cell)?.parentCells ?? []))
  }
  return false
}

/** Checks that the cell is not above itself and that neither it nor a cell below it is too deep. */
function placeProblem(name: string, { parentCells }: Spec, cells: ReadonlyMap<string, CellView>): CellProblem | undefined {
  if (liesAbove(name, parentCells, cells))
    return { code: 'cell_cycle', path: 'parentCells', message: `must not contain a cell that has ${name} above it` }
  const [deep] = tooDeep(cells, new Map<string, Pick<CellView, 'parentCells'>>([...cells, [name, { parentCells }]]))
  return deep === undefined ? undefined : { code: 'cell_too_deep', path: 'parentCells', message: tooDeepMessage(deep) }
}

/** All cells of a project, by name. */
export async function cellsOf(trx: Trx, at: Generation): Promise<Map<string, Cell>> {
  const cells = await rows.listCells(trx, at, { after: undefined, limit: 1_000_000 })
  return new Map(cells.map((cell) => [cell.name, presentCell(cell)]))
}

/** The cell with the names that it refers to as they are stored, which may be older and not in NFC. */
async function asStored<One extends Spec>(trx: Trx, at: Generation, input: One): Promise<One> {
  const entityType = await storedName(trx, at, 'entity_types', input.entityType)
  const type = await findEntityType(trx, at, entityType)
  const [properties, metrics] = type ? namesIn(presentEntityType(type)) : [[], []]
  const derivedFrom = input.membership?.derivedFrom
  return {
    ...input,
    entityType,
    parentCells: await storedNames(trx, at, 'cells', input.parentCells),
    constraints: input.constraints.map((one) => ({ ...one, metric: storedForm(metrics, one.metric) })),
    ...(derivedFrom && {
      membership: { derivedFrom: { ...derivedFrom, property: storedForm(properties, derivedFrom.property) } },
    }),
  }
}

const namesIn = ({ properties, metrics }: TypeView): [string[], string[]] => [
  properties.map(({ name }) => name),
  metrics.map(({ name }) => name),
]

/** Throws unless the cell fits among the others. Returns the others. */
async function assertFits(trx: Trx, at: Generation, name: string, input: Spec): Promise<Map<string, Cell>> {
  const type = await findEntityType(trx, at, input.entityType)
  const views = await cellsOf(trx, at)
  const [large] = sizeProblems(input)
  const problem = large
    ? { code: 'invalid_request' as const, ...large }
    : (cellProblem(name, input, type && presentEntityType(type), views) ?? placeProblem(name, input, views))
  if (!problem) return views
  const { code, path, message } = problem
  throw new DomainError(code, `The cell can’t be saved: ${path} ${message}`, [{ path, message }])
}

/** Writes the cell and updates the membership of it and of all cells above it, before or after. */
async function save(trx: Trx, at: Generation, name: string, input: Spec): Promise<void> {
  const before = await rows.listSelfAndAncestors(trx, at, [name])
  await rows.upsertCells(trx, at, [{ ...cellSpec(name, input), parents: input.parentCells }])
  const after = await rows.listSelfAndAncestors(trx, at, [name])
  await updateMembership(trx, at, { cells: [...new Set([...before, ...after])] })
}

async function getRow(db: Trx, at: Generation, name: string): Promise<Cell> {
  const row = await rows.findCell(db, at, name)
  if (!row) throw cellNotFound(name)
  return presentCell(row)
}
