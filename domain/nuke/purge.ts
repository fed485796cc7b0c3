import { type Database, inTransaction } from '#db/client'
import { deleteOldIdempotencyKeys } from '#db/queries/idempotency-keys'
import { deleteOldSignInStates } from '#db/queries/accounts/identities'
import {
  type Generation,
  type WipedTable,
  deleteRowCounts,
  listGenerations,
  purgeRows,
  wipedTables,
} from '#db/queries/project-rows'
import { deleteShell } from '#db/queries/projects/projects'
import { type PurgeScope, claimExpiredProject, claimPurge, listOrganizationsToPurge } from '#db/queries/nuke/purges'
import { deleteOldThrottles } from '#db/queries/limits/sign-in-throttles'
import { deleteOldNonces } from '#db/queries/accounts/spent-nonces'
import { markPurged } from '#db/queries/nuke/wipes'
import { LostLease, withLease } from '../lease.ts'

/** Target milliseconds of a statement: short enough that other projects' writers do not notice. */
const AIM = 25
/** Rows of the first statement on a table, and the fewest and most of any. */
const ROWS = { first: 2000, fewest: 200, most: 20_000 }
/** Milliseconds after which another one gets its turn. */
const TURN = 2000
/** Seconds for which a process that died still counts as purging. */
const LEASE = 120

export type PurgeOptions = {
  /** Called after each batch. */
  onBatch?: (rows: number, table: WipedTable) => void
  /** Ends the purge, also in the middle of a statement. */
  signal?: AbortSignal | undefined
  /** Seconds; see `withLease`. */
  lease?: number
  /** Milliseconds of each turn. */
  turn?: number
}

/** Adapts the rows of the next statement to the duration of the last. */
export function adaptiveBatch() {
  let rows = ROWS.first
  return {
    limit: () => rows,
    took(ms: number) {
      const factor = Math.min(2, Math.max(0.5, AIM / Math.max(ms, 1)))
      rows = Math.min(ROWS.most, Math.max(ROWS.fewest, Math.round(rows * factor)))
    },
  }
}

/** A running purge: each step deletes some rows. Kept between turns, because it knows its position. */
type Purge = AsyncGenerator<{ rows: number; table: WipedTable }, void>

/** A kind of purge: how to claim the next one of an organization, and how to run it. */
type Source = (db: Database, scope: PurgeScope) => Promise<{ id: string; begin: (signal?: AbortSignal) => Purge } | undefined>

async function* purgeGeneration(db: Database, dead: Generation, signal?: AbortSignal): Purge {
  for (const table of wipedTables)
    for await (const rows of purgeRows(db, dead, table, { ...adaptiveBatch(), signal })) yield { rows, table }
  await deleteRowCounts(db, dead)
}

const wipes: Source = async (db, scope) => {
  const wipe = await claimPurge(db, scope)
  if (!wipe) return undefined
  async function* begin(signal?: AbortSignal): Purge {
    yield* purgeGeneration(db, { projectId: wipe!.project_id, generation: wipe!.generation }, signal)
    await markPurged(db, wipe!.project_id, wipe!.id)
  }
  return { id: wipe.id, begin }
}

const projects: Source = async (db, scope) => {
  const project = await claimExpiredProject(db, scope)
  if (!project) return undefined
  const { id, org_id } = project
  async function* begin(signal?: AbortSignal): Purge {
    for (const generation of await listGenerations(db, id)) yield* purgeGeneration(db, { projectId: id, generation }, signal)
    await inTransaction(db, (trx) => deleteShell(trx, org_id, id))
  }
  return { id, begin }
}

/** The running purges of one process, by what they purge. */
class Purges {
  purged = 0
  readonly failures: unknown[] = []
  readonly #db: Database
  readonly #options: PurgeOptions
  readonly #goOn: () => Promise<void>
  readonly #underWay = new Map<string, Purge>()
  readonly #failed: string[] = []

  constructor(db: Database, options: PurgeOptions, goOn: () => Promise<void>) {
    this.#db = db
    this.#options = options
    this.#goOn = goOn
  }

  /** An organization's turn: as much of what is due as fits into its time. Returns whether anything was due. */
  async turn(source: Source, orgId: string): Promise<boolean> {
    const over = performance.now() + (this.#options.turn ?? TURN)
    let found = false
    do {
      await this.#goOn()
      const claimed = await source(this.#db, { orgId, except: this.#failed })
      if (!claimed) return found
      found = true
      const { id, begin } = claimed
      const purge = this.#underWay.get(id) ?? begin(this.#options.signal)
      this.#underWay.set(id, purge)
      await this.#goOnWith(id, purge, over)
    } while (performance.now() < over)
    return found
  }

  async #goOnWith(id: string, purge: Purge, over: number): Promise<void> {
    try {
      do {
        const step = await purge.next()
        if (step.done) {
          this.#underWay.delete(id)
          this.purged++
          return
        }
        this.#options.onBatch?.(step.value.rows, step.value.table)
        await this.#goOn()
      } while (performance.now() < over)
    } catch (error) {
      if (this.#options.signal?.aborted || error instanceof LostLease) throw error
      // A failing purge does not delay the others; it is retried the next time.
      this.#underWay.delete(id)
      this.#failed.push(id)
      this.failures.push(error)
    }
  }
}

/**
 * Runs one purge at a time across all processes, in turns, so that a project of millions of rows delays no other, in its
 * organization or elsewhere. Returns how many were purged: none when it was stopped first, or when another process is purging.
 * Safe to stop anywhere: the next run continues.
 */
async function purging(db: Database, options: PurgeOptions, sources: Source[]): Promise<number> {
  const { signal, lease = LEASE } = options
  if ((await listOrganizationsToPurge(db)).length === 0) return 0
  let purges: Purges | undefined
  await withLease(db, 'purge', lease, async (renew) => {
    const goOn = async () => {
      signal?.throwIfAborted()
      await renew()
    }
    const started = new Purges(db, options, goOn)
    purges = started
    let found = true
    while (found) {
      found = false
      for (const orgId of await listOrganizationsToPurge(db))
        for (const source of sources) if (await started.turn(source, orgId)) found = true
    }
  }).catch((error: unknown) => {
    if (!signal?.aborted) throw error
  })
  if (!purges) return 0
  const { failures, purged } = purges
  if (failures.length > 0)
    throw failures.length === 1 ? failures[0] : new AggregateError(failures, 'Some purges could not be continued')
  return purged
}

/**
 * Deletes the rows of every wipe that is due, children before parents. Marks the wipe first, under its lock, so that an undo
 * either came before or answers `purged`.
 */
export const purgeWipes = (db: Database, options: PurgeOptions = {}) => purging(db, options, [wipes])

/**
 * Permanently deletes the projects whose `restoreBefore` has passed: data in batches, then the shell at once. Their audit events
 * stay.
 */
export const purgeProjects = (db: Database, options: PurgeOptions = {}) => purging(db, options, [projects])

/** Purges wipes and projects. */
export const purgeDue = (db: Database, options: PurgeOptions = {}) => purging(db, options, [wipes, projects])

/** Old rows deleted in one statement. */
const OLD = 5000

/** Deletes old rows one batch a statement, so that nothing waits for it, however many there are. */
async function forget(db: Database, some: (db: Database, limit: number) => Promise<number>): Promise<void> {
  while ((await some(db, OLD)) === OLD);
}

export const purgeIdempotencyKeys = (db: Database) => forget(db, deleteOldIdempotencyKeys)

export const purgeSignInStates = (db: Database) => forget(db, deleteOldSignInStates)

export const purgeThrottles = (db: Database) => forget(db, deleteOldThrottles)

export const purgeNonces = (db: Database) => forget(db, deleteOldNonces)
