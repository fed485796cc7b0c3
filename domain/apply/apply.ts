import { formsOf } from '#contract/text'
import { asStored } from './stored-names.ts'
import type { Apply, ApplyResult, Diff } from '#contract/apply/apply'
import type { Trx } from '#db/client'
import { insertRevision } from '#db/queries/apply/catalog-revisions'
import type { Generation } from '#db/queries/project-rows'
import { inSavepoint } from '#db/savepoint'
import { audit } from '../audit/audit.ts'
import { assertNobodyLimited } from '../catalog/cell-in-scope.ts'
import type { ProjectContext } from '../context.ts'
import { environmentToWrite } from '../projects/environments.ts'
import { actorName } from '../events.ts'
import { mapInTurns } from '../give-way.ts'
import { newId } from '../ids.ts'
import { assertCan } from '../access/permissions.ts'
import { assertRoomForRows } from '../limits/quotas.ts'
import { writingData, writingProject } from '../writing.ts'
import { type Catalog, documentsOf, loadCatalog, without } from './catalog.ts'
import { applyEntities } from './entities.ts'
import { type ReadItems, readItems } from './items.ts'
import { type Outcome, joined, newOutcome } from './outcome.ts'
import { applyRelationships } from './relationships.ts'
import type { Report, Run } from './run.ts'
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
  const read = Array.isArray(request.items) ? await readItems(request.items) : request.items
  const { items, problems } = read
  if (Object.values(items).some((some) => some.length > 0) || problems.length > 0) await assertRoomForRows(context)
  const touchesCatalog = documentsIn(read) > 0 || typeof request.deletions === 'function' || request.deletions.length > 0
  const work = async (trx: Trx, at: Generation) => {
    const environment = await environmentToWrite(context, trx, envName)
    return inSavepoint(trx, async () => {
      const run: Run = { trx, context, at, envId: environment.id, force: request.force, report }
      const result = await applyItems(run, read, request)
      if (request.dryRun) throw new DryRun(result)
      return result
    }).catch((error: unknown) => {
      if (error instanceof DryRun) return error.result
      throw error
    })
  }
  return touchesCatalog ? writingProject(context, (trx, _, at) => work(trx, at)) : writingData(context, work)
}

const documentsIn = ({ items }: ReadItems) =>
  items.EntityType.length + items.Secret.length + items.Cell.length + items.RelationshipType.length

async function applyItems(run: Run, read: ReadItems, { deletions: given, dryRun }: Request): Promise<ApplyResult> {
  const { trx, context, at, force, report } = run
  const documents = documentsIn(read)
  report({ phase: 'catalog', done: 0, total: documents })
  const current = await loadCatalog(trx, at)
  const items = asStored(read.items, current)
  const named = typeof given === 'function' ? given(current) : given
  const deletions = named.map((one) => ({
    ...one,
    name: formsOf(one.name).find((name) => current[one.kind].has(name)) ?? one.name,
  }))
  const schema = await fitSchema(run, items, current)
  const { next, placed } = schema.plan
  await assertNobodyLimited(trx, context, { names: placed, before: current.Cell, after: next.Cell }, force)
  await writeSchema(run, schema.plan)
  report({ phase: 'catalog', done: documents, total: documents })
  const entities = await applyEntities(run, items.Entity, next)
  const relationships = await applyRelationships(run, items.Relationship, next)
  const applied = joined([{ ...newOutcome(), problems: read.problems }, schema, entities, relationships])
  const isSound = applied.problems.length === 0
  const skipped = isSound
    ? []
    : deletions.map((deletion) => ({ ...deletion, reason: 'nothing was deleted, because an item failed' }))
  const deleted = isSound && deletions.length > 0 ? await deleteAndCheck(run, deletions, next) : newOutcome()
  const { diff, problems: failed } = joined([applied, deleted])
  const revisionId = await keepRevision(run, diff, documentsOf(without(next, diff.deleted)))
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

async function deleteAndCheck(run: Run, deletions: Deletions, catalog: Catalog): Promise<Outcome> {
  const outcome = await deleteFromCatalog(run, deletions, catalog)
  const { deleted } = outcome.diff
  const names = deleted.flatMap(({ kind, name }) => (kind === 'Cell' ? [name] : []))
  const change = { names, before: catalog.Cell, after: without(catalog, deleted).Cell }
  await assertNobodyLimited(run.trx, run.context, change, run.force)
  return outcome
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
async function keepRevision({ trx, context: { actor }, at }: Run, diff: Diff, items: unknown[]): Promise<string | null> {
  const part = catalogPart(diff)
  if (part.created.length + part.updated.length + part.deleted.length === 0) return null
  const id = newId()
  const printed = `[${(await mapInTurns(items, (item) => JSON.stringify(item))).join(',')}]`
  await insertRevision(trx, at, {
    id,
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_name: actorName(actor),
    diff: part,
    items: printed,
  })
  return id
}
