import type { Kysely } from 'kysely'

/** What agents and core instances say of themselves beyond the first version: the fleet, the image, whether the cluster logs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('agents').addColumn('fleet_id', 'uuid').execute()
  await db.schema
    .alterTable('core_instances')
    .addColumn('image', 'text')
    .addColumn('cluster_logging', 'boolean', (c) => c.notNull().defaultTo(false))
    .execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('core_instances').dropColumn('cluster_logging').dropColumn('image').execute()
  await db.schema.alterTable('agents').dropColumn('fleet_id').execute()
}
