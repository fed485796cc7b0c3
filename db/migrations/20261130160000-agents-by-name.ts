import type { Kysely } from 'kysely'

/** Searches of the v1 API find an agent by its name, and list all by name. Parts of names are still looked for one by one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('agents_name').on('agents').columns(['project_id', 'generation', 'name', 'id']).execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('agents_name').execute()
}
