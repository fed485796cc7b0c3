import { type Kysely, sql } from 'kysely'

/** Sessions that look at a project as one of its members sees it, and which token sent an invitation. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('viewings')
    .addColumn('session_id', 'uuid', (c) => c.primaryKey().references('sessions.id').onDelete('cascade'))
    .addColumn('project_id', 'uuid', (c) => c.notNull().references('projects.id').onDelete('cascade'))
    .addColumn('user_id', 'uuid', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn('expires_at', 'timestamptz', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('viewings_project_id').on('viewings').column('project_id').execute()
  await db.schema.createIndex('viewings_user_id').on('viewings').column('user_id').execute()

  // An invitation is worth what its sender may still give, and a project token sends some.
  await db.schema
    .alterTable('invitations')
    .addColumn('invited_by_token', 'uuid', (c) => c.references('project_tokens.id').onDelete('set null'))
    .execute()
  await db.schema.createIndex('invitations_invited_by_token').on('invitations').column('invited_by_token').execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('invitations_invited_by_token').execute()
  await db.schema.alterTable('invitations').dropColumn('invited_by_token').execute()
  await db.schema.dropTable('viewings').execute()
}
