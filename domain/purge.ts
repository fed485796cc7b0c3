import { type Database, inTransaction } from '#db/client'
import { deleteOldIdempotencyKeys } from '#db/queries/idempotency-keys'
import { deleteOldSignInStates } from '#db/queries/identities'
import { type Generation, deleteRowCounts, listGenerations, purgeRows, wipedTables } from '#db/queries/project-rows'
import { deleteShell, findExpiredProject } from '#db/queries/projects'
import { deleteOldThrottles } from '#db/queries/sign-in-throttles'
import { deleteOldNonces } from '#db/queries/spent-nonces'
import { claimPurge, markPurged } from '#db/queries/wipes'

/** Rows a statement: short enough that other projects' writers do not notice. */
const BATCH = 2000

/**
 * Deletes the rows of every wipe whose time has come, a batch a statement, children before parents. The wipe is marked first, under its
 * lock, so that an undo either came before or answers `purged`. Safe to stop anywhere: the next run goes on. Answers how many wipes.
 */
export async function purgeWipes(db: Database, onBatch: (rows: number) => void = () => {}): Promise<number> {
  let purged = 0
  for (let wipe = await claimPurge(db); wipe; wipe = await claimPurge(db)) {
    await purgeGeneration(db, { projectId: wipe.project_id, generation: wipe.generation }, onBatch)
    await markPurged(db, wipe.project_id, wipe.id)
    purged++
  }
  return purged
}

async function purgeGeneration(db: Database, dead: Generation, onBatch: (rows: number) => void): Promise<void> {
  for (const table of wipedTables) {
    for await (const rows of purgeRows(db, dead, table, BATCH)) onBatch(rows)
  }
  await deleteRowCounts(db, dead)
}

/** Deletes for good the projects whose `restoreBefore` has passed: data by batches, then the shell at once. Their audit events stay. */
export async function purgeProjects(db: Database): Promise<number> {
  let purged = 0
  for (let project = await findExpiredProject(db); project; project = await findExpiredProject(db)) {
    const { id, org_id } = project
    for (const generation of await listGenerations(db, id)) await purgeGeneration(db, { projectId: id, generation }, () => {})
    await inTransaction(db, (trx) => deleteShell(trx, org_id, id))
    purged++
  }
  return purged
}

export const purgeIdempotencyKeys = (db: Database) => deleteOldIdempotencyKeys(db)

export const purgeSignInStates = (db: Database) => deleteOldSignInStates(db)

export const purgeThrottles = (db: Database) => deleteOldThrottles(db)

export const purgeNonces = (db: Database) => deleteOldNonces(db)
