import type { Kysely } from 'kysely'

/** Since when a deleted project is being purged: what an attempt to restore it then meets. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('projects').addColumn('purging_at', 'timestamptz').execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('projects').dropColumn('purging_at').execute()
}
