import type { Diff } from '#contract/apply'
import type { Trx } from '#db/client'
import { type KnownEntity, lockEntitiesByIdOrName } from '#db/queries/entities'
import type { Generation } from '#db/queries/project-rows'
import * as rows from '#db/queries/relationships'
import { isId, newId } from '../ids.ts'
import { assertCardinalities, assertPropertySums, checkRelationship } from '../relationships.ts'
import type { Catalog } from './catalog.ts'
import { conclude, note } from './diff.ts'
import { inHalves } from './halves.ts'
import type { Item, Problem } from './items.ts'
import { type Report, batchesOf } from './progress.ts'

type Ends = { from: KnownEntity; to: KnownEntity }
type Write = { item: Item<'Relationship'>; ends: Ends; isNew: boolean; row: Omit<rows.NewRelationship, 'env_id'> }

const keyOf = (type: string, from: string, to: string) => `${from}/${to}/${type}`

/** Upserts by type and ends (reference 6), a few statements for all of them. */
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
  const known = await rows.lockRelationshipsBetween(
    trx,
    at,
    resolved.map(({ item, ends }) => ({ type: item.spec.relationshipType, from: ends.from.id, to: ends.to.id })),
  )
  const byKey = new Map(known.map((one) => [keyOf(one.relationship_type, one.from_id, one.to_id), one]))
  const writes: Write[] = []
  const noted = new Map<Write, Diff>()
  const given = new Set<string>()
  for (const { item, ends } of resolved) {
    const { spec, name, index } = item
    const type = catalog.RelationshipType.get(spec.relationshipType)!
    const key = keyOf(type.name, ends.from.id, ends.to.id)
    const before = byKey.get(key)
    const {
      state,
      properties,
      problems: wrong,
    } = checkRelationship(type, { state: spec.state ?? before?.state, properties: spec.properties })
    if (given.has(key)) wrong.push({ path: 'from', message: 'is given twice, by id and by name' })
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
  conclude('Relationship', writes, { refused, noted }, diff, problems)
}

async function writeRelationships(
  trx: Trx,
  at: Generation,
  envId: string,
  writes: Write[],
  catalog: Catalog,
  wrote: (n: number) => void,
): Promise<void> {
  const created = writes.filter((write) => write.isNew).map((write) => ({ ...write.row, env_id: envId }))
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

/** The entities at both ends of each, by id or by name within the type that the relationship asks for. */
async function resolveEnds(
  trx: Trx,
  at: Generation,
  envId: string,
  items: Item<'Relationship'>[],
  catalog: Catalog,
  problems: Problem[],
) {
  const given = [...new Set(items.flatMap(({ spec }) => [spec.from, spec.to]))]
  const ids = given.filter(isId).map((id) => id.toLowerCase())
  const found = await lockEntitiesByIdOrName(trx, at, envId, ids, given)
  const byId = new Map(found.map((entity) => [entity.id, entity]))
  const byName = new Map(found.map((entity) => [`${entity.entity_type}/${entity.name}`, entity]))
  return items.flatMap((item): { item: Item<'Relationship'>; ends: Ends }[] => {
    const { spec, name, index } = item
    const type = catalog.RelationshipType.get(spec.relationshipType)
    const end = (key: string, entityType: string) => {
      const entity = byId.get(key.toLowerCase()) ?? byName.get(`${entityType}/${key}`)
      return entity?.entity_type === entityType ? entity : undefined
    }
    const from = type && end(spec.from, type.from)
    const to = type && end(spec.to, type.to)
    if (from && to) return [{ item, ends: { from, to } }]
    const wrong = !type
      ? { path: 'relationshipType', error: `names no relationship type: ${spec.relationshipType}` }
      : from
        ? { path: 'to', error: `names no ${type.to}: ${spec.to}` }
        : { path: 'from', error: `names no ${type.from}: ${spec.from}` }
    problems.push({ kind: 'Relationship', name, index, ...wrong })
    return []
  })
}
