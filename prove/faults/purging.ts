import { sql } from 'kysely'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '#db/client'
import { countRows } from '#db/queries/project-rows'
import type { Stage } from '#test/support/world/cast'
import { askForPurge, fillProject, purgeNow, unpurged } from '../purging.ts'
import type { Insist } from './stubborn.ts'

/** Fills the project, nukes it, lets its time expire, and requests the purge. */
export async function startPurge(
  { db, url }: { db: Database; url: string },
  { id, slug }: Stage,
  rows: number,
  insist: Insist,
  owner: string,
) {
  await fillProject(db, url, id, rows)
  await insist(owner, `DELETE /acme/${slug}/nuke`)
  await purgeNow(db, id)
}

/** Expires the lease of a killed purge, so that the next one resumes it. Answers what is left. */
export async function finishPurge(db: Database, { id }: Stage): Promise<string[]> {
  await db
    .updateTable('leases')
    .set({ held_until: sql<string>`now() - interval '1 second'` })
    .where('name', '=', 'purge')
    .execute()
  await askForPurge(db)
  for (const until = Date.now() + 60_000; (await unpurged(db, id)).length > 0; await sleep(50))
    if (Date.now() > until) return ['a killed purge is not resumed']
  const wipes = await db.selectFrom('wipes').select('generation').where('project_id', '=', id).execute()
  for (const { generation } of wipes) {
    const counted = await countRows(db, { projectId: id, generation })
    if (Object.values(counted).some((n) => n > 0)) return [`a purge has left ${JSON.stringify(counted)}`]
  }
  return []
}
