import type {
  CreateEntity,
  Entity,
  EntityQuery,
  PropertyValue,
  PushMetrics,
  UpdateEntity,
  WhichEntity,
} from '#contract/data/entities'
import type { EntityType } from '#contract/catalog/entity-types'
import { composed, formsOf } from '#contract/text'
import type { Database, Trx } from '#db/client'
import * as rows from '#db/queries/data/entities'
import { listEntities as listPage } from '#db/queries/data/entity-pages'
import { findEntityType } from '#db/queries/catalog/entity-types'
import { mergeMetrics } from '#db/queries/data/metrics'
import type { Generation } from '#db/queries/project-rows'
import { countRelationshipsAt } from '#db/queries/data/relationships'
import { audit } from '../audit/audit.ts'
import type { ProjectContext } from '../context.ts'
import { presentEntityType, validStates } from '../catalog/entity-types.ts'
import { counted } from '../access/counted.ts'
import { environmentToRead, environmentToWrite } from '../projects/environments.ts'
import { DomainError, type ErrorDetail, assertSound } from '../errors.ts'
import { isId, newId } from '../ids.ts'
import { type MetricValues, assertPushable, isDerived, metricValues, withinMetricLimits } from './metrics.ts'
import { type Page, idCursor, toPage } from '../paging.ts'
import { updateMembership } from '../catalog/membership.ts'
import { storedForm, storedName } from '../stored-names.ts'
import { assertCan } from '../access/permissions.ts'
import { assertRoomForRows } from '../limits/quotas.ts'
import { checkProperties } from '../catalog/property-values.ts'
import { assertWritesCells } from '../access/scope.ts'
import { assertMatches } from '../versions.ts'
import { reading, writingData } from '../writing.ts'

const present = (row: rows.EntityRow, metrics: MetricValues = {}): Entity => ({
  kind: 'Entity',
  id: row.id,
  envName: row.env_name,
  entityType: row.entity_type,
  name: row.name,
  state: row.state,
  properties: row.properties,
  labels: row.labels,
  metrics,
  cells: row.cells,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

/**
 * The keys that an id or a name may mean, in turn: an id before the name that looks like one, which only older entities have, and
 * a name in each form in which it may be stored. A name may also need its type.
 */
const entityKeysOf = (idOrName: string, { entityType }: WhichEntity): rows.EntityKey[] => [
  ...(isId(idOrName) ? [{ id: idOrName.toLowerCase() }] : []),
  ...formsOf(idOrName).map((name) => ({ name, entityType })),
]

/** What the first of these keys finds that finds anything. */
export async function findByKeys(
  idOrName: string,
  which: WhichEntity,
  find: (key: rows.EntityKey) => Promise<rows.EntityRow[]>,
): Promise<rows.EntityRow[]> {
  for (const key of entityKeysOf(idOrName, which)) {
    // oxlint-disable-next-line no-await-in-loop -- nearly always the first key finds it
    const found = await find(key)
    if (found.length > 0) return found
  }
  return []
}

/** Refuses the name of a new entity that looks like an id. */
export const idLikeProblem = ({ name }: { name: string }): ErrorDetail[] =>
  isId(name) ? [{ path: 'name', message: 'must not look like a UUID, because an entity is also found by its id' }] : []

/** The only match, or an error that says what to add. */
export function singleEntity(found: rows.EntityRow[], name: string): rows.EntityRow {
  const [first, second] = found
  if (!first) throw new DomainError('entity_not_found', `There is no entity ${name} in this environment`)
  if (second)
    throw new DomainError('ambiguous_name', `Entities of several types are named ${name}. Add ?entityType=, or use the id`)
  return first
}

const forms = (name: string | undefined) => (name === undefined ? undefined : formsOf(name))

export async function listEntities(
  context: ProjectContext,
  envName: string,
  query: Pick<EntityQuery, 'limit' | 'cursor'> & Partial<EntityQuery>,
): Promise<Page<Entity>> {
  assertCan(context, 'data:read')
  const environment = await environmentToRead(context, envName)
  const { entityType, state, cell, label, q, limit, cursor } = query
  const colon = label?.indexOf(':') ?? -1
  const found = await listPage(context.db, reading(context), environment.id, context.grant.cellScopes, {
    entityType: forms(entityType),
    state: forms(state),
    cell: forms(cell),
    label: label === undefined ? undefined : { keys: formsOf(label.slice(0, colon)), value: composed(label.slice(colon + 1)) },
    q,
    after: idCursor(cursor),
    limit,
  })
  const metrics = await metricsOf(context, context.db, reading(context), found)
  return toPage(
    found,
    limit,
    (row) => [row.id],
    (row) => present(row, metrics.get(row.id)),
  )
}

export async function getEntity(context: ProjectContext, envName: string, name: string, which: WhichEntity): Promise<Entity> {
  assertCan(context, 'data:read')
  const environment = await environmentToRead(context, envName)
  const at = reading(context)
  const row = singleEntity(
    await findByKeys(name, which, (key) => rows.findEntities(context.db, at, environment.id, key, context.grant.cellScopes)),
    name,
  )
  return present(row, (await metricsOf(context, context.db, at, [row])).get(row.id))
}

/** The metrics of these entities, limited to what the caller may see. */
const metricsOf = ({ grant }: ProjectContext, db: Database | Trx, at: Generation, found: rows.EntityRow[]) =>
  metricValues(
    db,
    at,
    found.map((row) => row.id),
    grant.cellScopes,
  )

const taken = (type: string, name: string, envName: string) =>
  new DomainError('entity_exists', `There is already a ${type} named ${name} in ${envName}. Choose another name`)

export async function createEntity(context: ProjectContext, envName: string, input: CreateEntity): Promise<Entity> {
  assertCan(context, 'data:write')
  await assertRoomForRows(context)
  return writingData(context, async (trx, at) => {
    const environment = await environmentToWrite(context, trx, envName)
    const type = await findEntityType(trx, at, await storedName(trx, at, 'entity_types', input.entityType))
    if (!type)
      throw new DomainError('entity_type_not_found', `There is no entity type named ${input.entityType}`, [
        { path: 'entityType', message: 'must be an existing entity type' },
      ])
    assertSound('invalid_entity', 'The entity can’t be created', idLikeProblem(input))
    const values = checked(presentEntityType(type), input)
    const isAlike = async (key: rows.EntityKey) => ('id' in key ? [] : rows.findEntities(trx, at, environment.id, key, null))
    if (formsOf(input.name).length > 1 && (await findByKeys(input.name, { entityType: type.name }, isAlike)).length > 0)
      throw taken(type.name, input.name, envName)
    const id = newId()
    const inserted = await rows.insertEntities(trx, at, [
      {
        id,
        env_id: environment.id,
        entity_type: type.name,
        name: input.name,
        state: values.state,
        properties: values.properties,
        labels: input.labels,
      },
    ])
    if (inserted.length === 0) throw taken(type.name, input.name, envName)
    const entity = await finishEntityWrite(trx, context, at, environment.id, id)
    await audit(trx, context, 'entity.created', { kind: 'entity', id, name: entity.name }, { after: entity })
    return entity
  })
}

export async function updateEntity(
  context: ProjectContext,
  envName: string,
  name: string,
  which: WhichEntity,
  input: UpdateEntity,
): Promise<Entity> {
  assertCan(context, 'data:write')
  return writingData(context, async (trx, at) => {
    const environment = await environmentToWrite(context, trx, envName)
    const before = await entityToWrite(trx, context, at, environment.id, { name, ...which })
    const type = presentEntityType((await findEntityType(trx, at, before.entityType))!)
    const values = checked(type, { state: input.state ?? before.state, properties: input.properties ?? before.properties })
    const after = await withinMetricLimits(trx, at, [before.id], async () => {
      await rows.updateEntities(trx, at, [{ id: before.id, ...values, labels: input.labels ?? before.labels }])
      return finishEntityWrite(trx, context, at, environment.id, before.id)
    })
    await audit(trx, context, 'entity.updated', { kind: 'entity', id: after.id, name: after.name }, { before, after })
    return after
  })
}

export async function deleteEntity(context: ProjectContext, envName: string, name: string, which: WhichEntity) {
  assertCan(context, 'data:write')
  return writingData(context, async (trx, at) => {
    const environment = await environmentToWrite(context, trx, envName)
    const before = await entityToWrite(trx, context, at, environment.id, { name, ...which })
    await assertHasNoRelationships(trx, context, at, before)
    await rows.deleteEntity(trx, at, before.id)
    await audit(trx, context, 'entity.deleted', { kind: 'entity', id: before.id, name: before.name }, { before })
    return { deleted: true as const, id: before.id, name: before.name }
  })
}

/** Names only relationships that the caller sees, with both ends in their cells. */
async function assertHasNoRelationships(trx: Trx, context: ProjectContext, at: Generation, { id, name }: Entity): Promise<void> {
  const total = await countRelationshipsAt(trx, at, id, null)
  if (total === 0) return
  const { cellScopes } = context.grant
  const visible = cellScopes === null ? total : await countRelationshipsAt(trx, at, id, cellScopes)
  const inAll = counted({ grant: { ...context.grant, envId: null, cellScopes: null } }, visible, 'relationship', 'relationships')
  const what =
    visible === total
      ? `${inAll}. Delete ${visible === 1 ? 'it' : 'them'} first`
      : inAll
        ? `${inAll} that you can see, and others. Delete them first`
        : 'relationships that you can’t see. Ask an admin of the project to delete them first'
  throw new DomainError('entity_in_use', `${name} still has ${what}`)
}

export async function pushMetrics(
  context: ProjectContext,
  envName: string,
  name: string,
  which: WhichEntity,
  { metrics }: PushMetrics,
): Promise<Entity> {
  assertCan(context, 'data:write')
  const [after] = await pushing(context, envName, [{ name, ...which, metrics }])
  return after!
}

type Push = WhichEntity & PushMetrics & { name: string }

/** The metrics of many entities, pushed together: their cells are measured once, not once for each. */
export async function pushMetricsTogether(context: ProjectContext, envName: string, pushes: Push[]): Promise<void> {
  assertCan(context, 'data:write')
  await pushing(context, envName, pushes)
}

async function pushing(context: ProjectContext, envName: string, pushes: Push[]): Promise<Entity[]> {
  return writingData(context, async (trx, at) => {
    const environment = await environmentToWrite(context, trx, envName)
    const pushed: { before: Entity; metrics: PushMetrics['metrics']; declared: string[] }[] = []
    for (const { metrics, ...which } of pushes) {
      const before = await entityToWrite(trx, context, at, environment.id, which)
      const shown = presentEntityType((await findEntityType(trx, at, before.entityType))!)
      assertPushable(shown, metrics)
      const declared = shown.metrics.filter((metric) => !isDerived(metric)).map((metric) => metric.name)
      pushed.push({ before, metrics, declared })
    }
    const ids = pushed.map(({ before }) => before.id)
    const afters = await withinMetricLimits(trx, at, ids, async () => {
      const written: Entity[] = []
      for (const { before, metrics, declared } of pushed) {
        await mergeMetrics(trx, at, before.id, metrics, declared)
        written.push(await finishEntityWrite(trx, context, at, environment.id, before.id))
      }
      return written
    })
    for (const [i, after] of afters.entries()) {
      await audit(
        trx,
        context,
        'entity.metrics-pushed',
        { kind: 'entity', id: after.id, name: after.name },
        { before: pushed[i]!.before.metrics, after: after.metrics },
      )
    }
    return afters
  })
}

/** The entity, locked, within the caller's cells and at the version that they read. */
export async function entityToWrite(
  trx: Trx,
  context: ProjectContext,
  at: Generation,
  envId: string,
  { name, ...which }: WhichEntity & { name: string },
): Promise<Entity> {
  const found = await findByKeys(name, which, async (key) =>
    rows.lockEntities(trx, at, envId, await meant(trx, context, at, envId, key)),
  )
  const row = singleEntity(found, name)
  const entity = present(row, (await metricsOf(context, trx, at, [row])).get(row.id))
  // Read again under the lock: the statement that took it may have seen the cells from before another write.
  const cells = await rows.listEffectiveCells(trx, at, entity.id)
  assertWritesCells(context, cells)
  assertMatches(context, entity)
  return { ...entity, cells }
}

/** Where several entities share a name, a limited caller means the one that they see. */
async function meant(
  trx: Trx,
  { grant }: ProjectContext,
  at: Generation,
  envId: string,
  key: rows.EntityKey,
): Promise<rows.EntityKey> {
  if (grant.cellScopes === null || 'id' in key) return key
  const [first, second] = await rows.findEntities(trx, at, envId, key, grant.cellScopes)
  return first && !second ? { id: first.id } : key
}

/**
 * Finishes a write: updates the membership, throws (and so undoes all) if the result leaves the caller's cells, and returns what
 * they may see.
 */
export async function finishEntityWrite(
  trx: Trx,
  context: ProjectContext,
  at: Generation,
  envId: string,
  id: string,
): Promise<Entity> {
  await updateMembership(trx, at, { entityIds: [id] })
  assertWritesCells(context, await rows.listEffectiveCells(trx, at, id))
  const row = singleEntity(await rows.findEntities(trx, at, envId, { id }, context.grant.cellScopes), id)
  return present(row, (await metricsOf(context, trx, at, [row])).get(id))
}

type TypeView = { initialState: string; states: string[]; properties: EntityType['properties'] }
type Given = { state?: string | undefined; properties: Record<string, PropertyValue> }

/** The state, the properties with their defaults, and every way in which they violate the type. */
export function checkEntity(type: TypeView, given: Given) {
  const states = validStates(type)
  const state = storedForm(states, given.state ?? type.initialState)
  const { values, problems } = checkProperties(type.properties, given.properties)
  const wrong: ErrorDetail[] = states.includes(state) ? [] : [{ path: 'state', message: `must be one of ${states.join(', ')}` }]
  return { state, properties: values, problems: [...wrong, ...problems] }
}

function checked(type: TypeView, given: Given) {
  const { problems, ...values } = checkEntity(type, given)
  assertSound('invalid_entity', 'The entity does not fit its type', problems)
  return values
}
