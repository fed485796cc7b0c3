import { type Kysely } from 'kysely'

/** Invitations by the organisation itself: to it alone or to projects as well, each membership with an end where one is named. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('invitations')
    .addColumn('to_organization', 'boolean', (c) => c.notNull().defaultTo(false))
    .execute()
  await db.schema.alterTable('invitation_projects').addColumn('expires_at', 'timestamptz').execute()
  // Whoever is invited, or leaves, has his open invitations looked up.
  await db.schema.createIndex('invitations_email').on('invitations').columns(['email', 'org_id']).execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('invitations_email').execute()
  await db.schema.alterTable('invitation_projects').dropColumn('expires_at').execute()
  await db.schema.alterTable('invitations').dropColumn('to_organization').execute()
}
