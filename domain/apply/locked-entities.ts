import type { Trx } from '#db/client'
import { type KnownEntity, listEntityIdsByName, listEntityIdsByTypeAndName, lockEntitiesByIdOrName } from '#db/queries/entities'
import type { Generation } from '#db/queries/project-rows'
import { batchesOf } from '../batches.ts'
import { sortInTurns } from '../give-way.ts'
import { isId } from '../ids.ts'

type Key = { entityType: string; name: string }

/** The entities of these types and names that an environment has, locked against other writers. */
export async function lockByTypeAndName(trx: Trx, at: Generation, envId: string, keys: Key[]): Promise<KnownEntity[]> {
  const ids = new Set<string>()
  for (const batch of batchesOf(keys)) for (const id of await listEntityIdsByTypeAndName(trx, at, envId, batch)) ids.add(id)
  return lockByIds(trx, at, envId, ids)
}

/** The entities that these texts are the ids or the names of, locked against other writers. */
export async function lockByIdOrName(trx: Trx, at: Generation, envId: string, given: string[]): Promise<KnownEntity[]> {
  const ids = new Set<string>()
  for (const batch of batchesOf(given)) {
    for (const one of batch) if (isId(one)) ids.add(one.toLowerCase())
    for (const id of await listEntityIdsByName(trx, at, envId, batch)) ids.add(id)
  }
  return lockByIds(trx, at, envId, ids)
}

/** In the order of their ids over all batches, so that two applies that share entities cannot wait for each other in a circle. */
async function lockByIds(trx: Trx, at: Generation, envId: string, ids: Set<string>): Promise<KnownEntity[]> {
  const locked: KnownEntity[] = []
  const ordered = await sortInTurns([...ids], (id) => id)
  for (const batch of batchesOf(ordered))
    for (const entity of await lockEntitiesByIdOrName(trx, at, envId, batch, [])) locked.push(entity)
  return locked
}
