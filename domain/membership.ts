import { dataLimits } from '#contract/limits'
import type { Trx } from '#db/client'
import * as rows from '#db/queries/effective-members'
import type { Generation } from '#db/queries/project-rows'
import { DomainError } from './errors.ts'

const MOST = dataLimits.cellsOfEntity

export const crowdedMessage = (entity: string) =>
  `the entity ${entity} would be in more than ${MOST} cells, their parents included`

/** Makes effective membership exact again for what a write has touched. Answers an entity that is now in too many cells, for the caller to refuse. */
export async function findCrowded(trx: Trx, at: Generation, stale: rows.Stale): Promise<string | undefined> {
  await rows.refreshEffectiveMembers(trx, at, stale, MOST)
  return rows.findCrowded(trx, at, stale, MOST)
}

/** The same; throws where an entity would be in too many cells. */
export async function updateMembership(trx: Trx, at: Generation, stale: rows.Stale): Promise<void> {
  const crowded = await findCrowded(trx, at, stale)
  if (crowded !== undefined)
    throw new DomainError('too_many_cells', `This is too much: ${crowdedMessage(crowded)}. Use fewer cells`)
}
