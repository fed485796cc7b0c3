import { type Kysely, sql } from 'kysely'

/** The projects that a person keeps at hand, and the last time that somebody looked over what a person may do. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const now = sql`clock_timestamp()`
  await db.schema
    .createTable('favorite_projects')
    .addColumn('user_id', 'uuid', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('project_id', 'uuid', (c) => c.notNull().references('projects.id').onDelete('cascade'))
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('favorite_projects_pkey', ['user_id', 'project_id'])
    .execute()
  await db.schema.createIndex('favorite_projects_project_id').on('favorite_projects').column('project_id').execute()
  await db.schema
    .createTable('access_reviews')
    .addColumn('org_id', 'uuid', (c) => c.notNull().references('organizations.id').onDelete('cascade'))
    .addColumn('user_id', 'uuid', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('reviewed_by', 'uuid', (c) => c.references('users.id').onDelete('set null'))
    // What they could do then, as a fingerprint.
    .addColumn('grants', 'text', (c) => c.notNull())
    .addColumn('reviewed_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('access_reviews_pkey', ['org_id', 'user_id'])
    .execute()
  await db.schema.createIndex('access_reviews_user_id').on('access_reviews').column('user_id').execute()
  await db.schema.createIndex('access_reviews_reviewed_by').on('access_reviews').column('reviewed_by').execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('access_reviews').execute()
  await db.schema.dropTable('favorite_projects').execute()
}
