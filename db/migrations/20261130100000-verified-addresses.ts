import { type Kysely, sql } from 'kysely'

/** Whose account it is: whether somebody has proven its address, and which organizations were joined with a proven one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('users')
    .addColumn('email_verified_at', 'timestamptz')
    .addColumn('email_verified_by', 'text', (c) =>
      c.check(sql`email_verified_by in ('set-up', 'command-line', 'provider', 'mail')`),
    )
    .execute()
  await sql`alter table users add constraint users_email_verified_whole
    check (num_nulls(email_verified_at, email_verified_by) in (0, 2))`.execute(db)

  // An organization that is somebody's home is where first sight need not make another, and where their v1 projects go.
  await db.schema
    .alterTable('organization_members')
    .addColumn('home', 'boolean', (c) => c.notNull().defaultTo(false))
    .execute()

  await sql`alter type notice_kind add value if not exists 'account-taken-over'`.execute(db)

  await classifyAccounts(db)
}

/**
 * Accounts from before. An invitation's link was shown to its sender, so an account that it made has proven nothing, and neither has an
 * identity that was linked to it since: whoever made it may still hold its password. It counts as verified only where a mailed link to a new
 * password was answered and nothing that could open the account is older than that.
 */
async function classifyAccounts(db: Kysely<unknown>): Promise<void> {
  // A long log takes its time to read.
  await sql`set local statement_timeout = 0`.execute(db)
  await sql`update users u set email_verified_at = u.created_at, email_verified_by =
      case e.actor_name when 'set-up' then 'set-up' when 'cli' then 'command-line' else 'provider' end
    from audit_events e
    where e.action = 'user.created' and e.actor_kind = 'system' and e.actor_name in ('set-up', 'cli', 'first sight')
      and e.org_id is null and e.target_kind = 'user' and e.target_id = u.id::text`.execute(db)

  await sql`update users u set email_verified_at = r.at, email_verified_by = 'mail'
    from (
      select actor_id, max(created_at) as at from audit_events where action = 'password.reset' and actor_kind = 'user' group by actor_id
    ) r
    where r.actor_id = u.id and u.email_verified_at is null
      and not exists (select from audit_events x where x.actor_id = u.id and x.created_at < r.at
        and x.action in ('passkey.added', 'second-factor.enabled', 'identity.linked'))
      and not exists (select from passkeys k where k.user_id = u.id and k.created_at < r.at)
      and not exists (select from totp_factors f where f.user_id = u.id and f.created_at < r.at)
      and not exists (select from user_identities i where i.user_id = u.id and i.created_at < r.at)
      and not exists (select from personal_tokens t where t.user_id = u.id and t.created_at < r.at and t.revoked_at is null)`.execute(
    db,
  )

  // Joined with a proven address, or made for somebody at first sight.
  await sql`update organization_members m set home = true from users u
    where u.id = m.user_id and (m.created_at >= u.email_verified_at
      or exists (select from audit_events e where e.org_id = m.org_id and e.action = 'organization.created'
        and e.actor_kind = 'system' and e.actor_name = 'first sight' and e.after ->> 'owner' = u.email))`.execute(db)
}

/** A kind of notice stays: PostgreSQL takes no value out of an enum. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`delete from notices where kind::text = 'account-taken-over'`.execute(db)
  await db.schema.alterTable('organization_members').dropColumn('home').execute()
  await db.schema.alterTable('users').dropColumn('email_verified_at').dropColumn('email_verified_by').execute()
}
