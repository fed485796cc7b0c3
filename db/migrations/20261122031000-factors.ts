import { type Kysely, sql } from 'kysely'

const now = sql`now()`
const bytes = sql`bytea`

/** What proves a person beside the password. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // One a person; it counts from `confirmed_at` on. `last_step` is that of the last code taken: no code is taken twice.
  await db.schema
    .createTable('totp_factors')
    .addColumn('user_id', 'uuid', (c) => c.primaryKey().references('users.id').onDelete('cascade'))
    .addColumn('key_id', 'text', (c) => c.notNull())
    .addColumn('sealed', bytes, (c) => c.notNull())
    .addColumn('last_step', 'integer')
    .addColumn('confirmed_at', 'timestamptz')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .execute()

  await db.schema
    .createTable('recovery_codes')
    .addColumn('user_id', 'uuid', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('code_hash', bytes, (c) => c.notNull())
    .addColumn('used_at', 'timestamptz')
    .addPrimaryKeyConstraint('recovery_codes_pkey', ['user_id', 'code_hash'])
    .execute()

  await db.schema
    .createTable('passkeys')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('user_id', 'uuid', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('credential_id', 'text', (c) => c.notNull().unique())
    .addColumn('public_key', bytes, (c) => c.notNull())
    .addColumn('counter', 'bigint', (c) => c.notNull())
    .addColumn('transports', sql`text[]`, (c) => c.notNull())
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('last_used_at', 'timestamptz')
    .execute()
  await db.schema.createIndex('passkeys_user_id').on('passkeys').column('user_id').execute()

  // What may be used once and was: nothing is kept of what is merely given out.
  await db.schema
    .createTable('spent_nonces')
    .addColumn('nonce', 'text', (c) => c.primaryKey())
    .addColumn('expires_at', 'timestamptz', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('spent_nonces_expires_at').on('spent_nonces').column('expires_at').execute()

  // A code has six digits only: wrong ones are remembered for longer than wrong passwords.
  await db.schema
    .alterTable('sign_in_throttles')
    .addColumn('forget_hours', 'integer', (c) => c.notNull().defaultTo(24))
    .execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('sign_in_throttles').dropColumn('forget_hours').execute()
  for (const table of ['spent_nonces', 'passkeys', 'recovery_codes', 'totp_factors']) await db.schema.dropTable(table).execute()
}
