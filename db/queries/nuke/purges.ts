import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'

/** Whose data to purge, and what to leave for later. Without an organization: all. */
export type PurgeScope = { orgId?: string; except?: readonly string[] }

/** The organizations with something due. */
export async function listOrganizationsToPurge(db: Database | Trx): Promise<string[]> {
  const { rows } = await sql<{ org_id: string }>`
    select p.org_id from wipes w join projects p on p.id = w.project_id
    where w.purge_after <= now() and w.purged_at is null and w.restored_at is null
    union
    select org_id from projects where deleted_at is not null and restore_before <= now()
    order by 1`.execute(db)
  return rows.map(({ org_id }) => org_id)
}

/**
 * Claims the wipe that has waited longest, for its time or for its next turn. Sets the mark under its lock, so that an undo sees
 * it. A wipe that an earlier purge began is claimed again: the caller must be the only one that purges.
 */
export function claimPurge(db: Database | Trx, { orgId, except = [] }: PurgeScope = {}) {
  return db
    .updateTable('wipes')
    .set({ purging_at: sql<string>`clock_timestamp()` })
    .where('id', '=', (eb) =>
      eb
        .selectFrom('wipes as w')
        .select('w.id')
        .where('w.purge_after', '<=', sql<string>`now()`)
        .where('w.purged_at', 'is', null)
        .where('w.restored_at', 'is', null)
        .where('w.id', '!=', sql<string>`all(${except}::uuid[])`)
        .$if(orgId !== undefined, (q) =>
          q.where('w.project_id', 'in', (p) => p.selectFrom('projects').select('projects.id').where('org_id', '=', orgId!)),
        )
        .orderBy(sql`coalesce(w.purging_at, w.purge_after)`)
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'project_id', 'generation'])
    .executeTakeFirst()
}

/**
 * The same for a deleted project. An attempt to restore it, even one that began before the retention ended, then sees the mark.
 */
export function claimExpiredProject(db: Database | Trx, { orgId, except = [] }: PurgeScope = {}) {
  return db
    .updateTable('projects')
    .set({ purging_at: sql<string>`clock_timestamp()` })
    .where('id', '=', (eb) =>
      eb
        .selectFrom('projects as p')
        .select('p.id')
        .where('p.deleted_at', 'is not', null)
        .where('p.restore_before', '<=', sql<string>`now()`)
        .where('p.id', '!=', sql<string>`all(${except}::uuid[])`)
        .$if(orgId !== undefined, (q) => q.where('p.org_id', '=', orgId!))
        .orderBy(sql`coalesce(p.purging_at, p.restore_before)`)
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'org_id'])
    .executeTakeFirst()
}
