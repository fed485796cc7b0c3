import { MOST_FAVORITES } from '#contract/projects/summaries'
import { inTransaction } from '#db/client'
import { lockUser } from '#db/queries/organizations/organizations'
import * as rows from '#db/queries/projects/summaries'
import { assertCan } from '../access/permissions.ts'
import type { ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'

/** Only people have favorites. */
function personOf({ actor }: ProjectContext): string {
  if (actor.kind === 'user') return actor.id
  throw new DomainError('forbidden', 'Project tokens have no favorites. Use a personal token')
}

/** Keeps the project at hand for the caller alone. No event: nothing of the project or the organization changes. */
export async function keepFavorite(context: ProjectContext): Promise<{ favorite: boolean }> {
  assertCan(context, 'project:read')
  const userId = personOf(context)
  const { db, org, project } = context
  return inTransaction(db, async (trx) => {
    await lockUser(trx, userId)
    if ((await rows.countFavorites(trx, org.id, userId)) >= MOST_FAVORITES)
      throw new DomainError('too_many_favorites', `You have ${MOST_FAVORITES} favorites here. Remove one first`)
    await rows.insertFavorite(trx, userId, project.id)
    return { favorite: true }
  })
}

export async function forgetFavorite(context: ProjectContext): Promise<{ favorite: boolean }> {
  assertCan(context, 'project:read')
  await rows.deleteFavorite(context.db, personOf(context), context.project.id)
  return { favorite: false }
}
