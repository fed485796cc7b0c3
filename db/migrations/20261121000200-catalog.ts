import { type Kysely, sql } from 'kysely'

const now = sql`now()`
const empty = sql`'{}'::jsonb`
const key = ['project_id', 'generation'] as const

/** Every table of project data leads each key with (project_id, generation, …). */
const projectData = (db: Kysely<unknown>, table: string) =>
  db.schema
    .createTable(table)
    .addColumn('project_id', 'uuid', (c) => c.notNull().references('projects.id'))
    .addColumn('generation', 'integer', (c) => c.notNull())

/** The rest of the catalog: relationships and their types, secrets, what entities report of themselves, and the catalog's history. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createType('cardinality').asEnum(['one-to-one', 'one-to-many', 'many-to-one', 'many-to-many']).execute()

  // What only matters to who synchronises from outside; kept and given back as it came.
  await db.schema
    .alterTable('entity_types')
    .addColumn('sync', 'jsonb', (c) => c.notNull().defaultTo(sql`'{"syncTracked": true}'::jsonb`))
    .execute()
  await db.schema
    .alterTable('entities')
    .addColumn('metrics', 'jsonb', (c) => c.notNull().defaultTo(empty))
    .execute()

  await projectData(db, 'relationship_types')
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('display_name', 'text', (c) => c.notNull())
    .addColumn('from_type', 'text', (c) => c.notNull())
    .addColumn('to_type', 'text', (c) => c.notNull())
    .addColumn('cardinality', sql`cardinality`, (c) => c.notNull())
    .addColumn('states', sql`text[]`, (c) => c.notNull())
    .addColumn('properties', 'jsonb', (c) => c.notNull())
    .addColumn('constraints', 'jsonb', (c) => c.notNull())
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('relationship_types_pkey', [...key, 'name'])
    .addForeignKeyConstraint('relationship_types_from', [...key, 'from_type'], 'entity_types', [...key, 'name'])
    .addForeignKeyConstraint('relationship_types_to', [...key, 'to_type'], 'entity_types', [...key, 'name'])
    .execute()
  await db.schema
    .createIndex('relationship_types_from')
    .on('relationship_types')
    .columns([...key, 'from_type'])
    .execute()
  await db.schema
    .createIndex('relationship_types_to')
    .on('relationship_types')
    .columns([...key, 'to_type'])
    .execute()

  await projectData(db, 'relationships')
    .addColumn('id', 'uuid', (c) => c.notNull())
    .addColumn('env_id', 'uuid', (c) => c.notNull())
    .addColumn('relationship_type', 'text', (c) => c.notNull())
    .addColumn('from_id', 'uuid', (c) => c.notNull())
    .addColumn('to_id', 'uuid', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('properties', 'jsonb', (c) => c.notNull())
    .addColumn('labels', 'jsonb', (c) => c.notNull())
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('relationships_pkey', [...key, 'id'])
    .addUniqueConstraint('relationships_identity', [...key, 'from_id', 'relationship_type', 'to_id'])
    .addForeignKeyConstraint('relationships_environment', ['project_id', 'env_id'], 'environments', ['project_id', 'id'])
    .addForeignKeyConstraint('relationships_type', [...key, 'relationship_type'], 'relationship_types', [...key, 'name'])
    .addForeignKeyConstraint('relationships_from', [...key, 'from_id'], 'entities', [...key, 'id'])
    .addForeignKeyConstraint('relationships_to', [...key, 'to_id'], 'entities', [...key, 'id'])
    .execute()
  await db.schema
    .createIndex('relationships_environment')
    .on('relationships')
    .columns(['project_id', 'env_id', 'generation', 'id'])
    .execute()
  await db.schema
    .createIndex('relationships_type')
    .on('relationships')
    .columns([...key, 'relationship_type', 'id'])
    .execute()
  await db.schema
    .createIndex('relationships_to')
    .on('relationships')
    .columns([...key, 'to_id', 'relationship_type'])
    .execute()

  await projectData(db, 'secrets')
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('description', 'text', (c) => c.notNull())
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('secrets_pkey', [...key, 'name'])
    .execute()

  // `sealed` is iv, tag and ciphertext; `key_id` names the key that sealed it.
  await projectData(db, 'secret_values')
    .addColumn('secret', 'text', (c) => c.notNull())
    .addColumn('env_id', 'uuid', (c) => c.notNull())
    .addColumn('key_id', 'text', (c) => c.notNull())
    .addColumn('sealed', sql`bytea`, (c) => c.notNull())
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('secret_values_pkey', [...key, 'secret', 'env_id'])
    .addForeignKeyConstraint('secret_values_secret', [...key, 'secret'], 'secrets', [...key, 'name'])
    .addForeignKeyConstraint('secret_values_environment', ['project_id', 'env_id'], 'environments', ['project_id', 'id'])
    .execute()
  await db.schema.createIndex('secret_values_environment').on('secret_values').columns(['project_id', 'env_id']).execute()

  await projectData(db, 'catalog_revisions')
    .addColumn('id', 'uuid', (c) => c.notNull())
    .addColumn('actor_kind', sql`actor_kind`, (c) => c.notNull())
    .addColumn('actor_id', 'uuid')
    .addColumn('actor_name', 'text', (c) => c.notNull())
    .addColumn('diff', 'jsonb', (c) => c.notNull())
    .addColumn('items', 'jsonb', (c) => c.notNull())
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('catalog_revisions_pkey', [...key, 'id'])
    .execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['catalog_revisions', 'secret_values', 'secrets', 'relationships', 'relationship_types']) {
    await db.schema.dropTable(table).execute()
  }
  await db.schema.alterTable('entities').dropColumn('metrics').execute()
  await db.schema.alterTable('entity_types').dropColumn('sync').execute()
  await db.schema.dropType('cardinality').execute()
}
