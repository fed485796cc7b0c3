import { firstProblem } from '#contract/issues'
import { TransferLine } from '#contract/transfer/transfer'
import type { Trx } from '#db/client'
import { listEnvironments } from '#db/queries/projects/environments'
import { type Generation, sumRowCounts } from '#db/queries/project-rows'
import { lastWipedGeneration } from '#db/queries/nuke/wipes'
import { importAgents, importCoreInstances } from '#db/queries/v1/transfer'
import type { Catalog } from '../apply/catalog.ts'
import { audit } from '../audit/audit.ts'
import { assertNobodyLimited } from '../catalog/cell-in-scope.ts'
import { cellsOf } from '../catalog/cells.ts'
import type { ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { assertCan } from '../access/permissions.ts'
import { assertRoomForRows } from '../limits/quotas.ts'
import { writingProject } from '../writing.ts'
import * as stages from './import-stages.ts'
import { type Environments, type Numbered, type NumberedDocument, type Of, refused, renaming } from './import-stages.ts'

const CHUNK = 1000
/** The catalog is judged as a whole, so all of it is in memory. */
const MOST_CATALOG = 100_000

/**
 * Imports an export into an empty project, all or nothing: the same rows with the same ids and times. Lines must come in the
 * order of an export.
 */
export async function importProject(
  context: ProjectContext,
  documents: AsyncIterable<NumberedDocument>,
  { force }: { force: boolean } = { force: false },
): Promise<{ rows: Record<string, number> }> {
  assertCan(context, 'apply:write')
  await assertRoomForRows(context)
  return writingProject(context, async (trx, locked, at) => {
    const rowCounts = await sumRowCounts(trx, at)
    if (Object.values(rowCounts).some((n) => n > 0)) {
      throw new DomainError('project_not_empty', 'An import needs an empty project. Nuke it first')
    }
    const found = await listEnvironments(trx, locked.id, { only: null, after: undefined, limit: 100_000 })
    const environments = new Map(found.map((one) => [one.name, one.id]))
    const counts = await importLines(trx, at, environments, shaped(documents), async ({ Cell }) => {
      const last = await lastWipedGeneration(trx, locked.id)
      if (last === undefined) return
      const before = await cellsOf(trx, { projectId: locked.id, generation: last })
      await assertNobodyLimited(trx, context, { names: Cell.keys(), before, after: Cell }, force)
    })
    await audit(trx, context, 'project.imported', { kind: 'project', id: locked.id, name: locked.slug }, { after: counts })
    return { rows: counts }
  })
}

async function* shaped(documents: AsyncIterable<NumberedDocument>): AsyncGenerator<Numbered> {
  for await (const { document, number } of documents) {
    const parsed = TransferLine.safeParse(document)
    if (!parsed.success) {
      const path = parsed.error.issues[0]?.path.join('.')
      throw refused(number, firstProblem(parsed.error, 'it') + (path === 'name' ? renaming(document) : ''))
    }
    yield { line: parsed.data, number }
  }
}

const order = {
  EntityType: 0,
  Secret: 0,
  Cell: 0,
  RelationshipType: 0,
  Entity: 1,
  CellMember: 2,
  Relationship: 3,
  Agent: 4,
  CoreInstance: 5,
} as const satisfies Record<TransferLine['kind'], number>

/** Collects the lines of one stage into chunks and passes each to its stage. */
async function importLines(
  trx: Trx,
  at: Generation,
  environments: Environments,
  lines: AsyncIterable<Numbered>,
  assertMayStand: (catalog: Catalog) => Promise<void>,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  let stage = 0
  let waiting: Numbered[] = []
  let catalog: Catalog | undefined
  const flush = async () => {
    const chunk = waiting
    waiting = []
    if (stage === 0) await assertMayStand((catalog = await stages.importCatalog(trx, at, chunk)))
    else if (stage === 1) await stages.importEntities(trx, at, environments, catalog!, chunk as Of<'Entity'>[])
    else if (stage === 2) await stages.importMembers(trx, at, chunk as Of<'CellMember'>[])
    else if (stage === 4) await stages.importRegistered(trx, at, environments, chunk as Of<'Agent'>[], importAgents)
    else if (stage === 5) await stages.importRegistered(trx, at, environments, chunk as Of<'CoreInstance'>[], importCoreInstances)
    else
      for (const some of Map.groupBy(chunk as Of<'Relationship'>[], ({ line }) => line.envName).values())
        await stages.importRelationships(trx, at, environments, catalog!, some)
  }
  for await (const next of lines) {
    const theirs = order[next.line.kind]
    if (theirs < stage)
      throw refused(next.number, `a line of kind ${next.line.kind} must come before the lines that depend on it`)
    if (theirs > stage || (stage > 0 && waiting.length === CHUNK)) {
      await flush()
      stage = theirs
    }
    if (waiting.length === MOST_CATALOG)
      throw refused(next.number, `a catalog can have at most ${MOST_CATALOG.toLocaleString('en-US')} documents`)
    waiting.push(next)
    counts[next.line.kind] = (counts[next.line.kind] ?? 0) + 1
  }
  await flush()
  return counts
}
