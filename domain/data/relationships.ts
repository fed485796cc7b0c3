import type { PropertyValue } from '#contract/data/entities'
import type { RelationshipType } from '#contract/catalog/relationship-types'
import type { CreateRelationship, Relationship, RelationshipQuery, UpdateRelationship } from '#contract/data/relationships'
import type { Trx } from '#db/client'
import { type EntityRow, findEntities, listEffectiveCells, lockEntities } from '#db/queries/data/entities'
import type { Generation } from '#db/queries/project-rows'
import { findRelationshipType } from '#db/queries/catalog/relationship-types'
import { findByKeys } from './entities.ts'
import * as rows from '#db/queries/data/relationships'
import { audit } from '../audit/audit.ts'
import type { ProjectContext } from '../context.ts'
import { environmentToRead, environmentToWrite } from '../projects/environments.ts'
import { batchesOf } from '../batches.ts'
import { DomainError, type ErrorDetail, assertSound } from '../errors.ts'
import { inTurns } from '../give-way.ts'
import { newId } from '../ids.ts'
import { metricValues, withinMetricLimits } from './metrics.ts'
import { type Page, idCursor, toPage } from '../paging.ts'
import { assertCan } from '../access/permissions.ts'
import { assertRoomForRows } from '../limits/quotas.ts'
import { checkProperties } from '../catalog/property-values.ts'
import { storedForm, storedName } from '../stored-names.ts'
import { mostOf, presentRelationshipType, referenceIn } from '../catalog/relationship-types.ts'
import { assertWritesCells } from '../access/scope.ts'
import { assertMatches } from '../versions.ts'
import { reading, writingData } from '../writing.ts'

const present = (row: rows.RelationshipRow): Relationship => ({
  kind: 'Relationship',
  id: row.id,
  envName: row.env_name,
  relationshipType: row.relationship_type,
  from: { id: row.from_id, entityType: row.from_type, name: row.from_name },
  to: { id: row.to_id, entityType: row.to_type, name: row.to_name },
  state: row.state,
  properties: row.properties,
  labels: row.labels,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

const notFound = () => new DomainError('relationship_not_found', 'No such relationship in this environment')

export async function listRelationships(
  context: ProjectContext,
  envName: string,
  query: RelationshipQuery,
): Promise<Page<Relationship>> {
  assertCan(context, 'data:read')
  const environment = await environmentToRead(context, envName)
  const { relationshipType, state, entity, from, to, cursor, limit } = query
  const page = { relationshipType, state, entity, from, to, after: idCursor(cursor), limit }
  const found = await rows.listRelationships(context.db, reading(context), environment.id, context.grant.cellScopes, page)
  return toPage(found, limit, (row) => [row.id], present)
}

export async function getRelationship(context: ProjectContext, envName: string, id: string): Promise<Relationship> {
  assertCan(context, 'data:read')
  const environment = await environmentToRead(context, envName)
  const row = await rows.findRelationship(context.db, reading(context), environment.id, id, context.grant.cellScopes)
  if (!row) throw notFound()
  return present(row)
}

export async function createRelationship(
  context: ProjectContext,
  envName: string,
  input: CreateRelationship,
): Promise<Relationship> {
  assertCan(context, 'data:write')
  await assertRoomForRows(context)
  return writingData(context, async (trx, at) => {
    const environment = await environmentToWrite(context, trx, envName)
    const type = await typeOf(trx, at, input.relationshipType)
    const { from, to } = await lockEnds(trx, at, environment.id, type, input)
    await assertWritesEnds(trx, context, at, [from.id, to.id])
    const values = checked(type, input)
    const id = newId()
    return withinMetricLimits(trx, at, [from.id, to.id], async () => {
      const row = {
        id,
        env_id: environment.id,
        relationship_type: type.name,
        from_id: from.id,
        to_id: to.id,
        labels: input.labels,
        ...values,
      }
      if ((await rows.insertRelationships(trx, at, [row])).length === 0) {
        throw new DomainError('relationship_exists', `${from.name} already has the relationship ${type.name} to ${to.name}`)
      }
      await assertCardinalities(trx, at, type, [{ from, to }])
      await assertPropertySums(trx, at, type, [{ from, to }])
      const relationship = await reread(trx, at, environment.id, id)
      await audit(trx, context, 'relationship.created', target(relationship), { after: relationship })
      return relationship
    })
  })
}

export async function updateRelationship(
  context: ProjectContext,
  envName: string,
  id: string,
  input: UpdateRelationship,
): Promise<Relationship> {
  assertCan(context, 'data:write')
  return writingData(context, async (trx, at) => {
    const environment = await environmentToWrite(context, trx, envName)
    const before = await relationshipToWrite(trx, context, at, environment.id, id)
    const type = await typeOf(trx, at, before.relationshipType)
    const { from, to } = await lockEnds(trx, at, environment.id, type, { from: before.from.id, to: before.to.id })
    const values = checked(type, { state: input.state ?? before.state, properties: input.properties ?? before.properties })
    return withinMetricLimits(trx, at, [from.id, to.id], async () => {
      await rows.updateRelationships(trx, at, [{ id, labels: input.labels ?? before.labels, ...values }])
      if (input.properties) await assertPropertySums(trx, at, type, [{ from, to }])
      const after = await reread(trx, at, environment.id, id)
      await audit(trx, context, 'relationship.updated', target(after), { before, after })
      return after
    })
  })
}

export async function setRelationshipState(
  context: ProjectContext,
  envName: string,
  id: string,
  { state }: { state: string },
): Promise<Relationship> {
  assertCan(context, 'data:write')
  return updateRelationship(context, envName, id, { state, properties: undefined, labels: undefined })
}

export async function deleteRelationship(
  context: ProjectContext,
  envName: string,
  id: string,
): Promise<{ deleted: true; id: string }> {
  assertCan(context, 'data:write')
  return writingData(context, async (trx, at) => {
    const environment = await environmentToWrite(context, trx, envName)
    const before = await relationshipToWrite(trx, context, at, environment.id, id)
    await rows.deleteRelationship(trx, at, id)
    await audit(trx, context, 'relationship.deleted', target(before), { before })
    return { deleted: true, id }
  })
}

const target = ({ id, from, relationshipType, to }: Relationship) => ({
  kind: 'relationship',
  id,
  name: `${from.name} ${relationshipType} ${to.name}`,
})

async function typeOf(trx: Trx, at: Generation, name: string): Promise<RelationshipType> {
  const row = await findRelationshipType(trx, at, await storedName(trx, at, 'relationship_types', name))
  if (row) return presentRelationshipType(row)
  throw new DomainError('relationship_type_not_found', `There is no relationship type named ${name}`, [
    { path: 'relationshipType', message: 'must be an existing relationship type' },
  ])
}

/** Both ends, locked in the order of their ids, so that two writers between the same entities cannot deadlock. */
async function lockEnds(trx: Trx, at: Generation, envId: string, type: RelationshipType, given: { from: string; to: string }) {
  const from = await findEnd(trx, at, envId, 'from', { entityType: type.from, key: given.from })
  const to = await findEnd(trx, at, envId, 'to', { entityType: type.to, key: given.to })
  for (const id of [...new Set([from.id, to.id])].toSorted()) {
    // Deleted between the two statements.
    if ((await lockEntities(trx, at, envId, { id })).length === 0) throw noEnd(id === from.id ? 'from' : 'to', type.from, id)
  }
  return { from, to }
}

async function findEnd(
  trx: Trx,
  at: Generation,
  envId: string,
  end: 'from' | 'to',
  { entityType, key }: { entityType: string; key: string },
): Promise<EntityRow> {
  const [entity] = await findByKeys(key, { entityType }, (one) => findEntities(trx, at, envId, one, null))
  if (!entity || entity.entity_type !== entityType) throw noEnd(end, entityType, key)
  return entity
}

const noEnd = (end: 'from' | 'to', entityType: string, key: string) =>
  new DomainError('entity_not_found', `There is no ${entityType} ${key} in this environment`, [
    { path: end, message: `must be the id or name of an entity of type ${entityType}` },
  ])

async function assertWritesEnds(trx: Trx, context: ProjectContext, at: Generation, ids: string[]): Promise<void> {
  for (const id of ids) assertWritesCells(context, await listEffectiveCells(trx, at, id))
}

async function relationshipToWrite(
  trx: Trx,
  context: ProjectContext,
  at: Generation,
  envId: string,
  id: string,
): Promise<Relationship> {
  const row = await rows.lockRelationship(trx, at, envId, id)
  if (!row) throw notFound()
  await assertWritesEnds(trx, context, at, [row.from_id, row.to_id])
  const relationship = present(row)
  assertMatches(context, relationship)
  return relationship
}

type Ends = { from: Pick<EntityRow, 'id' | 'name' | 'properties'>; to: Pick<EntityRow, 'id' | 'name' | 'properties'> }
type Rules = Pick<RelationshipType, 'name' | 'cardinality' | 'constraints'>

const idsAt = (ends: Ends[], end: 'from' | 'to') => [...new Set(ends.map((one) => one[end].id))]

async function loadsAt(
  trx: Trx,
  at: Generation,
  type: string,
  end: 'from' | 'to',
  ends: Ends[],
): Promise<Map<string, rows.Load>> {
  const loads = new Map<string, rows.Load>()
  for (const batch of batchesOf(idsAt(ends, end)))
    for (const [id, load] of await rows.sumLoads(trx, at, type, end === 'from' ? 'from_id' : 'to_id', batch)) loads.set(id, load)
  return loads
}

/** Throws if an end has more relationships of the type than its cardinality allows. */
export async function assertCardinalities(trx: Trx, at: Generation, type: Rules, ends: Ends[]): Promise<void> {
  const most = mostOf[type.cardinality]
  for (const [end, limit] of [
    ['from', most.outgoing],
    ['to', most.incoming],
  ] as const) {
    if (limit === Infinity) continue
    const loads = await loadsAt(trx, at, type.name, end, ends)
    const full = ends.find((one) => (loads.get(one[end].id)?.n ?? 0) > limit)
    if (!full) continue
    throw new DomainError('cardinality_exceeded', `${type.name} is ${type.cardinality}, and ${full[end].name} already has one`, [
      { path: end, message: `already has a relationship ${type.name}` },
    ])
  }
}

/** Throws if the sum of a property, over all relationships of the type at the entity that sets the limit, exceeds it. */
export async function assertPropertySums(trx: Trx, at: Generation, type: Rules, ends: Ends[]): Promise<void> {
  if (type.constraints.length === 0) return
  const metrics = await metricValues(trx, at, [...new Set([...idsAt(ends, 'from'), ...idsAt(ends, 'to')])])
  for (const { property, leq } of type.constraints) {
    const limited = referenceIn(leq)
    const end = limited?.end ?? 'to'
    const loads = await loadsAt(trx, at, type.name, end, ends)
    for await (const { [end]: entity } of inTurns(ends)) {
      const given =
        limited?.of === 'metrics' ? metrics.get(entity.id)?.[limited.name] : limited && entity.properties[limited.name]
      const limit = limited ? given : leq
      const sum = loads.get(entity.id)?.sums[property] ?? 0
      if (typeof limit !== 'number' || sum <= limit) continue
      throw new DomainError(
        'constraint_exceeded',
        // Leaves out the sum: it would tell about relationships that the caller may not see.
        `The sum of ${property} over ${type.name} at ${entity.name} may be at most ${limit}`,
        [{ path: `properties.${property}`, message: `must keep the sum at or below ${limit}` }],
      )
    }
  }
}

type Given = { state?: string | undefined; properties: Record<string, PropertyValue> }

/** The state, the properties with their defaults, and every way in which they violate the type. */
export function checkRelationship(type: Pick<RelationshipType, 'states' | 'properties'>, given: Given) {
  const state = storedForm(type.states, given.state ?? type.states[0]!)
  const { values, problems } = checkProperties(type.properties, given.properties)
  const wrong: ErrorDetail[] = type.states.includes(state)
    ? []
    : [{ path: 'state', message: `must be one of ${type.states.join(', ')}` }]
  return { state, properties: values, problems: [...wrong, ...problems] }
}

function checked(type: RelationshipType, given: Given) {
  const { problems, ...values } = checkRelationship(type, given)
  assertSound('invalid_relationship', 'The relationship does not fit its type', problems)
  return values
}

async function reread(trx: Trx, at: Generation, envId: string, id: string): Promise<Relationship> {
  const row = await rows.findRelationship(trx, at, envId, id, null)
  if (!row) throw notFound()
  return present(row)
}
