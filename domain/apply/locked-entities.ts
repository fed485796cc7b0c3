import { type EntityNamed, type KnownEntity, listEntityIds, lockEntitiesById } from '#db/queries/data/entities'
import { batchesOf } from '../batches.ts'
import { sortInTurns } from '../give-way.ts'
import type { Run } from './run.ts'

/** Large batches, because each statement may read all of a project's rows to find its own. */
export const KEYS = 10_000
export const IDS = 2000

/**
 * Locks the environment's entities with these types and names, or these ids. In the order of their ids over all batches, so that
 * two applies that share entities cannot deadlock.
 */
export async function lockKnownEntities(
  { trx, at, envId }: Run,
  named: EntityNamed[],
  ids: Iterable<string> = [],
): Promise<KnownEntity[]> {
  const all = new Set(ids)
  for (const batch of batchesOf(named, KEYS)) for (const id of await listEntityIds(trx, at, envId, batch)) all.add(id)
  const locked: KnownEntity[] = []
  for (const batch of batchesOf(await sortInTurns([...all], (id) => id), IDS))
    for (const entity of await lockEntitiesById(trx, at, envId, batch)) locked.push(entity)
  return locked
}
