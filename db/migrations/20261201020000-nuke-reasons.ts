import type { Kysely } from 'kysely'

/** Whether people must give a reason when they nuke a project of the organization. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('organizations')
    .addColumn('require_nuke_reason', 'boolean', (column) => column.notNull().defaultTo(false))
    .execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('organizations').dropColumn('require_nuke_reason').execute()
}
