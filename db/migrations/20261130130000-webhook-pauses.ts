import type { Kysely } from 'kysely'

/**
 * Until when a receiver asked for no requests, and why a webhook was switched off. The reason is null when an older server
 * switched it off, which it does only to webhooks that kept failing.
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
