import { type Kysely, sql } from 'kysely'

/** Who stands behind a project token or a webhook, and how much is kept for the keys of an organization. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['project_tokens', 'webhooks'])
    await db.schema
      .alterTable(table)
      .addColumn('made_by', 'uuid', (c) => c.references('users.id').onDelete('set null'))
      .execute()
  await db.schema.createIndex('project_tokens_made_by').on('project_tokens').columns(['made_by', 'project_id']).execute()
  await db.schema.createIndex('webhooks_made_by').on('webhooks').columns(['made_by', 'org_id']).execute()
  await sql`update webhooks w set made_by = u.id from audit_events a join users u on u.id = a.actor_id
    where a.org_id = w.org_id and a.action = 'webhook.created' and a.target_id = w.id::text and a.actor_kind = 'user'`.execute(db)
  await attributeTokens(db)

  // An organization's; an actor's own where the call is in none.
  await sql`alter table idempotency_keys add column kept_for uuid,
    add column size integer not null generated always as (coalesce(octet_length(response), 0)) stored`.execute(db)
  await sql`create index idempotency_keys_kept_for on idempotency_keys (kept_for) include (actor_id, size, created_at)`.execute(
    db,
  )
}

/** To whoever made them, as the log has it; what a token made, to whoever made that token. */
async function attributeTokens(db: Kysely<unknown>): Promise<void> {
  await sql`with recursive made (id, actor_kind, actor_id) as materialized (
      select distinct on (1) case a.action when 'token.rotated' then a.after ->> 'id' else a.target_id end, a.actor_kind, a.actor_id
        from audit_events a where a.action in ('token.created', 'token.rotated') order by 1, a.id
    ), behind (id, user_id) as (
      select m.id, m.actor_id from made m where m.actor_kind = 'user'
      union
      select m.id, b.user_id from behind b join made m on m.actor_kind = 'project_token' and m.actor_id::text = b.id
    )
    update project_tokens t set made_by = u.id from behind b join users u on u.id = b.user_id where t.id::text = b.id`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table idempotency_keys drop column kept_for, drop column size`.execute(db)
  for (const table of ['project_tokens', 'webhooks']) await db.schema.alterTable(table).dropColumn('made_by').execute()
}
