import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import type { ActorKind, WipeReason } from '../../schema.ts'
import { json } from '../json.ts'

const columns = [
  'id',
  'project_id',
  'generation',
  'reason',
  'stated_reason',
  'row_counts',
  'actor_kind',
  'actor_id',
  'actor_name',
  'purge_after',
  'purging_at',
  'purged_at',
  'restored_at',
  'restore_reason',
  'created_at',
] as const

export type NewWipe = {
  id: string
  project_id: string
  generation: number
  reason: WipeReason
  stated_reason: string | null
  row_counts: Record<string, number>
  actor_kind: ActorKind
  actor_id: string | null
  actor_name: string
}

export function insertWipe(trx: Trx, wipe: NewWipe, retentionHours: number) {
  return trx
    .insertInto('wipes')
    .values({
      ...wipe,
      row_counts: json(wipe.row_counts),
      purge_after: sql<string>`now() + make_interval(hours => ${retentionHours})`,
    })
    .returning(columns)
    .executeTakeFirstOrThrow()
}

export type WipeRow = Awaited<ReturnType<typeof insertWipe>>

/** Newest first. */
export function listWipes(
  db: Database | Trx,
  projectId: string,
  { before, limit }: { before: string | undefined; limit: number },
) {
  return db
    .selectFrom('wipes')
    .select(columns)
    .where('project_id', '=', projectId)
    .$if(before !== undefined, (q) => q.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** Under this lock undo and purge exclude each other. */
export function lockWipe(trx: Trx, projectId: string, id: string) {
  return trx
    .selectFrom('wipes')
    .select(columns)
    .where('project_id', '=', projectId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** The last wiped generation, while an undo could restore it. */
export async function lastWipedGeneration(trx: Trx, projectId: string): Promise<number | undefined> {
  const wipe = await trx
    .selectFrom('wipes')
    .select('generation')
    .where('project_id', '=', projectId)
    .where('restored_at', 'is', null)
    .where('purging_at', 'is', null)
    .where('purged_at', 'is', null)
    .where('purge_after', '>', sql<string>`now()`)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return wipe?.generation
}

export async function markRestored(trx: Trx, projectId: string, id: string, reason: string | null): Promise<void> {
  await trx
    .updateTable('wipes')
    .set({ restored_at: sql<string>`now()`, restore_reason: reason })
    .where('project_id', '=', projectId)
    .where('id', '=', id)
    .execute()
}

/** Ends its retention: an undo sees the mark, and the next purge deletes its rows. */
export function markPurging(trx: Trx, projectId: string, id: string) {
  return trx
    .updateTable('wipes')
    .set({ purge_after: sql<string>`now()`, purging_at: sql<string>`clock_timestamp()` })
    .where('project_id', '=', projectId)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirstOrThrow()
}

/** Records that its rows are gone. */
export async function markPurged(db: Database | Trx, projectId: string, id: string): Promise<void> {
  await db
    .updateTable('wipes')
    .set({ purged_at: sql<string>`now()` })
    .where('project_id', '=', projectId)
    .where('id', '=', id)
    .execute()
}
