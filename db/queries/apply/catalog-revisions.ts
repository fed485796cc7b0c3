import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import type { ActorKind } from '../../schema.ts'
import { json } from '../json.ts'
import { withinBytes } from '../page-bytes.ts'
import { type Generation, countingInsert } from '../project-rows.ts'

const columns = ['id', 'actor_kind', 'actor_id', 'actor_name', 'diff', 'created_at'] as const

export type NewRevision = {
  id: string
  actor_kind: ActorKind
  actor_id: string | null
  actor_name: string
  diff: unknown
  /** JSON as text, because a catalog is printed in turns and not at once. */
  items: string
}

export async function insertRevision(trx: Trx, at: Generation, revision: NewRevision): Promise<void> {
  await countingInsert(
    trx,
    at,
    'catalog_revisions',
    sql`insert into catalog_revisions (project_id, generation, id, actor_kind, actor_id, actor_name, diff, items)
      values (${at.projectId}, ${at.generation}, ${revision.id}, ${revision.actor_kind}::actor_kind, ${revision.actor_id}, ${revision.actor_name},
        ${json(revision.diff)}, ${revision.items}::jsonb) returning id`,
  )
}

/** Newest first. */
export function listRevisions(
  db: Database | Trx,
  { projectId, generation }: Generation,
  { before, limit }: { before: string | undefined; limit: number },
) {
  const query = db
    .selectFrom('catalog_revisions')
    .select(columns)
    .where('project_id', '=', projectId)
    .where('generation', '=', generation)
    .$if(before !== undefined, (q) => q.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(limit + 1)
  return withinBytes(db, query, ['diff'], sql`q.id desc`)
}

export type RevisionRow = Awaited<ReturnType<typeof listRevisions>>[number]

/** A revision without its documents. */
export function findRevisionAlone(db: Database | Trx, { projectId, generation }: Generation, id: string) {
  return db
    .selectFrom('catalog_revisions')
    .select(columns)
    .where('project_id', '=', projectId)
    .where('generation', '=', generation)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** The first documents of a revision that are not of these kinds, as many as a page can hold, and their total number. */
export async function listRevisionItems(
  db: Database | Trx,
  { projectId, generation }: Generation,
  id: string,
  { without, limit }: { without: string[]; limit: number },
): Promise<{ items: unknown[]; total: number }> {
  const all = sql`(select i.item, i.place from catalog_revisions r, jsonb_array_elements(r.items) with ordinality i (item, place)
    where r.project_id = ${projectId} and r.generation = ${generation} and r.id = ${id} and i.item ->> 'kind' <> all(${without}::text[])) a`
  const query = sql<{ item: unknown }>`select a.item, a.place from ${all} order by a.place limit ${limit}`
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${all}`.execute(db)
  const found = await withinBytes(db, query, ['item'], sql`q.place`)
  return { items: found.map((row) => row.item), total: rows[0]!.n }
}

export function findRevision(db: Database | Trx, { projectId, generation }: Generation, id: string) {
  return db
    .selectFrom('catalog_revisions')
    .select([...columns, 'items'])
    .where('project_id', '=', projectId)
    .where('generation', '=', generation)
    .where('id', '=', id)
    .executeTakeFirst()
}
