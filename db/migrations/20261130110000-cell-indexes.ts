import { type Kysely, sql } from 'kysely'

/**
 * The two indexes of cells that begin with the project begin with what they are about instead. Before a table was ever analyzed the planner
 * takes a project and its generation for a row or two, so that an index which begins with both looks as good as the key to it; a check of a
 * foreign key and the parents of a cell then walked every cell of the project.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await reorder(db, 'cells', 'cells_entity_type', 'entity_type, project_id, generation')
  await reorder(db, 'cell_parents', 'cell_parents_parent', 'parent, project_id, generation')
}

async function reorder(db: Kysely<unknown>, table: string, index: string, columns: string): Promise<void> {
  await sql`drop index if exists ${sql.id(index)}`.execute(db)
  await sql`create index ${sql.id(index)} on ${sql.id(table)} (${sql.raw(columns)})`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await reorder(db, 'cells', 'cells_entity_type', 'project_id, generation, entity_type')
  await reorder(db, 'cell_parents', 'cell_parents_parent', 'project_id, generation, parent')
}
