import { dataLimits } from '#contract/limits/limits'
import type { Trx } from '#db/client'
import * as rows from '#db/queries/catalog/effective-members'
import type { Generation } from '#db/queries/project-rows'
import { DomainError } from '../errors.ts'

const MOST = dataLimits.cellsOfEntity

export const crowdedMessage = ({ name }: Pick<rows.Crowded, 'name'>) =>
  `the entity ${name} would be in more than ${MOST} cells, their parents included`

/**
 * Makes effective membership exact again for what a write has touched. Where entities would be in too many cells nothing of it is written, and
 * they are the answer, for the caller to refuse.
 */
export const refreshMembership = (trx: Trx, at: Generation, stale: rows.Stale): Promise<rows.Crowded[]> =>
  rows.refreshEffectiveMembers(trx, at, stale, MOST)

export const tooManyCells = (entity: rows.Crowded) =>
  new DomainError('too_many_cells', `This is too much: ${crowdedMessage(entity)}. Use fewer cells`)

/** The same; throws where an entity would be in too many cells. */
export async function updateMembership(trx: Trx, at: Generation, stale: rows.Stale): Promise<void> {
  const [crowded] = await refreshMembership(trx, at, stale)
  if (crowded) throw tooManyCells(crowded)
}
