import type { Apply, ApplyResult, Diff } from '#contract/apply/apply'
import type { Trx } from '#db/client'
import { insertRevision } from '#db/queries/apply/catalog-revisions'
import type { Generation } from '#db/queries/project-rows'
import { inSavepoint } from '#db/savepoint'
import { audit } from '../audit/audit.ts'
import { assertNobodyLimited } from '../catalog/cell-in-scope.ts'
import type { ProjectContext } from '../context.ts'
import { seesAll } from '../access/counted.ts'
import { environmentToWrite } from '../projects/environments.ts'
import { mapInTurns } from '../give-way.ts'
import { newId } from '../ids.ts'
import { assertCan } from '../access/permissions.ts'
import { assertRoomForRows } from '../limits/quotas.ts'
import { writingData, writingProject } from '../writing.ts'
import { type Catalog, documentsOf, loadCatalog } from './catalog.ts'
import { applyEntities } from './entities.ts'
import { type Problem, type ReadItems, readItems } from './items.ts'
import type { Report } from './progress.ts'
import { applyRelationships } from './relationships.ts'
import { fitSchema } from './schema-fit.ts'
import { deleteFromCatalog, writeSchema } from './schema-phase.ts'

type Deletions = Apply['deletions']

/** Items may be parsed already. What to delete may depend on the catalog as it is under the lock. */
type Request = Pick<Apply, 'force' | 'dryRun'> & {
  items: Apply['items'] | ReadItems
  deletions: Deletions | ((current: Catalog) => Deletions)
}

/** Thrown by a dry run to roll back, once its result is known. */
class DryRun extends Error {
  readonly result: ApplyResult
  constructor(result: ApplyResult) {
    super('dry run')
    this.result = result
  }
}

/**
 * Applies documents of every kind: the catalog, then the data, then deletions. Each succeeds or fails separately, and all that
 * succeed commit together. A dry run does the same and rolls back, so that it answers what would happen.
 */
export async function apply(
  context: ProjectContext,
  envName: string,
  request: Request,
  report: Report = () => {},
): Promise<ApplyResult> {
  assertCan(context, 'apply:write')
  const { items, problems } = Array.isArray(request.items) ? await readItems(request.items) : request.items
  if (Object.values(items).some((some) => some.length > 0) || problems.length > 0) await assertRoomForRows(context)
  const documents = items.EntityType.length + items.Secret.length + items.Cell.length + items.RelationshipType.length
  const touchesCatalog = documents > 0 || typeof request.deletions === 'function' || request.deletions.length > 0
  const work = async (trx: Trx, at: Generation) => {
    const environment = await environmentToWrite(context, trx, envName)
    return inSavepoint(trx, async () => {
      const result = await applyItems(trx, context, at, environment.id, items, problems, request, report)
      if (request.dryRun) throw new DryRun(result)
      return result
    }).catch((error: unknown) => {
      if (error instanceof DryRun) return error.result
      throw error
    })
  }
  return touchesCatalog ? writingProject(context, (trx, _, at) => work(trx, at)) : writingData(context, work)
}

async function applyItems(
  trx: Trx,
  context: ProjectContext,
  at: Generation,
  envId: string,
  items: ReadItems['items'],
  failed: Problem[],
  { force, deletions: given, dryRun }: Request,
  report: Report,
): Promise<ApplyResult> {
  const documents = items.EntityType.length + items.Secret.length + items.Cell.length + items.RelationshipType.length
  report({ phase: 'catalog', done: 0, total: documents })
  const current = await loadCatalog(trx, at)
  const deletions = typeof given === 'function' ? given(current) : given
  const { plan, diff } = await fitSchema(trx, at, items, current, failed)
  await assertNobodyLimited(trx, context, { names: plan.placed, before: current.Cell, after: plan.next.Cell }, force)
  await writeSchema(trx, at, plan, force)
  report({ phase: 'catalog', done: documents, total: documents })
  await applyEntities(trx, at, envId, items.Entity, plan.next, diff, failed, report)
  await applyRelationships(trx, at, envId, items.Relationship, plan.next, diff, failed, report)
  const skipped =
    failed.length === 0
      ? []
      : deletions.map((deletion) => ({ ...deletion, reason: 'nothing was deleted, because an item failed' }))
  if (failed.length === 0 && deletions.length > 0) {
    const kept = new Map(plan.next.Cell)
    await deleteFromCatalog(trx, at, deletions, plan.next, diff, failed, seesAll(context))
    const names = diff.deleted.flatMap(({ kind, name }) => (kind === 'Cell' ? [name] : []))
    await assertNobodyLimited(trx, context, { names, before: kept, after: plan.next.Cell }, force)
  }
  const revisionId = await keepRevision(trx, context, at, diff, documentsOf(plan.next))
  const changed = diff.created.length + diff.updated.length + diff.deleted.length
  if (changed > 0 && !dryRun)
    await audit(
      trx,
      context,
      'catalog.applied',
      { kind: 'project', id: at.projectId },
      { after: { ...countsOf(diff), failed: failed.length, revisionId } },
    )
  const succeeded = [...diff.created, ...diff.updated, ...diff.unchanged, ...diff.deleted].map(({ kind, name }) => ({
    kind,
    name,
  }))
  return { succeeded, failed, skipped, diff, dryRun, revisionId: dryRun ? null : revisionId }
}

const countsOf = (diff: Diff) => ({
  created: diff.created.length,
  updated: diff.updated.length,
  unchanged: diff.unchanged.length,
  deleted: diff.deleted.length,
})

/** The part of a diff that concerns the catalog. */
function catalogPart(diff: Diff): Diff {
  const isCatalog = ({ kind }: { kind: string }) => kind !== 'Entity' && kind !== 'Relationship'
  return {
    created: diff.created.filter(isCatalog),
    updated: diff.updated.filter(isCatalog),
    unchanged: [],
    deleted: diff.deleted.filter(isCatalog),
  }
}

/** Keeps a revision after an apply that changed the catalog: who, when, what changed, and the whole catalog as documents. */
async function keepRevision(
  trx: Trx,
  { actor }: ProjectContext,
  at: Generation,
  diff: Diff,
  items: unknown[],
): Promise<string | null> {
  const part = catalogPart(diff)
  if (part.created.length + part.updated.length + part.deleted.length === 0) return null
  const id = newId()
  const actor_name = actor.kind === 'user' ? actor.email : actor.name
  const printed = `[${(await mapInTurns(items, (item) => JSON.stringify(item))).join(',')}]`
  await insertRevision(trx, at, { id, actor_kind: actor.kind, actor_id: actor.id, actor_name, diff: part, items: printed })
  return id
}
