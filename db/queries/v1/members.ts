import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { plannedWithValues } from '../../prepared.ts'
import { before } from './paging.ts'

const memberships = (db: Database | Trx) =>
  db
    .selectFrom('project_members as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .select([
      'm.id',
      'm.user_id',
      'm.project_id',
      'm.role',
      'm.verbs',
      'm.created_at',
      'u.email',
      'u.name',
      'u.avatar_url',
      'u.created_at as user_created_at',
      'u.updated_at as user_updated_at',
    ])

export type MembershipRow = Awaited<ReturnType<typeof listMemberships>>[number]

/** A project's own members, newest first. */
export function listMemberships(
  db: Database | Trx,
  projectId: string,
  page: { before: { createdAt: string; key: string } | undefined; limit: number },
) {
  return memberships(db)
    .modifyFront(plannedWithValues)
    .where('m.project_id', '=', projectId)
    .$if(page.before !== undefined, (q) => q.where(before('m', page.before!)))
    .orderBy('m.created_at', 'desc')
    .orderBy('m.id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

/** A user's memberships in these projects. */
export function listMembershipsOf(db: Database | Trx, userId: string, projectIds: string[]) {
  return memberships(db)
    .modifyFront(plannedWithValues)
    .where('m.user_id', '=', userId)
    .where(sql<boolean>`m.project_id = any(${projectIds}::uuid[])`)
    .where((eb) => eb.or([eb('m.expires_at', 'is', null), eb('m.expires_at', '>', sql<string>`now()`)]))
    .execute()
}

export function findMembership(db: Database | Trx, projectId: string, id: string) {
  return memberships(db).where('m.project_id', '=', projectId).where('m.id', '=', id).executeTakeFirst()
}
