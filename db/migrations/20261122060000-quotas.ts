import { type Kysely, sql } from 'kysely'

/** What an organisation may have at most, and what is measured of it now and then. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const quota = (c: { check(expression: ReturnType<typeof sql>): unknown }, name: string) =>
    c.check(sql`${sql.ref(name)} >= 0`) as never
  await db.schema
    .createTable('organization_quotas')
    .addColumn('org_id', 'uuid', (c) => c.primaryKey().references('organizations.id').onDelete('cascade'))
    // Null is the server's own default, 0 is no quota.
    .addColumn('projects', 'integer', (c) => quota(c, 'projects'))
    .addColumn('members', 'integer', (c) => quota(c, 'members'))
    .addColumn('tokens', 'integer', (c) => quota(c, 'tokens'))
    .addColumn('rows', 'bigint', (c) => quota(c, 'rows'))
    // Of each minute; what is written in between is not in it.
    .addColumn('measured_rows', 'bigint', (c) => c.notNull().defaultTo(0))
    // When as many invitations may be mailed again as in the beginning.
    .addColumn('mail_full_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .execute()
  await sql`insert into organization_quotas (org_id) select id from organizations`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('organization_quotas').execute()
}
