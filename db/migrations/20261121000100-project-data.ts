import { type Kysely, sql } from 'kysely'

const now = sql`now()`

/** Every table of project data leads each key with (project_id, generation, …): a generation is one contiguous, distributable whole. */
const projectData = (db: Kysely<unknown>, table: string) =>
  db.schema
    .createTable(table)
    .addColumn('project_id', 'uuid', (c) => c.notNull().references('projects.id'))
    .addColumn('generation', 'integer', (c) => c.notNull())

/** What a nuke empties. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createType('placement_policy').asEnum(['least-loaded', 'round-robin', 'random']).execute()

  await projectData(db, 'entity_types')
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('display_name', 'text', (c) => c.notNull())
    .addColumn('states', sql`text[]`, (c) => c.notNull())
    .addColumn('initial_state', 'text', (c) => c.notNull())
    .addColumn('properties', 'jsonb', (c) => c.notNull())
    .addColumn('metrics', 'jsonb', (c) => c.notNull())
    .addColumn('constraints', 'jsonb', (c) => c.notNull())
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('entity_types_pkey', ['project_id', 'generation', 'name'])
    .execute()

  await projectData(db, 'cells')
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('display_name', 'text', (c) => c.notNull())
    .addColumn('entity_type', 'text', (c) => c.notNull())
    .addColumn('placement_policy', sql`placement_policy`, (c) => c.notNull())
    .addColumn('constraints', 'jsonb', (c) => c.notNull())
    .addColumn('derived_property', 'text')
    .addColumn('derived_values', sql`text[]`)
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('cells_pkey', ['project_id', 'generation', 'name'])
    .addForeignKeyConstraint('cells_entity_type', ['project_id', 'generation', 'entity_type'], 'entity_types', [
      'project_id',
      'generation',
      'name',
    ])
    .addCheckConstraint('cells_membership', sql`derived_values is null or derived_property is not null`)
    .execute()
  await db.schema.createIndex('cells_entity_type').on('cells').columns(['project_id', 'generation', 'entity_type']).execute()

  await projectData(db, 'cell_parents')
    .addColumn('cell', 'text', (c) => c.notNull())
    .addColumn('parent', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('cell_parents_pkey', ['project_id', 'generation', 'cell', 'parent'])
    .addForeignKeyConstraint('cell_parents_cell', ['project_id', 'generation', 'cell'], 'cells', [
      'project_id',
      'generation',
      'name',
    ])
    .addForeignKeyConstraint('cell_parents_parent', ['project_id', 'generation', 'parent'], 'cells', [
      'project_id',
      'generation',
      'name',
    ])
    .execute()
  await db.schema.createIndex('cell_parents_parent').on('cell_parents').columns(['project_id', 'generation', 'parent']).execute()

  await projectData(db, 'entities')
    .addColumn('id', 'uuid', (c) => c.notNull())
    .addColumn('env_id', 'uuid', (c) => c.notNull())
    .addColumn('entity_type', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('properties', 'jsonb', (c) => c.notNull())
    .addColumn('labels', 'jsonb', (c) => c.notNull())
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('entities_pkey', ['project_id', 'generation', 'id'])
    .addUniqueConstraint('entities_name', ['project_id', 'generation', 'env_id', 'entity_type', 'name'])
    .addForeignKeyConstraint('entities_environment', ['project_id', 'env_id'], 'environments', ['project_id', 'id'])
    .addForeignKeyConstraint('entities_entity_type', ['project_id', 'generation', 'entity_type'], 'entity_types', [
      'project_id',
      'generation',
      'name',
    ])
    .execute()
  await db.schema
    .createIndex('entities_environment')
    .on('entities')
    .columns(['project_id', 'env_id', 'generation', 'id'])
    .execute()
  await db.schema
    .createIndex('entities_entity_type')
    .on('entities')
    .columns(['project_id', 'generation', 'entity_type', 'id'])
    .execute()

  // Explicit membership: a row somebody wrote.
  await projectData(db, 'cell_members')
    .addColumn('cell', 'text', (c) => c.notNull())
    .addColumn('entity_id', 'uuid', (c) => c.notNull())
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('cell_members_pkey', ['project_id', 'generation', 'cell', 'entity_id'])
    .addForeignKeyConstraint('cell_members_cell', ['project_id', 'generation', 'cell'], 'cells', [
      'project_id',
      'generation',
      'name',
    ])
    .addForeignKeyConstraint('cell_members_entity', ['project_id', 'generation', 'entity_id'], 'entities', [
      'project_id',
      'generation',
      'id',
    ])
    .execute()
  await db.schema
    .createIndex('cell_members_entity')
    .on('cell_members')
    .columns(['project_id', 'generation', 'entity_id'])
    .execute()

  // Effective membership: explicit or derived, own or of a cell below. Scopes are answered from this table alone.
  await projectData(db, 'effective_cell_members')
    .addColumn('env_id', 'uuid', (c) => c.notNull())
    .addColumn('cell', 'text', (c) => c.notNull())
    .addColumn('entity_id', 'uuid', (c) => c.notNull())
    .addPrimaryKeyConstraint('effective_cell_members_pkey', ['project_id', 'generation', 'cell', 'env_id', 'entity_id'])
    .addForeignKeyConstraint('effective_cell_members_cell', ['project_id', 'generation', 'cell'], 'cells', [
      'project_id',
      'generation',
      'name',
    ])
    .addForeignKeyConstraint('effective_cell_members_entity', ['project_id', 'generation', 'entity_id'], 'entities', [
      'project_id',
      'generation',
      'id',
    ])
    .execute()
  await db.schema
    .createIndex('effective_cell_members_entity')
    .on('effective_cell_members')
    .columns(['project_id', 'generation', 'entity_id', 'cell'])
    .execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['effective_cell_members', 'cell_members', 'entities', 'cell_parents', 'cells', 'entity_types']) {
    await db.schema.dropTable(table).execute()
  }
  await db.schema.dropType('placement_policy').execute()
}
