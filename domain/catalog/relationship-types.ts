import type { PageQuery } from '#contract/common'
import type { EntityType } from '#contract/catalog/entity-types'
import type { CreateRelationshipType, PutRelationshipType, RelationshipType } from '#contract/catalog/relationship-types'
import type { Database, Trx } from '#db/client'
import { findDroppedUses } from '#db/queries/catalog/catalog-changes'
import { findEntityType } from '#db/queries/catalog/entity-types'
import type { Generation } from '#db/queries/project-rows'
import * as rows from '#db/queries/catalog/relationship-types'
import { audit } from '../audit/audit.ts'
import type { ProjectContext } from '../context.ts'
import { sizeProblems } from './document-size.ts'
import { counted } from '../access/counted.ts'
import { DomainError, type ErrorDetail, assertSound } from '../errors.ts'
import { type Page, toPage } from '../paging.ts'
import { assertCan } from '../access/permissions.ts'
import { assertRoomForRows } from '../limits/quotas.ts'
import { lostProperties, typeProblems, usedProblems } from './property-values.ts'
import { assertSameName, pageAfter } from './names.ts'
import { storedName, storedNames } from '../stored-names.ts'
import { assertMatches } from '../versions.ts'
import { reading, writingProject } from '../writing.ts'

export const presentRelationshipType = (row: rows.RelationshipTypeRow): RelationshipType => ({
  kind: 'RelationshipType',
  name: row.name,
  displayName: row.display_name,
  from: row.from_type,
  to: row.to_type,
  cardinality: row.cardinality,
  states: row.states,
  properties: row.properties as RelationshipType['properties'],
  constraints: row.constraints as RelationshipType['constraints'],
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

type Spec = Omit<CreateRelationshipType, 'name' | 'kind'>

export const relationshipTypeSpec = (name: string, input: Spec): rows.RelationshipTypeSpec => ({
  name,
  display_name: input.displayName ?? name,
  from_type: input.from,
  to_type: input.to,
  cardinality: input.cardinality,
  states: input.states,
  properties: input.properties,
  constraints: input.constraints,
})

/** How many relationships of a type an entity may have, outgoing and incoming. */
export const mostOf = {
  'one-to-one': { outgoing: 1, incoming: 1 },
  'one-to-many': { outgoing: Infinity, incoming: 1 },
  'many-to-one': { outgoing: 1, incoming: Infinity },
  'many-to-many': { outgoing: Infinity, incoming: Infinity },
} as const

const reference = /^\{\{\s*(from|to)\.(metrics|properties)\.([^\s{}]+)\s*\}\}$/

/** `{{ to.metrics.cpu }}` → where the value is; undefined for a number. */
export function referenceIn(
  leq: number | string,
): { end: 'from' | 'to'; of: 'metrics' | 'properties'; name: string } | undefined {
  const [, end, of, name] = typeof leq === 'string' ? (reference.exec(leq) ?? []) : []
  return end && of && name ? { end: end as 'from' | 'to', of: of as 'metrics' | 'properties', name } : undefined
}

type End = Pick<EntityType, 'name' | 'properties' | 'metrics'>

/** What the shapes cannot check: unique names, defaults of their property's type, and constraints on numbers that exist. */
export function relationshipTypeProblems(input: Spec, from: End, to: End): ErrorDetail[] {
  const isNumber = (type: string | undefined) => type === 'integer' || type === 'number'
  const constraints = input.constraints.flatMap((constraint, i): ErrorDetail[] => {
    const path = `constraints.${i}`
    const summed = input.properties.find((property) => property.name === constraint.property)
    if (!isNumber(summed?.type))
      return [{ path: `${path}.property`, message: 'must be a property of the type integer or number' }]
    const limit = referenceIn(constraint.leq)
    if (!limit) return []
    const end = limit.end === 'from' ? from : to
    const known =
      limit.of === 'metrics'
        ? end.metrics.some((metric) => metric.name === limit.name)
        : isNumber(end.properties.find((property) => property.name === limit.name)?.type)
    return known
      ? []
      : [{ path: `${path}.leq`, message: `must refer to a number: ${end.name} has no number ${limit.of}.${limit.name}` }]
  })
  return [...typeProblems(input), ...constraints]
}

const notFound = (name: string) => new DomainError('relationship_type_not_found', `There is no relationship type named ${name}`)

export async function listRelationshipTypes(context: ProjectContext, query: PageQuery): Promise<Page<RelationshipType>> {
  assertCan(context, 'catalog:read')
  const found = await rows.listRelationshipTypes(context.db, reading(context), pageAfter(query))
  return toPage(found, query.limit, (row) => [row.created_at, row.name], presentRelationshipType)
}

export async function getRelationshipType(context: ProjectContext, asked: string): Promise<RelationshipType> {
  assertCan(context, 'catalog:read')
  const name = await storedName(context.db, reading(context), 'relationship_types', asked)
  return reread(context.db, reading(context), name)
}

export async function createRelationshipType(context: ProjectContext, input: CreateRelationshipType): Promise<RelationshipType> {
  assertCan(context, 'catalog:write')
  await assertRoomForRows(context)
  return writingProject(context, async (trx, _, at) => {
    const stored = await withStoredEnds(trx, at, input)
    await assertFits(trx, at, stored)
    if (await rows.findRelationshipType(trx, at, await storedName(trx, at, 'relationship_types', input.name))) {
      throw new DomainError(
        'relationship_type_exists',
        `There is already a relationship type named ${input.name}. Choose another name`,
      )
    }
    await rows.upsertRelationshipTypes(trx, at, [relationshipTypeSpec(input.name, stored)])
    const type = await reread(trx, at, input.name)
    await audit(trx, context, 'relationship-type.created', { kind: 'relationship-type', id: input.name }, { after: type })
    return type
  })
}

export async function replaceRelationshipType(
  context: ProjectContext,
  asked: string,
  sent: PutRelationshipType,
): Promise<RelationshipType> {
  assertCan(context, 'catalog:write')
  const name = await storedName(context.db, reading(context), 'relationship_types', asked)
  assertSameName('A relationship type', name, sent.name)
  return writingProject(context, async (trx, _, at) => {
    const before = await reread(trx, at, name)
    assertMatches(context, before)
    const input = await withStoredEnds(trx, at, sent)
    await assertFits(trx, at, input)
    await assertDropsNothingInUse(trx, at, before, input)
    await rows.upsertRelationshipTypes(trx, at, [relationshipTypeSpec(name, input)])
    const after = await reread(trx, at, name)
    await audit(trx, context, 'relationship-type.updated', { kind: 'relationship-type', id: name }, { before, after })
    return after
  })
}

export async function deleteRelationshipType(context: ProjectContext, asked: string): Promise<{ deleted: true; name: string }> {
  assertCan(context, 'catalog:write')
  const name = await storedName(context.db, reading(context), 'relationship_types', asked)
  return writingProject(context, async (trx, _, at) => {
    const before = await reread(trx, at, name)
    assertMatches(context, before)
    const uses = counted(context, await rows.countRelationshipsOf(trx, at, name), 'relationship', 'relationships')
    if (uses) throw new DomainError('relationship_type_in_use', `${name} still has ${uses}. Delete them first`)
    await rows.deleteRelationshipTypes(trx, at, [name])
    await audit(trx, context, 'relationship-type.deleted', { kind: 'relationship-type', id: name }, { before })
    return { deleted: true, name }
  })
}

async function withStoredEnds<One extends Spec>(trx: Trx, at: Generation, input: One): Promise<One> {
  const [from = input.from, to = input.to] = await storedNames(trx, at, 'entity_types', [input.from, input.to])
  return { ...input, from, to }
}

async function assertFits(trx: Trx, at: Generation, input: Spec): Promise<void> {
  const ends = await Promise.all([findEntityType(trx, at, input.from), findEntityType(trx, at, input.to)])
  const missing = ends[0] ? (ends[1] ? undefined : 'to') : 'from'
  if (missing) {
    const sentence = `There is no entity type named ${input[missing]}`
    throw new DomainError('unknown_entity_type', sentence, [{ path: missing, message: 'must be an existing entity type' }])
  }
  const problems = [
    ...sizeProblems(input),
    ...relationshipTypeProblems(input, ends[0] as unknown as End, ends[1] as unknown as End),
  ]
  assertSound('invalid_relationship_type', 'The relationship type is not valid', problems)
}

/**
 * Keeps states that relationships are in, properties with values (and their types), the ends of existing relationships, and a
 * cardinality in use.
 */
async function assertDropsNothingInUse(trx: Trx, at: Generation, before: RelationshipType, after: Spec): Promise<void> {
  const states = before.states.filter((state) => !after.states.includes(state))
  const properties = lostProperties(before.properties, after.properties)
  const used = await findDroppedUses(trx, at, 'relationships', { type: before.name, states, properties })
  const most = await rows.countMost(trx, at, before.name)
  const allowed = mostOf[after.cardinality]
  const inUse = most.outgoing > 0
  const problems = [
    ...usedProblems('relationships', used, after.properties),
    ...(inUse && before.from !== after.from
      ? [{ path: 'from', message: `must stay ${before.from} while relationships exist` }]
      : []),
    ...(inUse && before.to !== after.to ? [{ path: 'to', message: `must stay ${before.to} while relationships exist` }] : []),
    ...(most.outgoing > allowed.outgoing || most.incoming > allowed.incoming
      ? [{ path: 'cardinality', message: `must allow the relationships that exist; ${after.cardinality} does not` }]
      : []),
  ]
  assertSound('relationship_type_in_use', 'The relationship type is in use', problems)
}

async function reread(db: Database | Trx, at: Generation, name: string): Promise<RelationshipType> {
  const row = await rows.findRelationshipType(db, at, name)
  if (!row) throw notFound(name)
  return presentRelationshipType(row)
}
