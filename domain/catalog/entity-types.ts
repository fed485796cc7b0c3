import type { PageQuery } from '#contract/common'
import type { CreateEntityType, EntityType, PutEntityType } from '#contract/catalog/entity-types'
import type { Database, Trx } from '#db/client'
import { deleteEntityTypes, findDroppedUses } from '#db/queries/catalog/catalog-changes'
import { listCells } from '#db/queries/catalog/cells'
import * as rows from '#db/queries/catalog/entity-types'
import type { Generation } from '#db/queries/project-rows'
import { listRelationshipTypes } from '#db/queries/catalog/relationship-types'
import { audit } from '../audit/audit.ts'
import type { ProjectContext } from '../context.ts'
import { dependentProblem } from './entity-type-dependents.ts'
import { sizeProblems } from './document-size.ts'
import { counted } from '../access/counted.ts'
import { DomainError, type ErrorDetail, assertSound } from '../errors.ts'
import { type Page, toPage } from '../paging.ts'
import { assertCan } from '../access/permissions.ts'
import { assertRoomForRows } from '../limits/quotas.ts'
import { duplicates, lostProperties, typeProblems, usedProblems } from './property-values.ts'
import { presentRelationshipType } from './relationship-types.ts'
import { assertSameName, pageAfter } from './names.ts'
import { storedName } from '../stored-names.ts'
import { assertMatches } from '../versions.ts'
import { reading, writingProject } from '../writing.ts'

/** Valid in every type, listed or not (reference 6). */
const alwaysValidStates = ['active', 'failed']

export const validStates = (type: { states: string[] }) => [...new Set([...type.states, ...alwaysValidStates])]

export const presentEntityType = (row: rows.EntityTypeRow): EntityType => ({
  kind: 'EntityType',
  name: row.name,
  displayName: row.display_name,
  states: row.states,
  initialState: row.initial_state,
  properties: row.properties as EntityType['properties'],
  metrics: row.metrics as EntityType['metrics'],
  constraints: row.constraints as EntityType['constraints'],
  ...(row.sync as Pick<EntityType, 'syncTracked' | 'syncFreshness' | 'applier'>),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

const notFound = (name: string) => new DomainError('entity_type_not_found', `There is no entity type named ${name}`)

/** What the shapes cannot check: the initial state exists, names are unique, and defaults have their property's type. */
export function entityTypeProblems(type: Omit<CreateEntityType, 'name' | 'kind'>): ErrorDetail[] {
  const metrics = type.metrics.map((metric) => metric.name)
  return [
    ...(validStates(type).includes(type.initialState) ? [] : [{ path: 'initialState', message: 'must be one of the states' }]),
    ...typeProblems(type),
    ...duplicates(metrics, 'metrics'),
    ...type.constraints.flatMap((constraint, i) =>
      metrics.includes(constraint.metric) ? [] : [{ path: `constraints.${i}.metric`, message: 'must be a metric of this type' }],
    ),
  ]
}

const assertConsistent = (type: Omit<CreateEntityType, 'name' | 'kind'>): void =>
  assertSound('invalid_entity_type', 'The entity type is not valid', [...sizeProblems(type), ...entityTypeProblems(type)])

export const entityTypeSpec = (name: string, input: Omit<CreateEntityType, 'name' | 'kind'>): rows.EntityTypeSpec => ({
  name,
  display_name: input.displayName ?? name,
  states: input.states,
  initial_state: input.initialState,
  properties: input.properties,
  metrics: input.metrics,
  constraints: input.constraints,
  sync: { syncTracked: input.syncTracked, syncFreshness: input.syncFreshness, applier: input.applier },
})

export async function listEntityTypes(context: ProjectContext, query: PageQuery): Promise<Page<EntityType>> {
  assertCan(context, 'catalog:read')
  const found = await rows.listEntityTypes(context.db, reading(context), pageAfter(query))
  return toPage(found, query.limit, (row) => [row.created_at, row.name], presentEntityType)
}

export async function getEntityType(context: ProjectContext, asked: string): Promise<EntityType> {
  assertCan(context, 'catalog:read')
  const name = await storedName(context.db, reading(context), 'entity_types', asked)
  return reread(context.db, reading(context), name)
}

export async function createEntityType(context: ProjectContext, input: CreateEntityType): Promise<EntityType> {
  assertCan(context, 'catalog:write')
  assertConsistent(input)
  await assertRoomForRows(context)
  return writingProject(context, async (trx, _, at) => {
    if (await rows.findEntityType(trx, at, await storedName(trx, at, 'entity_types', input.name))) {
      throw new DomainError('entity_type_exists', `There is already an entity type named ${input.name}. Choose another name`)
    }
    await rows.upsertEntityTypes(trx, at, [entityTypeSpec(input.name, input)])
    const type = await reread(trx, at, input.name)
    await audit(trx, context, 'entity-type.created', { kind: 'entity-type', id: input.name }, { after: type })
    return type
  })
}

export async function replaceEntityType(context: ProjectContext, asked: string, input: PutEntityType): Promise<EntityType> {
  assertCan(context, 'catalog:write')
  const name = await storedName(context.db, reading(context), 'entity_types', asked)
  assertSameName('An entity type', name, input.name)
  assertConsistent(input)
  return writingProject(context, async (trx, _, at) => {
    const before = await reread(trx, at, name)
    assertMatches(context, before)
    await assertDropsNothingInUse(trx, at, before, input)
    await rows.upsertEntityTypes(trx, at, [entityTypeSpec(name, input)])
    const after = await reread(trx, at, name)
    await audit(trx, context, 'entity-type.updated', { kind: 'entity-type', id: name }, { before, after })
    return after
  })
}

/** Keeps states that entities are in, properties with values (and their types), and properties that a cell derives from. */
async function assertDropsNothingInUse(trx: Trx, at: Generation, before: EntityType, after: PutEntityType): Promise<void> {
  const states = validStates(before).filter((state) => !validStates(after).includes(state))
  const properties = lostProperties(before.properties, after.properties)
  const used = await findDroppedUses(trx, at, 'entities', { type: before.name, states, properties })
  const dropped = properties.filter((name) => !after.properties.some((property) => property.name === name))
  const deriving = await rows.listCellsDerivedFrom(trx, at, before.name, dropped)
  const problems = [
    ...usedProblems('entities', used, after.properties),
    ...deriving.map((cell) => ({
      path: 'properties',
      message: `must keep ${cell.derived_property}, because the members of the cell ${cell.name} are derived from it`,
    })),
  ]
  const broken = problems.length === 0 && (await brokenDependent(trx, at, { ...after, name: before.name }))
  if (broken) problems.push(broken)
  assertSound('entity_type_in_use', 'The entity type is in use', problems)
}

async function brokenDependent(trx: Trx, at: Generation, type: Pick<EntityType, 'name' | 'properties' | 'metrics'>) {
  const everything = { after: undefined, limit: 1_000_000 }
  const cells = (await listCells(trx, at, everything)).filter((cell) => cell.entity_type === type.name)
  const types = new Map((await rows.listEntityTypes(trx, at, everything)).map((row) => [row.name, presentEntityType(row)]))
  return dependentProblem(
    type,
    cells.map((cell) => ({
      name: cell.name,
      property: cell.derived_property,
      constraints: cell.constraints as { metric: string }[],
    })),
    (await listRelationshipTypes(trx, at, everything)).map(presentRelationshipType),
    (name) => types.get(name)!,
  )
}

export async function deleteEntityType(context: ProjectContext, asked: string): Promise<{ deleted: true; name: string }> {
  assertCan(context, 'catalog:write')
  const name = await storedName(context.db, reading(context), 'entity_types', asked)
  return writingProject(context, async (trx, _, at) => {
    const before = await reread(trx, at, name)
    assertMatches(context, before)
    const uses = await rows.countEntityTypeUses(trx, at, name)
    const holders = [
      counted(context, uses.entities, 'entity', 'entities'),
      counted(context, uses.cells, 'cell', 'cells'),
      counted(context, uses.relationshipTypes, 'relationship type', 'relationship types'),
    ].filter(Boolean)
    if (holders.length > 0)
      throw new DomainError('entity_type_in_use', `${name} still has ${holders.join(', ')}. Delete them first`)
    await deleteEntityTypes(trx, at, [name])
    await audit(trx, context, 'entity-type.deleted', { kind: 'entity-type', id: name }, { before })
    return { deleted: true, name }
  })
}

async function reread(db: Database | Trx, at: Generation, name: string): Promise<EntityType> {
  const row = await rows.findEntityType(db, at, name)
  if (!row) throw notFound(name)
  return presentEntityType(row)
}
