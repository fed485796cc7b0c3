import { type Kysely, sql } from 'kysely'

const now = sql`now()`
const textArray = sql`text[]`

const projectData = (db: Kysely<unknown>, table: string) =>
  db.schema
    .createTable(table)
    .addColumn('project_id', 'uuid', (c) => c.notNull().references('projects.id'))
    .addColumn('generation', 'integer', (c) => c.notNull())

/** What the v1 API needs beside the Org API: derived tokens, invitations to projects, renamed environments, agents and core instances. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db

  // A token whose text is derived from its id has nothing to store.
  await schema
    .alterTable('project_tokens')
    .alterColumn('token_hash', (c) => c.dropNotNull())
    .execute()

  await schema
    .alterTable('environments')
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .execute()

  // The invitation's text is derived too, so that its mail can be sent, and sent again, by a job.
  await schema.alterTable('invitations').dropColumn('token_hash').addColumn('redirect_uri', 'text').execute()
  await schema
    .createTable('invitation_projects')
    .addColumn('invitation_id', 'uuid', (c) => c.notNull().references('invitations.id').onDelete('cascade'))
    .addColumn('project_id', 'uuid', (c) => c.notNull().references('projects.id').onDelete('cascade'))
    .addColumn('role', sql`role`, (c) => c.notNull())
    .addColumn('env_id', 'uuid')
    .addColumn('cell_scopes', textArray)
    .addColumn('verbs', textArray, (c) =>
      c
        .notNull()
        .defaultTo(sql`'{}'::text[]`)
        .check(sql`verbs <@ array['create:*', 'read:*', 'update:*', 'delete:*']`),
    )
    .addPrimaryKeyConstraint('invitation_projects_pkey', ['invitation_id', 'project_id'])
    .addForeignKeyConstraint(
      'invitation_projects_environment',
      ['project_id', 'env_id'],
      'environments',
      ['project_id', 'id'],
      (c) => c.onDelete('cascade'),
    )
    .execute()
  await schema.createIndex('invitation_projects_project_id').on('invitation_projects').column('project_id').execute()
  await schema
    .createIndex('invitation_projects_environment')
    .on('invitation_projects')
    .columns(['project_id', 'env_id'])
    .execute()

  // The request that an event came from, and what it was answered with.
  await schema.alterTable('audit_events').addColumn('url', 'text').addColumn('response_code', 'smallint').execute()

  await projectData(db, 'agents')
    .addColumn('id', 'uuid', (c) => c.notNull())
    .addColumn('env_id', 'uuid', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('machine_id', 'text', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('version', 'text', (c) => c.notNull())
    .addColumn('edition', 'text', (c) => c.notNull())
    .addColumn('os', 'text', (c) => c.notNull())
    .addColumn('arch', 'text', (c) => c.notNull())
    .addColumn('flags', textArray, (c) => c.notNull())
    .addColumn('raw_config', 'text', (c) => c.notNull())
    .addColumn('metadata', 'jsonb', (c) => c.notNull())
    .addColumn('tags', textArray, (c) => c.notNull())
    .addColumn('fleet_id', 'uuid')
    .addColumn('first_metrics_added_at', 'timestamptz')
    .addColumn('last_metrics_added_at', 'timestamptz')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('agents_pkey', ['project_id', 'generation', 'id'])
    .addUniqueConstraint('agents_machine_id', ['project_id', 'generation', 'machine_id'])
    .addForeignKeyConstraint('agents_environment', ['project_id', 'env_id'], 'environments', ['project_id', 'id'])
    .execute()
  await schema.createIndex('agents_environment').on('agents').columns(['project_id', 'env_id']).execute()
  await schema.createIndex('agents_created_at').on('agents').columns(['project_id', 'generation', 'created_at', 'id']).execute()
  // The v1 API names an agent without its project.
  await schema.createIndex('agents_id').on('agents').column('id').execute()

  await projectData(db, 'core_instances')
    .addColumn('id', 'uuid', (c) => c.notNull())
    .addColumn('env_id', 'uuid', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('version', 'text', (c) => c.notNull())
    .addColumn('add_health_check_pipeline', 'boolean', (c) => c.notNull())
    .addColumn('health_check_pipeline_port', 'integer', (c) => c.notNull())
    .addColumn('health_check_pipeline_port_kind', 'text', (c) => c.notNull())
    .addColumn('skip_service_creation', 'boolean', (c) => c.notNull())
    .addColumn('cluster_logging', 'boolean', (c) => c.notNull())
    .addColumn('image', 'text')
    .addColumn('tags', textArray, (c) => c.notNull())
    .addColumn('metadata', 'jsonb', (c) => c.notNull())
    .addColumn('last_ping_at', 'timestamptz')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('core_instances_pkey', ['project_id', 'generation', 'id'])
    .addUniqueConstraint('core_instances_name', ['project_id', 'generation', 'env_id', 'name'])
    .addForeignKeyConstraint('core_instances_environment', ['project_id', 'env_id'], 'environments', ['project_id', 'id'])
    .execute()
  await schema.createIndex('core_instances_environment').on('core_instances').columns(['project_id', 'env_id']).execute()
  await schema
    .createIndex('core_instances_created_at')
    .on('core_instances')
    .columns(['project_id', 'generation', 'created_at', 'id'])
    .execute()
  await schema.createIndex('core_instances_id').on('core_instances').column('id').execute()
}

/** What was derived cannot be stored again: tokens and invitations without a hash end here. */
export async function down(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema.dropTable('core_instances').execute()
  await schema.dropTable('agents').execute()
  await schema.alterTable('audit_events').dropColumn('response_code').dropColumn('url').execute()
  await schema.dropTable('invitation_projects').execute()
  await sql`delete from invitations`.execute(db)
  await schema
    .alterTable('invitations')
    .dropColumn('redirect_uri')
    .addColumn('token_hash', sql`bytea`, (c) => c.notNull().unique())
    .execute()
  await schema.alterTable('environments').dropColumn('updated_at').execute()
  await sql`delete from project_tokens where token_hash is null`.execute(db)
  await schema
    .alterTable('project_tokens')
    .alterColumn('token_hash', (c) => c.setNotNull())
    .execute()
}
