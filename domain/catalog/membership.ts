import { dataLimits } from '#contract/limits/limits'
import type { Trx } from '#db/client'
import * as rows from '#db/queries/catalog/effective-members'
import type { Generation } from '#db/queries/project-rows'
import { DomainError } from '../errors.ts'

const MOST = dataLimits.cellsOfEntity

export const crowdedMessage = ({ name }: Pick<rows.Crowded, 'name'>) =>
  `the entity ${name} would be in more than ${MOST} cells, including their parents`

/**
 * Updates effective membership for what a write touched. If entities would be in too many cells it writes nothing and returns
 * them, so that the caller can refuse.
 */
export const refreshMembership = (trx: Trx, at: Generation, stale: rows.Stale): Promise<rows.Crowded[]> =>
  rows.refreshEffectiveMembers(trx, at, stale, MOST)

export const tooManyCells = (entity: rows.Crowded) =>
  new DomainError('too_many_cells', `Too many cells: ${crowdedMessage(entity)}. Use fewer cells`)

/** Like `refreshMembership`, but throws where an entity would be in too many cells. */
export async function updateMembership(trx: Trx, at: Generation, stale: rows.Stale): Promise<void> {
  const [crowded] = await refreshMembership(trx, at, stale)
  if (crowded) throw tooManyCells(crowded)
}
