import type { Kysely } from 'kysely'

/**
 * The order of the audit logs of a project and of an organization, which no other index has: a list sorted by id may be read from
 * the primary key, past all newer events of everybody else. The two indexes by id stay for servers of the previous version.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ['org_id', 'project_id'])
    await db.schema.createIndex(`audit_events_${column}_time`).on('audit_events').columns([column, 'created_at', 'id']).execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const column of ['org_id', 'project_id']) await db.schema.dropIndex(`audit_events_${column}_time`).execute()
}
