import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { plannedWithValues } from '../../prepared.ts'
import { keptSlug } from '../projects/projects.ts'
import type { NoticeKind } from '../../schema.ts'

export type NewNotice = { id: string; org_id: string; project_id: string | null; kind: NoticeKind }

/**
 * Inserts a notice for every present owner of the organization and the project, and for `alsoUserId`. The actor's own is read
 * already. Returns those who have not read it.
 */
export async function insertNotices(
  trx: Trx,
  { id, org_id, project_id, kind }: NewNotice,
  { byUserId, alsoUserId }: { byUserId: string | null; alsoUserId: string | null },
): Promise<string[]> {
  const { rows } = await sql<{ user_id: string; read_at: string | null }>`
    insert into notices (user_id, id, org_id, project_id, kind, read_at)
    select told.user_id, ${id}::uuid, ${org_id}::uuid, ${project_id}::uuid, ${kind}::notice_kind,
      case when told.user_id = ${byUserId}::uuid then now() end
    from (
      select user_id from organization_members where org_id = ${org_id}::uuid and role = 'owner'
      union select user_id from project_members
        where project_id = ${project_id}::uuid and role = 'owner' and (expires_at is null or expires_at > now())
      union select id from users where id = ${alsoUserId}::uuid
    ) told
    on conflict (user_id, id) do nothing
    returning user_id, read_at`.execute(trx)
  return rows.filter(({ read_at }) => read_at === null).map(({ user_id }) => user_id)
}

/** The same for these people only. */
export async function insertNoticesFor(trx: Trx, notice: NewNotice, userIds: string[]): Promise<void> {
  if (userIds.length === 0) return
  await trx
    .insertInto('notices')
    .values(userIds.map((user_id) => ({ ...notice, user_id })))
    .onConflict((c) => c.columns(['user_id', 'id']).doNothing())
    .execute()
}

const notices = (db: Database | Trx, userId: string) =>
  db
    .selectFrom('notices as n')
    .innerJoin('audit_events as e', (join) => join.onRef('e.id', '=', 'n.id').onRef('e.org_id', '=', 'n.org_id'))
    .innerJoin('organizations as o', 'o.id', 'n.org_id')
    .leftJoin('projects as p', (join) => join.onRef('p.id', '=', 'n.project_id').onRef('p.org_id', '=', 'n.org_id'))
    .leftJoin('wipes as w', (join) =>
      join.onRef('w.project_id', '=', 'n.project_id').on('w.id', '=', sql<string>`(e.after ->> 'wipeId')::uuid`),
    )
    .select(['n.id', 'n.kind', 'n.org_id', 'o.slug as org_slug', 'o.name as org_name', 'n.project_id'])
    .select(keptSlug.as('project_slug'))
    .select(['e.actor_kind', 'e.actor_id', 'e.actor_name', 'e.target_kind', 'e.target_id', 'e.target_name', 'w.id as wipe_id'])
    .select(['n.created_at', 'n.read_at', 'n.mailed_at', 'n.user_id', 'e.after'])
    .select(sql<boolean>`p.id is null or p.deleted_at is not null`.as('project_deleted'))
    .select(
      sql<string | null>`case
        when n.kind = 'nuked' and w.restored_at is null and w.purging_at is null and w.purge_after > now() then w.purge_after
        when n.kind = 'deleted' and p.deleted_at is not null and p.restore_before > now() then p.restore_before end`.as(
        'undo_before',
      ),
    )
    .where('n.user_id', '=', userId)

export type NoticeRow = Awaited<ReturnType<typeof listNotices>>[number]
export type NoticePage = { orgId: string | null; unread: boolean; before: string | undefined; limit: number }

/** Newest first; of one organization (`orgId`) or of all. */
export function listNotices(db: Database | Trx, userId: string, { orgId, unread, before, limit }: NoticePage) {
  return notices(db, userId)
    .modifyFront(plannedWithValues)
    .$if(orgId !== null, (q) => q.where('n.org_id', '=', orgId!))
    .$if(unread, (q) => q.where('n.read_at', 'is', null))
    .$if(before !== undefined, (q) => q.where('n.id', '<', before!))
    .orderBy('n.id', 'desc')
    .limit(limit + 1)
    .execute()
}

export const findNotice = (db: Database | Trx, userId: string, id: string) =>
  notices(db, userId).where('n.id', '=', id).executeTakeFirst()

export async function countUnread(db: Database | Trx, userId: string, orgId: string | null): Promise<number> {
  const { n } = await db
    .selectFrom('notices')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('user_id', '=', userId)
    .where('read_at', 'is', null)
    .$if(orgId !== null, (q) => q.where('org_id', '=', orgId!))
    .executeTakeFirstOrThrow()
  return n
}

/** Marks one (`id`) or all; of one organization (`orgId`) or of all. */
export async function markNotices(
  trx: Trx,
  userId: string,
  { id, orgId, read }: { id: string | null; orgId: string | null; read: boolean },
): Promise<void> {
  await trx
    .updateTable('notices')
    .set({ read_at: read ? sql<string>`now()` : null })
    .where('user_id', '=', userId)
    .where('read_at', read ? 'is' : 'is not', null)
    .$if(id !== null, (q) => q.where('id', '=', id!))
    .$if(orgId !== null, (q) => q.where('org_id', '=', orgId!))
    .execute()
}

/** The mail's address; undefined once it was sent. */
export function findAddressee(db: Database, userId: string, id: string) {
  return db
    .selectFrom('notices as n')
    .innerJoin('users as u', 'u.id', 'n.user_id')
    .select('u.email')
    .where('n.user_id', '=', userId)
    .where('n.id', '=', id)
    .where('n.mailed_at', 'is', null)
    .executeTakeFirst()
}

export async function markMailed(db: Database, userId: string, id: string): Promise<void> {
  await db
    .updateTable('notices')
    .set({ mailed_at: sql<string>`now()` })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .execute()
}
