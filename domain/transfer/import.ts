import type { Diff } from '#contract/apply'
import { TransferLine } from '#contract/transfer'
import type { Trx } from '#db/client'
import { refreshEffectiveMembers } from '#db/queries/effective-members'
import { insertEntities, lockEntitiesByIdOrName } from '#db/queries/entities'
import { listEnvironments } from '#db/queries/environments'
import { type Generation, sumRowCounts } from '#db/queries/project-rows'
import { insertRelationships } from '#db/queries/relationships'
import * as rows from '#db/queries/transfer'
import { importAgents, importCoreInstances } from '#db/queries/v1/transfer'
import { type Catalog, loadCatalog } from '../apply/catalog.ts'
import { emptyDiff } from '../apply/diff.ts'
import { type Problem, readItems } from '../apply/items.ts'
import { planSchema } from '../apply/schema-plan.ts'
import { writeSchema } from '../apply/schema-phase.ts'
import { audit } from '../audit.ts'
import type { ProjectContext } from '../context.ts'
import { checkEntity } from '../entities.ts'
import { DomainError } from '../errors.ts'
import { pushableProblems } from '../metrics.ts'
import { assertCan } from '../permissions.ts'
import { assertCardinalities, assertPropertySums, checkRelationship } from '../relationships.ts'
import { writingProject } from '../writing.ts'

const CHUNK = 1000
/** The catalog is judged as a whole, so all of it is held in memory. */
const MOST_CATALOG = 100_000

/** What a line of the body holds, and which line that is. */
export type NumberedDocument = { document: unknown; number: number }
type Numbered<Line = TransferLine> = { line: Line; number: number }
type Of<Kind extends TransferLine['kind']> = Numbered<Extract<TransferLine, { kind: Kind }>>
type Environments = Map<string, string>

const refused = (number: number, what: string) =>
  new DomainError('invalid_import', `Line ${number} cannot be imported: ${what}`, [{ path: `line ${number}`, message: what }])

/** An export into an empty project, all or nothing: the same rows with the same ids and times. Lines come in the order of an export. */
export async function importProject(
  context: ProjectContext,
  documents: AsyncIterable<NumberedDocument>,
): Promise<{ rows: Record<string, number> }> {
  assertCan(context, 'apply:write')
  return writingProject(context, async (trx, locked, at) => {
    const present = await sumRowCounts(trx, at)
    if (Object.values(present).some((n) => n > 0)) {
      throw new DomainError('project_not_empty', 'An import needs an empty project; nuke it first')
    }
    const found = await listEnvironments(trx, locked.id, { only: null, after: undefined, limit: 100_000 })
    const counts = await importLines(trx, at, new Map(found.map((one) => [one.name, one.id])), shaped(documents))
    await audit(trx, context, 'project.imported', { kind: 'project', id: locked.id, name: locked.slug }, { after: counts })
    return { rows: counts }
  })
}

async function* shaped(documents: AsyncIterable<NumberedDocument>): AsyncGenerator<Numbered> {
  for await (const { document, number } of documents) {
    const parsed = TransferLine.safeParse(document)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      throw refused(number, `${issue?.path.join('.')} ${issue?.message}`)
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

/** Gathers lines of one stage into chunks, and hands each to the stage that it belongs to. */
async function importLines(
  trx: Trx,
  at: Generation,
  environments: Environments,
  lines: AsyncIterable<Numbered>,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  let stage = 0
  let waiting: Numbered[] = []
  let catalog: Catalog | undefined
  const flush = async () => {
    const chunk = waiting
    waiting = []
    if (stage === 0) catalog = await importCatalog(trx, at, chunk)
    else if (stage === 1) await importEntities(trx, at, environments, catalog!, chunk as Of<'Entity'>[])
    else if (stage === 2) await importMembers(trx, at, chunk as Of<'CellMember'>[])
    else if (stage === 4) await importRegistered(trx, at, environments, chunk as Of<'Agent'>[], importAgents)
    else if (stage === 5) await importRegistered(trx, at, environments, chunk as Of<'CoreInstance'>[], importCoreInstances)
    else
      for (const some of Map.groupBy(chunk as Of<'Relationship'>[], ({ line }) => line.envName).values())
        await importRelationships(trx, at, environments, catalog!, some)
  }
  for await (const next of lines) {
    const theirs = order[next.line.kind]
    if (theirs < stage) throw refused(next.number, `${next.line.kind} comes after what stands on it`)
    if (theirs > stage || (stage > 0 && waiting.length === CHUNK)) {
      await flush()
      stage = theirs
    }
    if (waiting.length === MOST_CATALOG) throw refused(next.number, `a catalog has at most ${MOST_CATALOG} documents`)
    waiting.push(next)
    counts[next.line.kind] = (counts[next.line.kind] ?? 0) + 1
  }
  await flush()
  return counts
}

const timesOf = ({ line }: Numbered<{ createdAt: string; updatedAt: string }>) => ({
  createdAt: line.createdAt,
  updatedAt: line.updatedAt,
})

async function importCatalog(trx: Trx, at: Generation, chunk: Numbered[]): Promise<Catalog> {
  const documents = chunk.map(({ line }) => {
    const { createdAt: _, updatedAt: __, ...document } = line as Of<'EntityType'>['line']
    return document as Record<string, unknown>
  })
  const { items, problems } = readItems(documents)
  const diff: Diff = emptyDiff()
  const empty = await loadCatalog(trx, at)
  const plan = planSchema(items, empty, diff, problems)
  const [wrong]: Problem[] = problems
  if (wrong) throw refused(chunk[wrong.index ?? 0]!.number, `${wrong.kind} ${wrong.name}: ${wrong.path} ${wrong.error}`)
  await writeSchema(trx, at, plan, false)
  const tables = { EntityType: 'entity_types', Secret: 'secrets', Cell: 'cells', RelationshipType: 'relationship_types' } as const
  for (const [kind, table] of Object.entries(tables)) {
    const theirs = chunk.filter(({ line }) => line.kind === kind) as Of<'EntityType'>[]
    await rows.setTimes(
      trx,
      at,
      table,
      'name',
      theirs.map((one) => ({ key: one.line.name, ...timesOf(one) })),
    )
  }
  return plan.next
}

/** The first line of which the row is not among those that went in: it was there already, or was given before. */
function missingFrom<Line>(inserted: string[], chunk: Numbered<Line>[], keyOf: (line: Line) => string) {
  const unseen = new Set(inserted)
  return chunk.find(({ line }) => !unseen.delete(keyOf(line)))
}

function environmentOf(environments: Environments, { line, number }: Numbered<{ envName: string }>): string {
  const id = environments.get(line.envName)
  if (!id) throw refused(number, `this project has no environment ${line.envName}; create it first`)
  return id
}

async function importEntities(
  trx: Trx,
  at: Generation,
  environments: Environments,
  { EntityType }: Catalog,
  chunk: Of<'Entity'>[],
): Promise<void> {
  for (const { line, number } of chunk) {
    const type = EntityType.get(line.entityType)
    const [wrong] = type
      ? [...checkEntity(type, line).problems, ...pushableProblems(type, line.metrics)]
      : [{ path: 'entityType', message: `names no entity type: ${line.entityType}` }]
    if (wrong) throw refused(number, `${wrong.path} ${wrong.message}`)
  }
  const inserted = await insertEntities(
    trx,
    at,
    chunk.map((one) => {
      const { id, entityType, name, state, properties, labels } = one.line
      return { id, env_id: environmentOf(environments, one), entity_type: entityType, name, state, properties, labels }
    }),
  )
  const twice = missingFrom(inserted, chunk, ({ id }) => id)
  if (twice)
    throw refused(twice.number, `there is already an entity of this id, or a ${twice.line.entityType} named ${twice.line.name}`)
  await rows.setTimes(
    trx,
    at,
    'entities',
    'id',
    chunk.map((one) => ({ key: one.line.id, ...timesOf(one) })),
  )
  await rows.setMetrics(
    trx,
    at,
    chunk.map(({ line }) => ({ id: line.id, metrics: line.metrics })),
  )
  await refreshEffectiveMembers(trx, at, { entityIds: inserted })
}

async function importMembers(trx: Trx, at: Generation, chunk: Of<'CellMember'>[]): Promise<void> {
  const inserted = await rows.importCellMembers(
    trx,
    at,
    chunk.map(({ line }) => line),
  )
  const keyOf = (cell: string, entityId: string) => JSON.stringify([cell, entityId])
  const there = inserted.map((row) => keyOf(row.cell, row.entity_id))
  const wrong = missingFrom(there, chunk, ({ cell, entityId }) => keyOf(cell, entityId))
  if (wrong)
    throw refused(wrong.number, 'it is given twice, or names no explicit cell, or no entity of the type that the cell holds')
  await refreshEffectiveMembers(trx, at, { entityIds: [...new Set(inserted.map((row) => row.entity_id))] })
}

/** Of one environment. */
async function importRelationships(
  trx: Trx,
  at: Generation,
  environments: Environments,
  catalog: Catalog,
  chunk: Of<'Relationship'>[],
): Promise<void> {
  const ends = await lockEntitiesByIdOrName(
    trx,
    at,
    environmentOf(environments, chunk[0]!),
    [...new Set(chunk.flatMap(({ line }) => [line.from, line.to]))],
    [],
  )
  const byId = new Map(ends.map((entity) => [entity.id, entity]))
  for (const { line, number } of chunk) {
    const type = catalog.RelationshipType.get(line.relationshipType)
    if (!type) throw refused(number, `relationshipType names no relationship type: ${line.relationshipType}`)
    if (byId.get(line.from)?.entity_type !== type.from) throw refused(number, `from names no ${type.from}`)
    if (byId.get(line.to)?.entity_type !== type.to) throw refused(number, `to names no ${type.to}`)
    const [wrong] = checkRelationship(type, line).problems
    if (wrong) throw refused(number, `${wrong.path} ${wrong.message}`)
  }
  const inserted = await insertRelationships(
    trx,
    at,
    chunk.map((one) => {
      const { id, relationshipType, from, to, state, properties, labels } = one.line
      return {
        id,
        env_id: environmentOf(environments, one),
        relationship_type: relationshipType,
        from_id: from,
        to_id: to,
        state,
        properties,
        labels,
      }
    }),
  )
  const twice = missingFrom(inserted, chunk, ({ id }) => id)
  if (twice) throw refused(twice.number, 'there is already a relationship of this id, or of this type between these entities')
  await rows.setTimes(
    trx,
    at,
    'relationships',
    'id',
    chunk.map((one) => ({ key: one.line.id, ...timesOf(one) })),
  )
  for (const [name, theirs] of Map.groupBy(chunk, ({ line }) => line.relationshipType)) {
    const between = theirs.map(({ line }) => ({ from: byId.get(line.from)!, to: byId.get(line.to)! }))
    const type = catalog.RelationshipType.get(name)!
    await assertCardinalities(trx, at, type, between)
    await assertPropertySums(trx, at, type, between)
  }
}

type Registered = Of<'Agent'>['line'] | Of<'CoreInstance'>['line']

/** Agents or core instances. */
async function importRegistered(
  trx: Trx,
  at: Generation,
  environments: Environments,
  chunk: Numbered<Registered>[],
  insert: typeof importAgents,
): Promise<void> {
  const lines = chunk.map((one) => ({ ...one.line, envId: environmentOf(environments, one) }))
  const twice = missingFrom(await insert(trx, at, lines), chunk, ({ id }) => id)
  if (twice) throw refused(twice.number, `there is already one of this id, or one like ${twice.line.name}`)
}
