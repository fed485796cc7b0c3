import { formsOf } from '#contract/text'
import type { EntityNamed, KnownEntity } from '#db/queries/data/entities'
import * as rows from '#db/queries/data/relationships'
import { batchesOf } from '../batches.ts'
import type { ErrorDetail } from '../errors.ts'
import { inTurns, mapInTurns } from '../give-way.ts'
import { isId, newId } from '../ids.ts'
import { assertCardinalities, assertPropertySums, checkRelationship } from '../data/relationships.ts'
import type { Catalog } from './catalog.ts'
import { inHalves } from './halves.ts'
import type { Item } from './items.ts'
import { IDS, KEYS, lockKnownEntities } from './locked-entities.ts'
import { type Change, type Outcome, changeOf, newOutcome } from './outcome.ts'
import type { Run } from './run.ts'

type Ends = { from: KnownEntity; to: KnownEntity }
type Resolved = { item: Item<'Relationship'>; ends: Ends }
type Write = Resolved & { isNew: boolean; change: Change; row: Omit<rows.NewRelationship, 'env_id'> }

const keyOf = (type: string, from: string, to: string) => `${from}/${to}/${type}`

/** Upserts by type and ends (reference 6), in a few statements for all items. */
export async function applyRelationships(run: Run, items: Item<'Relationship'>[], catalog: Catalog): Promise<Outcome> {
  const outcome = newOutcome()
  if (items.length === 0) return outcome
  const { resolved, unresolved } = await resolveEnds(run, items, catalog)
  for (const { item, problem } of unresolved) outcome.refuse(item, problem)
  const known = await lockKnown(run, resolved)
  const writes: Write[] = []
  const given = new Set<string>()
  for await (const { item, ends } of inTurns(resolved)) {
    const { spec } = item
    const type = catalog.RelationshipType.get(spec.relationshipType)!
    const key = keyOf(type.name, ends.from.id, ends.to.id)
    const before = known.get(key)
    const { state, properties, problems } = checkRelationship(type, {
      state: spec.state ?? before?.state,
      properties: spec.properties,
    })
    if (given.has(key))
      problems.push({ path: 'from', message: 'repeats an earlier relationship, whose ends are given in another way' })
    given.add(key)
    if (problems.length > 0) {
      outcome.refuse(item, problems[0]!)
      continue
    }
    const after = { state, properties, labels: spec.labels }
    const change = changeOf(before && { state: before.state, properties: before.properties, labels: before.labels }, after)
    const row = { id: before?.id ?? newId(), relationship_type: type.name, from_id: ends.from.id, to_id: ends.to.id, ...after }
    if (change) writes.push({ item, ends, isNew: !before, change, row })
    else outcome.note(item, change)
  }
  const refused = await inHalves(run, writes, {
    entitiesOf: ({ ends }) => [ends.from.id, ends.to.id],
    write: (some, wrote) => writeRelationships(run, some, catalog, wrote),
    report: (done) => run.report({ phase: 'relationships', done, total: writes.length }),
  })
  await outcome.conclude(writes, refused)
  return outcome
}

/** The existing relationships, locked. Their ends are locked first, so no other apply holds any of them. */
async function lockKnown({ trx, at }: Run, resolved: Resolved[]): Promise<Map<string, rows.KnownRelationship>> {
  const known = new Map<string, rows.KnownRelationship>()
  for (const batch of batchesOf(resolved, KEYS)) {
    const keys = batch.map(({ item, ends }) => ({ type: item.spec.relationshipType, from: ends.from.id, to: ends.to.id }))
    const ids = await rows.listRelationshipIds(trx, at, keys)
    for (const some of batchesOf(ids, IDS))
      for (const one of await rows.lockRelationshipsById(trx, at, some))
        known.set(keyOf(one.relationship_type, one.from_id, one.to_id), one)
  }
  return known
}

async function writeRelationships(
  { trx, at, envId }: Run,
  writes: Write[],
  catalog: Catalog,
  wrote: (n: number) => void,
): Promise<void> {
  const created = await mapInTurns(
    writes.filter((write) => write.isNew),
    (write) => ({ ...write.row, env_id: envId }),
  )
  const patches = writes.filter((write) => !write.isNew).map((write) => write.row)
  for (const batch of batchesOf(created)) {
    await rows.insertRelationships(trx, at, batch)
    wrote(batch.length)
  }
  for (const batch of batchesOf(patches)) {
    await rows.updateRelationships(trx, at, batch)
    wrote(batch.length)
  }
  for (const [name, theirs] of Map.groupBy(writes, (write) => write.row.relationship_type)) {
    const type = catalog.RelationshipType.get(name)!
    const ends = theirs.map((write) => write.ends)
    await assertCardinalities(trx, at, type, ends)
    await assertPropertySums(trx, at, type, ends)
  }
}

/** The entities at both ends of each relationship, by id or by name within the type that the relationship type requires. */
async function resolveEnds(
  run: Run,
  items: Item<'Relationship'>[],
  catalog: Catalog,
): Promise<{ resolved: Resolved[]; unresolved: { item: Item; problem: ErrorDetail }[] }> {
  const named = new Map<string, EntityNamed>()
  const ids = new Set<string>()
  for await (const { spec } of inTurns(items)) {
    const type = catalog.RelationshipType.get(spec.relationshipType)
    if (!type) continue
    for (const [name, entityType] of [[spec.from, type.from] as const, [spec.to, type.to] as const]) {
      for (const form of formsOf(name)) named.set(`${entityType}/${form}`, { entityType, name: form })
      if (isId(name)) ids.add(name.toLowerCase())
    }
  }
  const byId = new Map<string, KnownEntity>()
  const byName = new Map<string, KnownEntity>()
  for await (const entity of inTurns(await lockKnownEntities(run, [...named.values()], ids))) {
    byId.set(entity.id, entity)
    byName.set(`${entity.entity_type}/${entity.name}`, entity)
  }
  const resolved: Resolved[] = []
  const unresolved: { item: Item; problem: ErrorDetail }[] = []
  for await (const item of inTurns(items)) {
    const { spec } = item
    const type = catalog.RelationshipType.get(spec.relationshipType)
    const end = (key: string, entityType: string) => {
      const entity = byId.get(key.toLowerCase())
      if (entity?.entity_type === entityType) return entity
      const form = formsOf(key).find((name) => byName.has(`${entityType}/${name}`))
      return form === undefined ? undefined : byName.get(`${entityType}/${form}`)
    }
    const from = type && end(spec.from, type.from)
    const to = type && end(spec.to, type.to)
    if (from && to) {
      resolved.push({ item, ends: { from, to } })
      continue
    }
    const problem = !type
      ? { path: 'relationshipType', message: `must be an existing relationship type; ${spec.relationshipType} is not` }
      : from
        ? { path: 'to', message: `must be the id or name of an entity of type ${type.to}; ${spec.to} is not` }
        : { path: 'from', message: `must be the id or name of an entity of type ${type.from}; ${spec.from} is not` }
    unresolved.push({ item, problem })
  }
  return { resolved, unresolved }
}
