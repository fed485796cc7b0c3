import { MOST_FAVORITES } from '#contract/projects/summaries'
import { inTransaction } from '#db/client'
import { lockUser } from '#db/queries/organizations/organizations'
import { findProject } from '#db/queries/projects/projects'
import * as rows from '#db/queries/projects/summaries'
import { assertCanInOrganization, effectiveGrant, membershipOf } from '../access/permissions.ts'
import type { OrgContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { projectKey } from '../ids.ts'
import { projectGone } from '../writing.ts'

/** Only people have favorites, among the projects that they see. */
async function resolve({ actor, org, db }: OrgContext, idOrSlug: string): Promise<{ userId: string; projectId: string }> {
  if (actor.kind !== 'user') throw new DomainError('forbidden', 'Project tokens have no favorites. Use a personal token')
  const key = projectKey(idOrSlug)
  const row = key && (await findProject(db, org.id, key, actor.id))
  if (!row || !effectiveGrant(org.role, membershipOf(row))) throw projectGone()
  return { userId: actor.id, projectId: row.id }
}

/** Keeps the project at hand for the caller alone. No event: nothing of the project or the organization changes. */
export async function keepFavorite(context: OrgContext, idOrSlug: string): Promise<{ favorite: boolean }> {
  assertCanInOrganization(context, 'projects:list')
  const { userId, projectId } = await resolve(context, idOrSlug)
  const { db, org } = context
  return inTransaction(db, async (trx) => {
    await lockUser(trx, userId)
    await rows.insertFavorite(trx, userId, projectId)
    if ((await rows.countFavorites(trx, org.id, userId)) > MOST_FAVORITES)
      throw new DomainError('too_many_favorites', `You have ${MOST_FAVORITES} favorites here. Remove one first`)
    return { favorite: true }
  })
}

export async function forgetFavorite(context: OrgContext, idOrSlug: string): Promise<{ favorite: boolean }> {
  assertCanInOrganization(context, 'projects:list')
  const { userId, projectId } = await resolve(context, idOrSlug)
  await rows.deleteFavorite(context.db, userId, projectId)
  return { favorite: false }
}
