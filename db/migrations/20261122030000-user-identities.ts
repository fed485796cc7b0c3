import { type Kysely, sql } from 'kysely'

/** Who somebody is at a sign-in provider. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Who was unlinked stays known: else his email alone would link him anew at his next sign-in.
  await db.schema
    .createTable('user_identities')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('user_id', 'uuid', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('issuer', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('email', 'text')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn('last_used_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn('unlinked_at', 'timestamptz')
    .addUniqueConstraint('user_identities_issuer_subject_key', ['issuer', 'subject'])
    .execute()
  await db.schema.createIndex('user_identities_user_id').on('user_identities').column('user_id').execute()

  // A way back from a provider is gone once, whatever the browser still holds.
  await db.schema
    .createTable('used_sign_in_states')
    .addColumn('state_hash', sql`bytea`, (c) => c.primaryKey())
    .addColumn('used_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .execute()
  await db.schema.createIndex('used_sign_in_states_used_at').on('used_sign_in_states').column('used_at').execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('used_sign_in_states').execute()
  await db.schema.dropTable('user_identities').execute()
}
