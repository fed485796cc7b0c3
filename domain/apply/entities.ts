import type { Diff } from '#contract/apply'
import type { Trx } from '#db/client'
import { type EntityPatch, type KnownEntity, type NewEntity, insertEntities, updateEntities } from '#db/queries/entities'
import type { Generation } from '#db/queries/project-rows'
import { batchesOf } from '../batches.ts'
import { checkEntity } from '../entities.ts'
import { DomainError } from '../errors.ts'
import { inTurns, mapInTurns, sortInTurns } from '../give-way.ts'
import { newId } from '../ids.ts'
import { updateMembership } from '../membership.ts'
import type { Catalog } from './catalog.ts'
import { conclude, note } from './diff.ts'
import { inHalves } from './halves.ts'
import { lockKnownEntities } from './locked-entities.ts'
import type { Report } from './progress.ts'
import type { Item, Problem } from './items.ts'

type Write = { item: Item<'Entity'>; before: KnownEntity | undefined; row: Omit<NewEntity, 'env_id'> }

const keyOf = (entityType: string, name: string) => `${entityType}/${name}`

/** Upserts by type and name (reference 6), a few statements for all of them. */
export async function applyEntities(
  trx: Trx,
  at: Generation,
  envId: string,
  items: Item<'Entity'>[],
  { EntityType }: Catalog,
  diff: Diff,
  problems: Problem[],
  report: Report,
): Promise<void> {
  if (items.length === 0) return
  const keys = await mapInTurns(items, (item) => ({ entityType: item.spec.entityType, name: item.name }))
  const known = await lockKnownEntities(trx, at, envId, keys)
  const byKey = new Map(known.map((entity) => [keyOf(entity.entity_type, entity.name), entity]))
  const writes: Write[] = []
  const noted = new Map<Write, Diff>()
  for await (const item of inTurns(items)) {
    const { spec } = item
    const type = EntityType.get(spec.entityType)
    const before = byKey.get(keyOf(spec.entityType, item.name))
    const {
      state,
      properties,
      problems: wrong,
    } = type
      ? checkEntity(type, { state: spec.state ?? before?.state, properties: spec.properties })
      : { state: '', properties: {}, problems: [{ path: 'entityType', message: `names no entity type: ${spec.entityType}` }] }
    if (wrong.length > 0) {
      problems.push({ kind: 'Entity', name: item.name, index: item.index, path: wrong[0]!.path, error: wrong[0]!.message })
      continue
    }
    const after = { state, properties, labels: spec.labels }
    const own: Diff = { created: [], updated: [], unchanged: [], deleted: [] }
    const fields = before && { state: before.state, properties: before.properties, labels: before.labels }
    if (!note(own, item, fields, after)) {
      diff.unchanged.push(...own.unchanged)
      continue
    }
    const write = { item, before, row: { id: before?.id ?? newId(), entity_type: spec.entityType, name: item.name, ...after } }
    writes.push(write)
    noted.set(write, own)
  }
  const refused = await inHalves(
    trx,
    at,
    writes,
    (write) => [write.row.id],
    (some, wrote) => writeEntities(trx, at, envId, some, wrote),
    (done) => report({ phase: 'entities', done, total: writes.length }),
  )
  await conclude('Entity', writes, { refused, noted }, diff, problems)
}

async function writeEntities(
  trx: Trx,
  at: Generation,
  envId: string,
  writes: Write[],
  wrote: (n: number) => void,
): Promise<void> {
  // In one order everywhere, so that two applies of the same new names cannot wait for each other in a circle.
  const created = await sortInTurns(
    await mapInTurns(
      writes.filter((write) => !write.before),
      (write): NewEntity => ({ ...write.row, env_id: envId }),
    ),
    ({ entity_type, name }) => keyOf(entity_type, name),
  )
  const patches = writes.filter((write) => write.before).map(({ row }): EntityPatch => row)
  // Batch by batch: a statement about a hundred thousand entities would outlast the time that a statement is given.
  const settleMembers = async (batch: { id: string }[]) => {
    await updateMembership(trx, at, { entityIds: batch.map(({ id }) => id) })
    wrote(batch.length)
  }
  for (const batch of batchesOf(created)) {
    if ((await insertEntities(trx, at, batch)).length < batch.length) {
      throw new DomainError('entity_exists', 'was created by somebody else at the same time; apply again')
    }
    await settleMembers(batch)
  }
  for (const batch of batchesOf(patches)) {
    await updateEntities(trx, at, batch)
    await settleMembers(batch)
  }
}
