import { type Database, inTransaction } from '#db/client'
import { deleteOldIdempotencyKeys } from '#db/queries/idempotency-keys'
import { deleteOldSignInStates } from '#db/queries/identities'
import { type Generation, deleteRowCounts, listGenerations, purgeRows, wipedTables } from '#db/queries/project-rows'
import { deleteShell, findExpiredProject } from '#db/queries/projects'
import { deleteOldThrottles } from '#db/queries/sign-in-throttles'
import { deleteOldNonces } from '#db/queries/spent-nonces'
import { claimPurge, markPurged } from '#db/queries/wipes'
import { withLease } from './lease.ts'

/** Rows a statement: short enough that other projects' writers do not notice. */
const BATCH = 2000
/** Seconds for which a process that has died still counts as purging. */
const LEASE = 120

export type PurgeOptions = {
  /** Called after each batch. */
  onBatch?: (rows: number) => void
  /** Ends the purge after the batch that is under way. */
  signal?: AbortSignal | undefined
  /** Seconds; see `withLease`. */
  lease?: number
}

/** What a purge asks for between two batches: throws where it may not go on. */
type Pace = { onBatch: (rows: number) => void; goOn: () => Promise<void> }

/** One purge at a time, whichever process runs it. Answers how many were purged: none when it was stopped before, or another is at it. */
async function purging(
  db: Database,
  { onBatch = () => {}, signal, lease = LEASE }: PurgeOptions,
  next: (pace: Pace) => Promise<boolean>,
): Promise<number> {
  let purged = 0
  await withLease(db, 'purge', lease, async (renew) => {
    const goOn = async () => {
      signal?.throwIfAborted()
      await renew()
    }
    while (await next({ onBatch, goOn })) {
      purged++
      await goOn()
    }
  }).catch((error: unknown) => {
    if (!signal?.aborted) throw error
  })
  return purged
}

/**
 * Deletes the rows of every wipe whose time has come, a batch a statement, children before parents. The wipe is marked first, under its
 * lock, so that an undo either came before or answers `purged`. Safe to stop anywhere: the next run goes on.
 */
export const purgeWipes = (db: Database, options: PurgeOptions = {}): Promise<number> =>
  purging(db, options, async (pace) => {
    const wipe = await claimPurge(db)
    if (!wipe) return false
    await purgeGeneration(db, { projectId: wipe.project_id, generation: wipe.generation }, pace)
    await markPurged(db, wipe.project_id, wipe.id)
    return true
  })

async function purgeGeneration(db: Database, dead: Generation, { onBatch, goOn }: Pace): Promise<void> {
  for (const table of wipedTables) {
    await goOn()
    for await (const rows of purgeRows(db, dead, table, BATCH)) {
      onBatch(rows)
      await goOn()
    }
  }
  await deleteRowCounts(db, dead)
}

/** Permanently deletes the projects whose `restoreBefore` has passed: data by batches, then the shell at once. Their audit events stay. */
export const purgeProjects = (db: Database, options: PurgeOptions = {}): Promise<number> =>
  purging(db, options, async (pace) => {
    const project = await findExpiredProject(db)
    if (!project) return false
    const { id, org_id } = project
    for (const generation of await listGenerations(db, id)) await purgeGeneration(db, { projectId: id, generation }, pace)
    await inTransaction(db, (trx) => deleteShell(trx, org_id, id))
    return true
  })

/** Rows that are forgotten in one statement. */
const OLD = 5000

/** Forgets what is too old to matter, a batch a statement: however much there is, nothing waits for it. */
async function forget(db: Database, some: (db: Database, limit: number) => Promise<number>): Promise<void> {
  while ((await some(db, OLD)) === OLD);
}

export const purgeIdempotencyKeys = (db: Database) => forget(db, deleteOldIdempotencyKeys)

export const purgeSignInStates = (db: Database) => forget(db, deleteOldSignInStates)

export const purgeThrottles = (db: Database) => forget(db, deleteOldThrottles)

export const purgeNonces = (db: Database) => forget(db, deleteOldNonces)
