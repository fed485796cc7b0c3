import type { Kysely } from 'kysely'

/** Since when an invitation's mail is known not to arrive, and what the mail server said. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('invitations').addColumn('mail_failed_at', 'timestamptz').addColumn('mail_failure', 'text').execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('invitations').dropColumn('mail_failed_at').dropColumn('mail_failure').execute()
}
