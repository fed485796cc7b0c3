import type { Diff } from '#contract/apply/apply'
import type { Trx } from '#db/client'
import type { Crowded } from '#db/queries/catalog/effective-members'
import { type EntityPatch, type KnownEntity, type NewEntity, insertEntities, updateEntities } from '#db/queries/data/entities'
import type { Generation } from '#db/queries/project-rows'
import { inSavepoint } from '#db/savepoint'
import { batchesOf } from '../batches.ts'
import { checkEntity } from '../data/entities.ts'
import { DomainError } from '../errors.ts'
import { inTurns, mapInTurns, sortInTurns } from '../give-way.ts'
import { newId } from '../ids.ts'
import { refreshMembership, tooManyCells } from '../catalog/membership.ts'
import type { Catalog } from './catalog.ts'
import { conclude, note } from './diff.ts'
import { inHalves } from './halves.ts'
import { lockKnownEntities } from './locked-entities.ts'
import type { Report } from './progress.ts'
import type { Item, Problem } from './items.ts'

type Write = { item: Item<'Entity'>; before: KnownEntity | undefined; row: Omit<NewEntity, 'env_id'> }

const keyOf = (entityType: string, name: string) => `${entityType}/${name}`

/** Upserts by type and name (reference 6), in a few statements for all items. */
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
      : {
          state: '',
          properties: {},
          problems: [{ path: 'entityType', message: `must be an existing entity type; ${spec.entityType} is not` }],
        }
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
    (some, wrote, refuse) => writeEntities(trx, at, envId, some, wrote, refuse),
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
  refuse: (write: Write, error: DomainError) => void,
): Promise<void> {
  // Always in the same order, so that two applies of the same new names cannot deadlock.
  const created = await sortInTurns(
    await mapInTurns(
      writes.filter((write) => !write.before),
      (write): NewEntity => ({ ...write.row, env_id: envId }),
    ),
    ({ entity_type, name }) => keyOf(entity_type, name),
  )
  const patches = writes.filter((write) => write.before).map(({ row }): EntityPatch => row)
  const byId = new Map(writes.map((write) => [write.row.id, write]))
  // In batches: one statement for 100,000 entities would exceed the statement timeout.
  for (const batch of batchesOf(created)) {
    await withoutCrowded(trx, at, batch, refuse, byId, async (some) => {
      if ((await insertEntities(trx, at, some)).length < some.length)
        throw new DomainError('entity_exists', 'was created by another request at the same time. Apply again')
    })
    wrote(batch.length)
  }
  for (const batch of batchesOf(patches)) {
    await withoutCrowded(trx, at, batch, refuse, byId, (some) => updateEntities(trx, at, some))
    wrote(batch.length)
  }
}

/** Writes rows and their membership, without those that would be in too many cells: they are refused, whatever their number. */
async function withoutCrowded<Row extends { id: string }>(
  trx: Trx,
  at: Generation,
  batch: Row[],
  refuse: (write: Write, error: DomainError) => void,
  byId: Map<string, Write>,
  write: (some: Row[]) => Promise<void>,
): Promise<void> {
  let some = batch
  while (some.length > 0) {
    const crowded = await inSavepoint(trx, async () => {
      await write(some)
      const found = await refreshMembership(trx, at, { entityIds: some.map(({ id }) => id) })
      if (found.length > 0) throw new Crowd(found)
      return []
    }).catch((error: unknown) => {
      if (error instanceof Crowd) return error.entities
      throw error
    })
    if (crowded.length === 0) return
    for (const entity of crowded) refuse(byId.get(entity.id)!, tooManyCells(entity))
    const out = new Set(crowded.map(({ id }) => id))
    some = some.filter(({ id }) => !out.has(id))
  }
}

/** Thrown to roll back a write that puts entities into too many cells. */
class Crowd extends Error {
  readonly entities: Crowded[]
  constructor(entities: Crowded[]) {
    super('too many cells')
    this.entities = entities
  }
}
