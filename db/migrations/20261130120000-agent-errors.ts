import { type Kysely, sql } from 'kysely'

/** What an agent reported that went wrong, newest last. It is part of the agent's row, so it is wiped, restored and deleted with it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('agents')
    .addColumn('errors', 'jsonb', (c) => c.notNull().defaultTo(sql`'[]'::jsonb`))
    .execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('agents').dropColumn('errors').execute()
}
