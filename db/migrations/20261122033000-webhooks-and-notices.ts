import { type Kysely, sql } from 'kysely'

const now = sql`now()`
const bytes = sql`bytea`
const textArray = sql`text[]`

/** Where an organisation's audit events are sent to, each on its way; and what owners are told of. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema.createType('delivery_state').asEnum(['pending', 'delivered', 'failed']).execute()
  await schema
    .createType('notice_kind')
    .asEnum(['nuked', 'undone', 'deleted', 'restored', 'owner-made', 'owner-changed', 'owner-removed', 'webhook-switched-off'])
    .execute()

  // null in `events` or `project_ids` = all. The secret is sealed; the previous one signs too until its time is over.
  await schema
    .createTable('webhooks')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('org_id', 'uuid', (c) => c.notNull().references('organizations.id').onDelete('cascade'))
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('description', 'text', (c) => c.notNull())
    .addColumn('events', textArray)
    .addColumn('project_ids', sql`uuid[]`)
    .addColumn('enabled', 'boolean', (c) => c.notNull())
    .addColumn('failing_since', 'timestamptz')
    .addColumn('switched_off_at', 'timestamptz')
    .addColumn('sealed', bytes, (c) => c.notNull())
    .addColumn('sealed_by', 'text', (c) => c.notNull())
    .addColumn('previous_sealed', bytes)
    .addColumn('previous_sealed_by', 'text')
    .addColumn('previous_until', 'timestamptz')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .execute()
  await schema.createIndex('webhooks_org_id').on('webhooks').columns(['org_id', 'id']).execute()

  // `id` is that of the audit event, or a ping's own.
  await schema
    .createTable('webhook_deliveries')
    .addColumn('webhook_id', 'uuid', (c) => c.notNull().references('webhooks.id').onDelete('cascade'))
    .addColumn('id', 'uuid', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('state', sql`delivery_state`, (c) => c.notNull().defaultTo('pending'))
    .addColumn('tries', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('next_try_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('tried_at', 'timestamptz')
    .addColumn('duration_ms', 'integer')
    .addColumn('status', 'smallint')
    .addColumn('reason', 'text')
    .addColumn('detail', 'text')
    .addColumn('response', 'text')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('webhook_deliveries_pkey', ['webhook_id', 'id'])
    .execute()
  await schema
    .createIndex('webhook_deliveries_due')
    .on('webhook_deliveries')
    .columns(['webhook_id', 'next_try_at'])
    .where(sql.ref('state'), '=', sql`'pending'::delivery_state`)
    .execute()
  await schema
    .createIndex('webhook_deliveries_failed')
    .on('webhook_deliveries')
    .columns(['webhook_id', 'id'])
    .where(sql.ref('state'), '=', sql`'failed'::delivery_state`)
    .execute()

  // `id` is that of the audit event. No foreign key to the project: an owner may read of its end when it is gone.
  await schema
    .createTable('notices')
    .addColumn('user_id', 'uuid', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('id', 'uuid', (c) => c.notNull())
    .addColumn('org_id', 'uuid', (c) => c.notNull().references('organizations.id').onDelete('cascade'))
    .addColumn('project_id', 'uuid')
    .addColumn('kind', sql`notice_kind`, (c) => c.notNull())
    .addColumn('read_at', 'timestamptz')
    .addColumn('mailed_at', 'timestamptz')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('notices_pkey', ['user_id', 'id'])
    .execute()
  await schema.createIndex('notices_org_id').on('notices').column('org_id').execute()
  await schema
    .createIndex('notices_unread')
    .on('notices')
    .columns(['user_id', 'id'])
    .where(sql.ref('read_at'), 'is', null)
    .execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['notices', 'webhook_deliveries', 'webhooks']) await db.schema.dropTable(table).execute()
  for (const type of ['notice_kind', 'delivery_state']) await db.schema.dropType(type).execute()
}
