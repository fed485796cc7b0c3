import type { Diff } from '#contract/apply/apply'
import type { Trx } from '#db/client'
import type { EntityNamed, KnownEntity } from '#db/queries/data/entities'
import type { Generation } from '#db/queries/project-rows'
import * as rows from '#db/queries/data/relationships'
import { batchesOf } from '../batches.ts'
import { inTurns, mapInTurns } from '../give-way.ts'
import { isId, newId } from '../ids.ts'
import { assertCardinalities, assertPropertySums, checkRelationship } from '../data/relationships.ts'
import type { Catalog } from './catalog.ts'
import { conclude, note } from './diff.ts'
import { inHalves } from './halves.ts'
import type { Item, Problem } from './items.ts'
import { IDS, KEYS, lockKnownEntities } from './locked-entities.ts'
import type { Report } from './progress.ts'

type Ends = { from: KnownEntity; to: KnownEntity }
type Resolved = { item: Item<'Relationship'>; ends: Ends }
type Write = { item: Item<'Relationship'>; ends: Ends; isNew: boolean; row: Omit<rows.NewRelationship, 'env_id'> }

const keyOf = (type: string, from: string, to: string) => `${from}/${to}/${type}`

/** Upserts by type and ends (reference 6), in a few statements for all items. */
export async function applyRelationships(
  trx: Trx,
  at: Generation,
  envId: string,
  items: Item<'Relationship'>[],
  catalog: Catalog,
  diff: Diff,
  problems: Problem[],
  report: Report,
): Promise<void> {
  if (items.length === 0) return
  const resolved = await resolveEnds(trx, at, envId, items, catalog, problems)
  const known = await lockKnown(trx, at, resolved)
  const writes: Write[] = []
  const noted = new Map<Write, Diff>()
  const given = new Set<string>()
  for await (const { item, ends } of inTurns(resolved)) {
    const { spec, name, index } = item
    const type = catalog.RelationshipType.get(spec.relationshipType)!
    const key = keyOf(type.name, ends.from.id, ends.to.id)
    const before = known.get(key)
    const {
      state,
      properties,
      problems: wrong,
    } = checkRelationship(type, { state: spec.state ?? before?.state, properties: spec.properties })
    if (given.has(key))
      wrong.push({ path: 'from', message: 'repeats an earlier relationship, whose ends are given in another way' })
    given.add(key)
    if (wrong.length > 0) {
      problems.push({ kind: 'Relationship', name, index, path: wrong[0]!.path, error: wrong[0]!.message })
      continue
    }
    const after = { state, properties, labels: spec.labels }
    const own: Diff = { created: [], updated: [], unchanged: [], deleted: [] }
    const fields = before && { state: before.state, properties: before.properties, labels: before.labels }
    if (!note(own, item, fields, after)) {
      diff.unchanged.push(...own.unchanged)
      continue
    }
    const row = { id: before?.id ?? newId(), relationship_type: type.name, from_id: ends.from.id, to_id: ends.to.id, ...after }
    const write = { item, ends, isNew: !before, row }
    writes.push(write)
    noted.set(write, own)
  }
  const refused = await inHalves(
    trx,
    at,
    writes,
    ({ ends }) => [ends.from.id, ends.to.id],
    (some, wrote) => writeRelationships(trx, at, envId, some, catalog, wrote),
    (done) => report({ phase: 'relationships', done, total: writes.length }),
  )
  await conclude('Relationship', writes, { refused, noted }, diff, problems)
}

/** The existing relationships, locked. Their ends are locked first, so no other apply holds any of them. */
async function lockKnown(trx: Trx, at: Generation, resolved: Resolved[]): Promise<Map<string, rows.KnownRelationship>> {
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
  trx: Trx,
  at: Generation,
  envId: string,
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
  trx: Trx,
  at: Generation,
  envId: string,
  items: Item<'Relationship'>[],
  catalog: Catalog,
  problems: Problem[],
): Promise<Resolved[]> {
  const named = new Map<string, EntityNamed>()
  const ids = new Set<string>()
  for await (const { spec } of inTurns(items)) {
    const type = catalog.RelationshipType.get(spec.relationshipType)
    if (!type) continue
    for (const [name, entityType] of [[spec.from, type.from] as const, [spec.to, type.to] as const]) {
      named.set(`${entityType}/${name}`, { entityType, name })
      if (isId(name)) ids.add(name.toLowerCase())
    }
  }
  const byId = new Map<string, KnownEntity>()
  const byName = new Map<string, KnownEntity>()
  for await (const entity of inTurns(await lockKnownEntities(trx, at, envId, [...named.values()], ids))) {
    byId.set(entity.id, entity)
    byName.set(`${entity.entity_type}/${entity.name}`, entity)
  }
  const resolved: Resolved[] = []
  for await (const item of inTurns(items)) {
    const { spec, name, index } = item
    const type = catalog.RelationshipType.get(spec.relationshipType)
    const end = (key: string, entityType: string) => {
      const entity = byId.get(key.toLowerCase()) ?? byName.get(`${entityType}/${key}`)
      return entity?.entity_type === entityType ? entity : undefined
    }
    const from = type && end(spec.from, type.from)
    const to = type && end(spec.to, type.to)
    if (from && to) {
      resolved.push({ item, ends: { from, to } })
      continue
    }
    const wrong = !type
      ? { path: 'relationshipType', error: `must be an existing relationship type; ${spec.relationshipType} is not` }
      : from
        ? { path: 'to', error: `must be the id or name of an entity of type ${type.to}; ${spec.to} is not` }
        : { path: 'from', error: `must be the id or name of an entity of type ${type.from}; ${spec.from} is not` }
    problems.push({ kind: 'Relationship', name, index, ...wrong })
  }
  return resolved
}
