import { type Kysely, sql } from 'kysely'

const now = sql`now()`
const bytes = sql`bytea`
const textArray = sql`text[]`

/** Who there is, and the part of a project that a nuke keeps. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const schema = db.schema
  await schema.createType('role').asEnum(['owner', 'admin', 'member', 'viewer']).execute()
  await schema.createType('actor_kind').asEnum(['user', 'project_token', 'system']).execute()
  await schema.createType('wipe_reason').asEnum(['nuke', 'undo']).execute()

  await schema
    .createTable('users')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('email', 'text', (c) =>
      c
        .notNull()
        .unique()
        .check(sql`email = lower(email)`),
    )
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('avatar_url', 'text')
    .addColumn('password_hash', 'text')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .execute()

  await schema
    .createTable('sessions')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('user_id', 'uuid', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('authenticated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('expires_at', 'timestamptz', (c) => c.notNull())
    .addColumn('last_seen_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('address', 'text')
    .addColumn('user_agent', 'text')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .execute()
  await schema.createIndex('sessions_user_id').on('sessions').column('user_id').execute()

  await schema
    .createTable('organizations')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('slug', 'text', (c) => c.notNull().unique())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .execute()

  await schema
    .createTable('organization_members')
    .addColumn('org_id', 'uuid', (c) => c.notNull().references('organizations.id').onDelete('cascade'))
    .addColumn('user_id', 'uuid', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('role', sql`role`, (c) => c.notNull())
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('organization_members_pkey', ['org_id', 'user_id'])
    .execute()
  await schema.createIndex('organization_members_user_id').on('organization_members').column('user_id').execute()

  await schema
    .createTable('invitations')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('org_id', 'uuid', (c) => c.notNull().references('organizations.id').onDelete('cascade'))
    .addColumn('email', 'text', (c) => c.notNull().check(sql`email = lower(email)`))
    .addColumn('role', sql`role`, (c) => c.notNull())
    .addColumn('token_hash', bytes, (c) => c.notNull().unique())
    .addColumn('invited_by', 'uuid', (c) => c.references('users.id').onDelete('set null'))
    .addColumn('expires_at', 'timestamptz', (c) => c.notNull())
    .addColumn('accepted_at', 'timestamptz')
    .addColumn('revoked_at', 'timestamptz')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .execute()
  await schema.createIndex('invitations_org_id').on('invitations').column('org_id').execute()
  await schema.createIndex('invitations_invited_by').on('invitations').column('invited_by').execute()

  await schema
    .createTable('personal_tokens')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('user_id', 'uuid', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('org_id', 'uuid', (c) => c.references('organizations.id').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('token_prefix', 'text', (c) => c.notNull())
    .addColumn('token_hash', bytes, (c) => c.notNull().unique())
    .addColumn('expires_at', 'timestamptz')
    .addColumn('revoked_at', 'timestamptz')
    .addColumn('last_used_at', 'timestamptz')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .execute()
  await schema.createIndex('personal_tokens_user_id').on('personal_tokens').columns(['user_id', 'org_id']).execute()
  await schema.createIndex('personal_tokens_org_id').on('personal_tokens').column('org_id').execute()

  await schema
    .createTable('projects')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('org_id', 'uuid', (c) => c.notNull().references('organizations.id'))
    .addColumn('slug', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('metadata', 'jsonb')
    .addColumn('generation', 'integer', (c) => c.notNull().defaultTo(1))
    .addColumn('last_generation', 'integer', (c) => c.notNull().defaultTo(1))
    .addColumn('protected', 'boolean', (c) => c.notNull().defaultTo(false))
    .addColumn('protection_reason', 'text')
    .addColumn('deleted_at', 'timestamptz')
    .addColumn('restore_before', 'timestamptz')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addUniqueConstraint('projects_org_id_slug', ['org_id', 'slug'])
    .addCheckConstraint('projects_generation', sql`generation <= last_generation`)
    .execute()
  await schema.createIndex('projects_org_id_id').on('projects').columns(['org_id', 'id']).execute()
  await schema
    .createIndex('projects_restore_before')
    .on('projects')
    .column('restore_before')
    .where(sql.ref('deleted_at'), 'is not', null)
    .execute()

  await schema
    .createTable('environments')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('project_id', 'uuid', (c) => c.notNull().references('projects.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('is_default', 'boolean', (c) => c.notNull().defaultTo(false))
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addUniqueConstraint('environments_project_id_name', ['project_id', 'name'])
    .addUniqueConstraint('environments_project_id_id', ['project_id', 'id'])
    .execute()
  await schema
    .createIndex('environments_one_default')
    .on('environments')
    .column('project_id')
    .unique()
    .where(sql.ref('is_default'), '=', true)
    .execute()

  await schema
    .createTable('project_members')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('project_id', 'uuid', (c) => c.notNull().references('projects.id'))
    .addColumn('user_id', 'uuid', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('role', sql`role`, (c) => c.notNull())
    .addColumn('env_id', 'uuid')
    .addColumn('cell_scopes', textArray)
    .addColumn('verbs', textArray, (c) =>
      c
        .notNull()
        .defaultTo(sql`'{}'::text[]`)
        .check(sql`verbs <@ array['create:*', 'read:*', 'update:*', 'delete:*']`),
    )
    .addColumn('expires_at', 'timestamptz')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addUniqueConstraint('project_members_project_id_user_id', ['project_id', 'user_id'])
    .addForeignKeyConstraint('project_members_environment', ['project_id', 'env_id'], 'environments', ['project_id', 'id'])
    .execute()
  await schema.createIndex('project_members_user_id').on('project_members').column('user_id').execute()
  await schema.createIndex('project_members_environment').on('project_members').columns(['project_id', 'env_id']).execute()

  await schema
    .createTable('project_tokens')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('project_id', 'uuid', (c) => c.notNull().references('projects.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('token_prefix', 'text', (c) => c.notNull())
    .addColumn('token_hash', bytes, (c) => c.notNull().unique())
    .addColumn('role', sql`role`, (c) => c.notNull())
    .addColumn('env_id', 'uuid')
    .addColumn('cell_scopes', textArray)
    .addColumn('verbs', textArray, (c) =>
      c
        .notNull()
        .defaultTo(sql`'{}'::text[]`)
        .check(sql`verbs <@ array['create:*', 'read:*', 'update:*', 'delete:*']`),
    )
    .addColumn('expires_at', 'timestamptz')
    .addColumn('revoked_at', 'timestamptz')
    .addColumn('last_used_at', 'timestamptz')
    .addColumn('created_by', 'text')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addForeignKeyConstraint('project_tokens_environment', ['project_id', 'env_id'], 'environments', ['project_id', 'id'])
    .execute()
  await schema.createIndex('project_tokens_project_id').on('project_tokens').columns(['project_id', 'id']).execute()
  await schema.createIndex('project_tokens_environment').on('project_tokens').columns(['project_id', 'env_id']).execute()

  await schema
    .createTable('repo_links')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('project_id', 'uuid', (c) => c.notNull().references('projects.id'))
    .addColumn('provider', 'text', (c) => c.notNull())
    .addColumn('repository', 'text', (c) => c.notNull())
    .addColumn('branch', 'text', (c) => c.notNull())
    .addColumn('path', 'text', (c) => c.notNull())
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addUniqueConstraint('repo_links_target', ['project_id', 'provider', 'repository', 'branch', 'path'])
    .execute()

  // No foreign key to the project: its history outlives it.
  await schema
    .createTable('audit_events')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('org_id', 'uuid', (c) => c.references('organizations.id'))
    .addColumn('project_id', 'uuid')
    .addColumn('actor_kind', sql`actor_kind`, (c) => c.notNull())
    .addColumn('actor_id', 'uuid')
    .addColumn('actor_name', 'text', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('target_kind', 'text', (c) => c.notNull())
    .addColumn('target_id', 'text', (c) => c.notNull())
    .addColumn('target_name', 'text')
    .addColumn('before', 'jsonb')
    .addColumn('after', 'jsonb')
    .addColumn('request_id', 'text')
    .addColumn('address', 'text')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .execute()
  await schema.createIndex('audit_events_project_id').on('audit_events').columns(['project_id', 'id']).execute()
  await schema.createIndex('audit_events_org_id').on('audit_events').columns(['org_id', 'id']).execute()

  await schema
    .createTable('wipes')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('project_id', 'uuid', (c) => c.notNull().references('projects.id'))
    .addColumn('generation', 'integer', (c) => c.notNull())
    .addColumn('reason', sql`wipe_reason`, (c) => c.notNull())
    .addColumn('row_counts', 'jsonb', (c) => c.notNull())
    .addColumn('actor_kind', sql`actor_kind`, (c) => c.notNull())
    .addColumn('actor_id', 'uuid')
    .addColumn('actor_name', 'text', (c) => c.notNull())
    .addColumn('purge_after', 'timestamptz', (c) => c.notNull())
    .addColumn('purging_at', 'timestamptz')
    .addColumn('purged_at', 'timestamptz')
    .addColumn('restored_at', 'timestamptz')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .execute()
  await schema.createIndex('wipes_project_id').on('wipes').columns(['project_id', 'id']).execute()
  await schema
    .createIndex('wipes_purge_after')
    .on('wipes')
    .column('purge_after')
    .where(sql<boolean>`purged_at is null and restored_at is null`)
    .execute()

  await schema
    .createTable('row_counts')
    .addColumn('project_id', 'uuid', (c) => c.notNull().references('projects.id'))
    .addColumn('generation', 'integer', (c) => c.notNull())
    .addColumn('table_name', 'text', (c) => c.notNull())
    .addColumn('backend', 'integer', (c) => c.notNull())
    .addColumn('n', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('row_counts_pkey', ['project_id', 'generation', 'table_name', 'backend'])
    .execute()

  await schema
    .createTable('idempotency_keys')
    .addColumn('actor_id', 'uuid', (c) => c.notNull())
    .addColumn('route', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('request_hash', bytes, (c) => c.notNull())
    .addColumn('response', bytes)
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('idempotency_keys_pkey', ['actor_id', 'route', 'key'])
    .execute()
  await schema.createIndex('idempotency_keys_created_at').on('idempotency_keys').column('created_at').execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  const tables = [
    'idempotency_keys',
    'row_counts',
    'wipes',
    'audit_events',
    'repo_links',
    'project_tokens',
    'project_members',
    'environments',
    'projects',
    'personal_tokens',
    'invitations',
    'organization_members',
    'organizations',
    'sessions',
    'users',
  ]
  for (const table of tables) await db.schema.dropTable(table).execute()
  for (const type of ['wipe_reason', 'actor_kind', 'role']) await db.schema.dropType(type).execute()
}
