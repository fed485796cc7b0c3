import { type Kysely, sql } from 'kysely'

/** An access review reads the memberships of one person after another, of each no more than a page. */
export const indexes: Record<string, string> = {
  project_members_of_person: 'project_members (user_id, id)',
}

/** These begin newer indexes. The planner takes the shorter one and sorts, because it expects few memberships of anybody. */
const replaced = {
  project_members_user_id: 'project_members (user_id)',
  organization_members_user_id: 'organization_members (user_id)',
}

async function create(db: Kysely<unknown>, all: Record<string, string>): Promise<void> {
  for (const [name, on] of Object.entries(all))
    await sql`create index if not exists ${sql.id(name)} on ${sql.raw(on)}`.execute(db)
}

async function drop(db: Kysely<unknown>, all: Record<string, string>): Promise<void> {
  for (const name of Object.keys(all)) await sql`drop index if exists ${sql.id(name)}`.execute(db)
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await create(db, indexes)
  await drop(db, replaced)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await create(db, replaced)
  await drop(db, indexes)
}
