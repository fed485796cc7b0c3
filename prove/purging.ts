import { sql } from 'kysely'
import { Client } from 'pg'
import type { Database } from '#db/client'
import { fill } from '#test/support/measure/fill'

/** Inserts this many entities into the live generation of a project, on a connection of its own. */
export async function fillProject(db: Database, url: string, id: string, entities: number): Promise<void> {
  const { generation } = await db.selectFrom('projects').select('generation').where('id', '=', id).executeTakeFirstOrThrow()
  const client = new Client({ connectionString: url })
  await client.connect()
  await fill(client, { id, generation }, entities)
  await client.end()
}

export const askForPurge = (db: Database) => sql`select graphile_worker.add_job('purge')`.execute(db)

/** Lets the undo period of this project's nukes expire, and requests the purge. */
export async function purgeNow(db: Database, id: string): Promise<void> {
  await db
    .updateTable('wipes')
    .set({ purge_after: sql<string>`now()` })
    .where('project_id', '=', id)
    .execute()
  await askForPurge(db)
}

/** Wipes that are not purged yet, or only in part. */
export const unpurged = (db: Database, id: string) =>
  db.selectFrom('wipes').select('id').where('project_id', '=', id).where('purged_at', 'is', null).execute()
