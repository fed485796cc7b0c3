import { formsOf } from '#contract/text'
import type { Crowded } from '#db/queries/catalog/effective-members'
import { type EntityPatch, type KnownEntity, type NewEntity, insertEntities, updateEntities } from '#db/queries/data/entities'
import { inSavepoint } from '#db/savepoint'
import { batchesOf } from '../batches.ts'
import { checkEntity, idLikeProblem } from '../data/entities.ts'
import { DomainError } from '../errors.ts'
import { inTurns, mapInTurns, sortInTurns } from '../give-way.ts'
import { newId } from '../ids.ts'
import { refreshMembership, tooManyCells } from '../catalog/membership.ts'
import type { Catalog } from './catalog.ts'
import { inHalves } from './halves.ts'
import { lockKnownEntities } from './locked-entities.ts'
import type { Item } from './items.ts'
import { type Change, type Outcome, changeOf, newOutcome } from './outcome.ts'
import type { Run } from './run.ts'

type Write = { item: Item<'Entity'>; before: KnownEntity | undefined; change: Change; row: Omit<NewEntity, 'env_id'> }

const keyOf = (entityType: string, name: string) => `${entityType}/${name}`

/** Upserts by type and name (reference 6), in a few statements for all items. */
export async function applyEntities(run: Run, items: Item<'Entity'>[], { EntityType }: Catalog): Promise<Outcome> {
  const outcome = newOutcome()
  if (items.length === 0) return outcome
  const keys = await mapInTurns(items, (item) => formsOf(item.name).map((name) => ({ entityType: item.spec.entityType, name })))
  const known = await lockKnownEntities(run, keys.flat())
  const byKey = new Map(known.map((entity) => [keyOf(entity.entity_type, entity.name), entity]))
  const writes: Write[] = []
  for await (const item of inTurns(items)) {
    const { spec } = item
    const type = EntityType.get(spec.entityType)
    const form = formsOf(item.name).find((name) => byKey.has(keyOf(spec.entityType, name))) ?? item.name
    const before = byKey.get(keyOf(spec.entityType, form))
    const { state, properties, problems } = type
      ? checkEntity(type, { state: spec.state ?? before?.state, properties: spec.properties })
      : {
          state: '',
          properties: {},
          problems: [{ path: 'entityType', message: `must be an existing entity type; ${spec.entityType} is not` }],
        }
    const [problem] = before ? problems : [...idLikeProblem(item), ...problems]
    if (problem) {
      outcome.refuse(item, problem)
      continue
    }
    const after = { state, properties, labels: spec.labels }
    const change = changeOf(before && { state: before.state, properties: before.properties, labels: before.labels }, after)
    const row = { id: before?.id ?? newId(), entity_type: spec.entityType, name: item.name, ...after }
    if (change) writes.push({ item, before, change, row })
    else outcome.note(item, change)
  }
  const refused = await inHalves(run, writes, {
    entitiesOf: (write) => [write.row.id],
    write: (some, wrote, refuse) => writeEntities(run, some, wrote, refuse),
    report: (done) => run.report({ phase: 'entities', done, total: writes.length }),
  })
  await outcome.conclude(writes, refused)
  return outcome
}

async function writeEntities(
  run: Run,
  writes: Write[],
  wrote: (n: number) => void,
  refuse: (write: Write, error: DomainError) => void,
): Promise<void> {
  const { trx, at, envId } = run
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
  const refuseCrowded = (entity: Crowded) => refuse(byId.get(entity.id)!, tooManyCells(entity))
  // In batches: one statement for 100,000 entities would exceed the statement timeout.
  for (const batch of batchesOf(created)) {
    await withoutCrowded(run, batch, refuseCrowded, async (some) => {
      if ((await insertEntities(trx, at, some)).length < some.length)
        throw new DomainError('entity_exists', 'was created by another request at the same time. Apply again')
    })
    wrote(batch.length)
  }
  for (const batch of batchesOf(patches)) {
    await withoutCrowded(run, batch, refuseCrowded, (some) => updateEntities(trx, at, some))
    wrote(batch.length)
  }
}

/** Writes rows and their membership, without those that would be in too many cells: they are refused, whatever their number. */
async function withoutCrowded<Row extends { id: string }>(
  { trx, at }: Run,
  batch: Row[],
  refuse: (entity: Crowded) => void,
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
    for (const entity of crowded) refuse(entity)
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
