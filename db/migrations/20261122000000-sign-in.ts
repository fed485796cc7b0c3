import { type Kysely, sql } from 'kysely'

/** What guards signing in. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Keys are keyed hashes of addresses, accounts and devices: whom somebody tried to be is not kept.
  await db.schema
    .createTable('sign_in_throttles')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('failures', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('blocked_until', 'timestamptz')
    .addColumn('last_failed_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .execute()
  await db.schema.createIndex('sign_in_throttles_last_failed_at').on('sign_in_throttles').column('last_failed_at').execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('sign_in_throttles').execute()
}
