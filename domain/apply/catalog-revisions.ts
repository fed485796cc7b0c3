import type { ApplyResult, Diff } from '#contract/apply/apply'
import type { CatalogRevision } from '#contract/apply/catalog-revisions'
import type { PageQuery } from '#contract/common'
import { formsOf } from '#contract/text'
import type { Database, Trx } from '#db/client'
import * as rows from '#db/queries/apply/catalog-revisions'
import type { Generation } from '#db/queries/project-rows'
import { apply } from './apply.ts'
import { type Catalog, documentsOf, loadCatalog, schemaKinds } from './catalog.ts'
import { changeOf, newOutcome } from './outcome.ts'
import type { ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { inTurns } from '../give-way.ts'
import { type Page, idCursor, toPage } from '../paging.ts'
import { assertCan, refusal } from '../access/permissions.ts'
import { MOST, takeFitting } from '../stretches.ts'
import { reading } from '../writing.ts'

type Document = { kind: 'EntityType' | 'Secret' | 'Cell' | 'RelationshipType'; name: string } & Record<string, unknown>

/** Only callers who may read secrets see the secret slots. */
const readable =
  ({ grant }: ProjectContext) =>
  ({ kind }: { kind: string }) =>
    kind !== 'Secret' || !refusal(grant, 'secrets:read')

function readableDiff(context: ProjectContext, { created, updated, unchanged, deleted }: Diff): Diff {
  const keep = readable(context)
  return {
    created: created.filter(keep),
    updated: updated.filter(keep),
    unchanged: unchanged.filter(keep),
    deleted: deleted.filter(keep),
  }
}

const present = (context: ProjectContext, row: rows.RevisionRow): CatalogRevision => ({
  id: row.id,
  actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
  diff: readableDiff(context, row.diff as Diff),
  createdAt: row.created_at,
})

export async function listCatalogRevisions(
  context: ProjectContext,
  { limit, cursor }: PageQuery,
): Promise<Page<CatalogRevision>> {
  assertCan(context, 'catalog:read')
  const found = await rows.listRevisions(context.db, reading(context), { before: idCursor(cursor), limit })
  return toPage(
    found,
    limit,
    (row) => [row.id],
    (row) => present(context, row),
  )
}

export async function getCatalogRevision(context: ProjectContext, revisionId: string) {
  assertCan(context, 'catalog:read')
  const at = reading(context)
  const row = await rows.findRevisionAlone(context.db, at, revisionId)
  if (!row) throw notFound()
  const without = schemaKinds.filter((kind) => !readable(context)({ kind }))
  const { items, total } = await rows.listRevisionItems(context.db, at, revisionId, { without, limit: MOST })
  const shown = await takeFitting(items)
  return { ...present(context, row), items: shown as Record<string, never>[], omitted: total - shown.length }
}

/** The diff from one revision to another, or to the present catalog. */
export async function compareCatalogRevisions(
  context: ProjectContext,
  revisionId: string,
  other: string | undefined,
): Promise<Diff & { omitted: number }> {
  assertCan(context, 'catalog:read')
  const at = reading(context)
  const from = (await find(context.db, at, revisionId)).items as Document[]
  const to =
    other === undefined
      ? documentsOf(await loadCatalog(context.db, at))
      : ((await find(context.db, at, other)).items as Document[])
  const keyOf = ({ kind, name }: { kind: string; name: string }) => `${kind}/${name}`
  const before = new Map(from.map((document) => [keyOf(document), document]))
  const { diff, note } = newOutcome()
  for await (const document of inTurns(to)) {
    note(document, changeOf(before.get(keyOf(document)), document))
    before.delete(keyOf(document))
  }
  for (const { kind, name } of before.values()) diff.deleted.push({ kind, name })
  return fittingDiff(readableDiff(context, diff))
}

/** As much of a diff as one answer can hold; unchanged items are left out first. */
async function fittingDiff({ created, updated, deleted, unchanged }: Diff) {
  const all = created.length + updated.length + deleted.length + unchanged.length
  const shown = (await takeFitting([...created, ...updated, ...deleted, ...unchanged])).length
  let left = shown
  const take = <T>(entries: T[]) => {
    const some = entries.slice(0, left)
    left -= some.length
    return some
  }
  return {
    created: take(created),
    updated: take(updated),
    deleted: take(deleted),
    unchanged: take(unchanged),
    omitted: all - shown,
  }
}

/** Restores a catalog: applies the documents of the revision and deletes everything else. */
export async function applyCatalogRevision(
  context: ProjectContext,
  revisionId: string,
  options: { force: boolean; dryRun: boolean },
): Promise<ApplyResult> {
  assertCan(context, 'apply:write')
  const items = (await find(context.db, reading(context), revisionId)).items as Document[]
  const deletions = (current: Catalog) => {
    // By the form in which each exists now, which may be another than when the revision was made.
    const stored = ({ kind, name }: Document) => formsOf(name).find((form) => current[kind].has(form)) ?? name
    const restored = new Set(items.map((item) => `${item.kind}/${stored(item)}`))
    return documentsOf(current)
      .filter(({ kind, name }) => !restored.has(`${kind}/${name}`))
      .map(({ kind, name }) => ({ kind, name }))
  }
  return apply(context, 'default', { ...options, items, deletions })
}

async function find(db: Database | Trx, at: Generation, id: string) {
  const row = await rows.findRevision(db, at, id)
  if (!row) throw notFound()
  return row
}

const notFound = () => new DomainError('revision_not_found', 'No such revision of the catalog')
