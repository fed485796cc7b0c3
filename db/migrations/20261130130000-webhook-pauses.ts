import type { Kysely } from 'kysely'

/**
 * Until when a receiver asked for no requests, and why a webhook was switched off. Null for those that a server of before
 * switches off: they kept failing.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('webhooks')
    .addColumn('paused_until', 'timestamptz')
    .addColumn('switched_off_reason', 'text')
    .execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('webhooks').dropColumn('paused_until').dropColumn('switched_off_reason').execute()
}
