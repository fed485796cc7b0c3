import { type Kysely, sql } from 'kysely'

/** What time does to access: what was told of its end, how long tokens may live, and who was ever here. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('organizations')
    .addColumn('max_token_days', 'integer', (c) => c.check(sql`max_token_days > 0`))
    .execute()

  // Sessions go when they end; this stays.
  await db.schema.alterTable('users').addColumn('last_signed_in_at', 'timestamptz').execute()
  await sql`update users u set last_signed_in_at = (select max(s.created_at) from sessions s where s.user_id = u.id)`.execute(db)

  // One row for each end of an access and each step before it: the key lets one process alone tell of it.
  await db.schema.createType('expiry_kind').asEnum(['member', 'project_token', 'personal_token']).execute()
  await db.schema.createType('expiry_step').asEnum(['week', 'day']).execute()
  await db.schema
    .createTable('expiry_notices')
    .addColumn('kind', sql`expiry_kind`, (c) => c.notNull())
    .addColumn('subject_id', 'uuid', (c) => c.notNull())
    .addColumn('expires_at', 'timestamptz', (c) => c.notNull())
    .addColumn('step', sql`expiry_step`, (c) => c.notNull())
    .addColumn('told_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .addPrimaryKeyConstraint('expiry_notices_pkey', ['subject_id', 'expires_at', 'step'])
    .execute()
  await db.schema.createIndex('expiry_notices_expires_at').on('expiry_notices').column('expires_at').execute()

  for (const table of ['project_members', 'project_tokens', 'personal_tokens']) {
    await db.schema
      .createIndex(`${table}_expires_at`)
      .on(table)
      .column('expires_at')
      .where(sql.ref('expires_at'), 'is not', null)
      .execute()
  }

  // What somebody did in a project of late.
  await db.schema
    .createIndex('audit_events_actor_id')
    .on('audit_events')
    .columns(['actor_id', 'project_id', 'action', 'created_at'])
    .where(sql.ref('actor_id'), 'is not', null)
    .execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('audit_events_actor_id').execute()
  for (const table of ['project_members', 'project_tokens', 'personal_tokens'])
    await db.schema.dropIndex(`${table}_expires_at`).execute()
  await db.schema.dropTable('expiry_notices').execute()
  for (const type of ['expiry_step', 'expiry_kind']) await db.schema.dropType(type).execute()
  await db.schema.alterTable('users').dropColumn('last_signed_in_at').execute()
  await db.schema.alterTable('organizations').dropColumn('max_token_days').execute()
}
