import { type Kysely, sql } from 'kysely'

/** What guards signing in and tokens. */
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

  // Where a token was last used from, and where it may be used from; empty = from anywhere.
  for (const table of ['project_tokens', 'personal_tokens']) {
    await db.schema
      .alterTable(table)
      .addColumn('last_used_address', 'text')
      .addColumn('allowed_addresses', sql`text[]`, (c) => c.notNull().defaultTo(sql`'{}'::text[]`))
      .execute()
  }
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['personal_tokens', 'project_tokens'])
    await db.schema.alterTable(table).dropColumn('allowed_addresses').dropColumn('last_used_address').execute()
  await db.schema.dropTable('sign_in_throttles').execute()
}
