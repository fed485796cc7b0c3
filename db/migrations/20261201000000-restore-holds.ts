import { type Kysely, sql } from 'kysely'

/** What a restored database holds back until an operator resumes it. Empty on every database that was not restored. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('restore_holds')
    .addColumn('what', 'text', (c) => c.primaryKey().check(sql`what in ('tokens', 'sending')`))
    .addColumn('held_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('restore_holds').execute()
}
