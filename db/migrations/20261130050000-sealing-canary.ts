import { type Kysely, sql } from 'kysely'

/** One sealed text, by which a start knows whether it has the secret that sealed everything else here. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('sealing_canary')
    .addColumn('only_one', 'boolean', (c) =>
      c
        .primaryKey()
        .defaultTo(true)
        .check(sql`only_one`),
    )
    .addColumn('sealed_by', 'text', (c) => c.notNull())
    .addColumn('sealed', sql`bytea`, (c) => c.notNull())
    .execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('sealing_canary').execute()
}
