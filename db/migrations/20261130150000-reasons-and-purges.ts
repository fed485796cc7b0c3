import { type Kysely, sql } from 'kysely'

/** Why something was nuked, undone or deleted, and a notice of what was purged before its time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('wipes').addColumn('stated_reason', 'text').addColumn('restore_reason', 'text').execute()
  await db.schema.alterTable('projects').addColumn('deletion_reason', 'text').execute()
  await sql`alter type notice_kind add value if not exists 'purged'`.execute(db)
}

/** A value of an enum stays: PostgreSQL cannot remove one. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('projects').dropColumn('deletion_reason').execute()
  await db.schema.alterTable('wipes').dropColumn('stated_reason').dropColumn('restore_reason').execute()
}
