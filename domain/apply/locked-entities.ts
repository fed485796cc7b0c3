import type { Trx } from '#db/client'
import { type EntityNamed, type KnownEntity, listEntityIds, lockEntitiesById } from '#db/queries/data/entities'
import type { Generation } from '#db/queries/project-rows'
import { batchesOf } from '../batches.ts'
import { sortInTurns } from '../give-way.ts'

/** A statement may read all of a project's rows to find those that it is about, so there are few of them. */
export const KEYS = 10_000
export const IDS = 2000

/**
 * The entities of these types and names, and of these ids, that an environment has, locked against other writers: in the order of their ids
 * over all batches, so that two applies that share entities cannot wait for each other in a circle.
 */
export async function lockKnownEntities(
  trx: Trx,
  at: Generation,
  envId: string,
  named: EntityNamed[],
  ids: Iterable<string> = [],
): Promise<KnownEntity[]> {
  const wanted = new Set(ids)
  for (const batch of batchesOf(named, KEYS)) for (const id of await listEntityIds(trx, at, envId, batch)) wanted.add(id)
  const locked: KnownEntity[] = []
  for (const batch of batchesOf(await sortInTurns([...wanted], (id) => id), IDS))
    for (const entity of await lockEntitiesById(trx, at, envId, batch)) locked.push(entity)
  return locked
}
