import { type Kysely, sql } from 'kysely'

/** Who created or last redirected a webhook, as the log has it: also of those that a server of before has created since they are kept. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`update webhooks w set made_by = u.id
    from (select distinct on (a.org_id, a.target_id) a.org_id, a.target_id, a.actor_id from audit_events a
      where a.actor_kind = 'user' and (a.action = 'webhook.created' or a.action = 'webhook.updated' and a.after -> 'changed' ? 'url'
        and a.before ->> 'host' is distinct from a.after ->> 'host')
      order by a.org_id, a.target_id, a.id desc) last
    join users u on u.id = last.actor_id where last.org_id = w.org_id and last.target_id = w.id::text`.execute(db)
}

/** Who it was before is in the log. */
export async function down(): Promise<void> {}
