import type { Confirm, PageQuery, WithReason } from '#contract/common'
import type { ConfirmNuke, NukePreview, ProjectNukeResult, RowCounts, Wipe } from '#contract/nuke/nuke'
import { type Trx } from '#db/client'
import { type Generation, sumRowCounts } from '#db/queries/project-rows'
import { setGeneration } from '#db/queries/projects/projects'
import { requiresNukeReason } from '#db/queries/organizations/organizations'
import { countKept } from '#db/queries/projects/stats'
import * as rows from '#db/queries/nuke/wipes'
import { audit, because } from '../audit/audit.ts'
import type { ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { actorName } from '../events.ts'
import { assertFreshSignIn } from '../access/fresh-sign-in.ts'
import { newId } from '../ids.ts'
import { type Page, idCursor, toPage } from '../paging.ts'
import { assertCan, isInBrowser } from '../access/permissions.ts'
import { assertConfirmed, assertNotProtected } from '../projects/projects.ts'
import { retentionHours } from '#config/settings'
import { reading, writingProject } from '../writing.ts'

const isEmpty = (counts: RowCounts) => Object.values(counts).every((n) => n === 0)

function presentWipe(row: rows.WipeRow): Wipe {
  return {
    id: row.id,
    projectId: row.project_id,
    reason: row.reason,
    statedReason: row.stated_reason,
    rowCounts: row.row_counts as RowCounts,
    wipedBy: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    wipedAt: row.created_at,
    restoreBefore: row.purge_after,
    state: row.restored_at ? 'restored' : isPurged(row) ? 'purged' : 'restorable',
    restoredAt: row.restored_at,
    restoreReason: row.restore_reason,
    purgedAt: row.purged_at,
  }
}

/** Purged, being purged, or past its retention. */
const isPurged = (row: rows.WipeRow) =>
  row.purged_at !== null || row.purging_at !== null || Date.parse(row.purge_after) <= Date.now()

export async function previewNuke(context: ProjectContext): Promise<NukePreview> {
  assertCan(context, 'apply:write')
  const { db, org, project } = context
  const [last] = await rows.listWipes(db, project.id, { before: undefined, limit: 0 })
  return {
    projectId: project.id,
    rowCounts: await sumRowCounts(db, reading(context)),
    kept: await countKept(db, project.id),
    retentionHours: retentionHours(),
    reasonRequired: await requiresNukeReason(db, org.id),
    lastWipe: last ? presentWipe(last) : null,
  }
}

/**
 * Empties the project's catalog and data. Under the project's lock it reads the maintained counts and moves the project to a
 * fresh generation, so that ten million rows take as long as ten. The rows stay, dead, until they are purged.
 */
export async function nukeProject(context: ProjectContext, { confirm, reason }: ConfirmNuke): Promise<ProjectNukeResult> {
  assertCan(context, 'apply:write')
  if (isInBrowser(context.actor) || confirm !== undefined) assertConfirmed(context.project, confirm)
  assertFreshSignIn(context)
  return writingProject(context, async (trx, locked, live) => {
    assertNotProtected(locked)
    await assertReasoned(trx, context, reason)
    const counts = await sumRowCounts(trx, live)
    const wipe = await setAside(trx, context, live, { counts, what: 'nuke', reason })
    if (wipe) await setGeneration(trx, locked.org_id, locked.id, locked.last_generation + 1, locked.last_generation + 1)
    await audit(
      trx,
      context,
      'project.nuked',
      { kind: 'project', id: locked.id, name: locked.slug },
      { before: counts, after: { wipeId: wipe?.id ?? null, ...because(reason) } },
    )
    return { projectId: locked.id, rowCountsDeleted: counts, ...(wipe && { wipeId: wipe.id, restoreBefore: wipe.purge_after }) }
  })
}

/** Tokens are not asked, because scripts nuke without a body. */
async function assertReasoned(trx: Trx, { actor, org }: ProjectContext, reason: WithReason['reason']): Promise<void> {
  if (reason || !isInBrowser(actor) || !(await requiresNukeReason(trx, org.id))) return
  throw new DomainError('reason_required', 'This organization requires a reason for a nuke. Say why you nuke this project', [
    { path: 'reason', message: 'is required in this organization' },
  ])
}

type Replacement = { counts: RowCounts; what: 'nuke' | 'undo'; reason: WithReason['reason'] }

/** Turns the live generation into a wipe; undefined when it is empty. */
async function setAside(trx: Trx, { actor }: ProjectContext, live: Generation, { counts, what, reason = null }: Replacement) {
  if (isEmpty(counts)) return undefined
  const by = { actor_kind: actor.kind, actor_id: actor.id, actor_name: actorName(actor) }
  const why = { reason: what, stated_reason: reason }
  return rows.insertWipe(
    trx,
    { id: newId(), project_id: live.projectId, generation: live.generation, ...why, row_counts: counts, ...by },
    retentionHours(),
  )
}

export async function listWipes(context: ProjectContext, { limit, cursor }: PageQuery): Promise<Page<Wipe>> {
  assertCan(context, 'apply:write')
  const found = await rows.listWipes(context.db, context.project.id, { before: idCursor(cursor), limit })
  return toPage(found, limit, (row) => [row.id], presentWipe)
}

/** Makes a wiped generation live again. What is live becomes a wipe of its own, so that an undo loses nothing either. */
export async function restoreWipe(context: ProjectContext, wipeId: string, { reason }: WithReason = {}) {
  assertCan(context, 'apply:write')
  return writingProject(context, async (trx, locked, live) => {
    const wipe = await rows.lockWipe(trx, locked.id, wipeId)
    if (!wipe) throw new DomainError('wipe_not_found', 'No such nuke receipt in this project')
    if (wipe.restored_at) throw new DomainError('not_restorable', 'This nuke has already been undone')
    if (isPurged(wipe))
      throw new DomainError('purged', 'This nuke can no longer be undone: its data was purged, or its retention period is over')
    const replaced = await setAside(trx, context, live, { counts: await sumRowCounts(trx, live), what: 'undo', reason })
    await setGeneration(trx, locked.org_id, locked.id, wipe.generation, locked.last_generation)
    await rows.markRestored(trx, locked.id, wipe.id, reason ?? null)
    const restored = await sumRowCounts(trx, { projectId: locked.id, generation: wipe.generation })
    const outcome = {
      projectId: locked.id,
      wipeId,
      rowCountsRestored: restored,
      replaced: replaced ? presentWipe(replaced) : null,
    }
    await audit(
      trx,
      context,
      'project.undone',
      { kind: 'wipe', id: wipeId, name: locked.slug },
      { after: { rowCountsRestored: restored, replacedBy: replaced?.id ?? null, ...because(reason) } },
    )
    return outcome
  })
}

/** Ends the retention of a wipe: nobody can undo it from now on, and the purge deletes its rows. The receipt stays. */
export async function purgeWipe(context: ProjectContext, wipeId: string, { confirm }: Confirm): Promise<Wipe> {
  assertCan(context, 'wipes:purge')
  assertConfirmed(context.project, confirm)
  assertFreshSignIn(context)
  return writingProject(context, async (trx, locked) => {
    assertNotProtected(locked)
    const wipe = await rows.lockWipe(trx, locked.id, wipeId)
    if (!wipe) throw new DomainError('wipe_not_found', 'No such nuke receipt in this project')
    if (wipe.restored_at) throw new DomainError('not_purgeable', 'This nuke has been undone, so there is nothing to purge')
    if (isPurged(wipe)) throw new DomainError('purged', 'This data was purged already, or its retention period is over')
    const purged = await rows.markPurging(trx, locked.id, wipe.id)
    await audit(
      trx,
      context,
      'wipe.purged',
      { kind: 'wipe', id: wipe.id, name: locked.slug },
      { before: { rowCounts: wipe.row_counts, restoreBefore: wipe.purge_after } },
    )
    return presentWipe(purged)
  })
}
