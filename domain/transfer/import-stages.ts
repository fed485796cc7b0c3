import type { TransferLine } from '#contract/transfer/transfer'
import type { Trx } from '#db/client'
import { insertEntities, lockEntitiesById } from '#db/queries/data/entities'
import type { Generation } from '#db/queries/project-rows'
import { insertRelationships } from '#db/queries/data/relationships'
import * as rows from '#db/queries/transfer/transfer'
import type { importAgents } from '#db/queries/v1/transfer'
import { type Catalog, loadCatalog } from '../apply/catalog.ts'
import { readItems } from '../apply/items.ts'
import { planSchema } from '../apply/schema-plan.ts'
import { writeSchema } from '../apply/schema-phase.ts'
import { checkEntity, idLikeProblem } from '../data/entities.ts'
import { DomainError } from '../errors.ts'
import { pushableProblems } from '../data/metrics.ts'
import { crowdedMessage, refreshMembership } from '../catalog/membership.ts'
import { assertCardinalities, assertPropertySums, checkRelationship } from '../data/relationships.ts'

/** A line's document, and the line's number. */
export type NumberedDocument = { document: unknown; number: number }
/** A valid line, and its number. */
export type Numbered<Line = TransferLine> = { line: Line; number: number }
export type Of<Kind extends TransferLine['kind']> = Numbered<Extract<TransferLine, { kind: Kind }>>
/** The ids of a project's environments, by name. */
export type Environments = Map<string, string>

/** The error for a line that cannot be imported, numbered as the caller counts. */
export const refused = (number: number, what: string) =>
  new DomainError('invalid_import', `Line ${number} can’t be imported: ${what}`, [{ path: `line ${number}`, message: what }])

/** What to do about a name from before the rules for names, which an export of older data still has. */
export function renaming(document: unknown): string {
  const { kind, name } = Object(document) as { kind?: unknown; name?: unknown }
  if (typeof kind !== 'string' || typeof name !== 'string') return ''
  return `. In this file, give the ${kind} ${JSON.stringify(name)} another name on every line that names it`
}

const timesOf = ({ line }: Numbered<{ createdAt: string; updatedAt: string }>) => ({
  createdAt: line.createdAt,
  updatedAt: line.updatedAt,
})

/** Imports the whole catalog, judged like one apply. */
export async function importCatalog(trx: Trx, at: Generation, chunk: Numbered[]): Promise<Catalog> {
  const documents = chunk.map(({ line }) => {
    const { createdAt: _, updatedAt: __, ...document } = line as Of<'EntityType'>['line']
    return document
  })
  const { items, problems } = await readItems(documents)
  const empty = await loadCatalog(trx, at)
  const { plan, problems: unsound } = await planSchema(items, empty)
  const [wrong] = [...problems, ...unsound]
  if (wrong) throw refused(chunk[wrong.index ?? 0]!.number, `${wrong.kind} ${wrong.name}: ${wrong.path} ${wrong.error}`)
  await writeSchema({ trx, at, force: false }, plan)
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

/** The first line whose row was not inserted: it existed already, or an earlier line gave it. */
function missingFrom<Line>(inserted: string[], chunk: Numbered<Line>[], keyOf: (line: Line) => string) {
  const unseen = new Set(inserted)
  return chunk.find(({ line }) => !unseen.delete(keyOf(line)))
}

function environmentOf(environments: Environments, { line, number }: Numbered<{ envName: string }>): string {
  const id = environments.get(line.envName)
  if (!id) throw refused(number, `this project has no environment ${line.envName}. Create it first`)
  return id
}

export async function importEntities(
  trx: Trx,
  at: Generation,
  environments: Environments,
  { EntityType }: Catalog,
  chunk: Of<'Entity'>[],
): Promise<void> {
  for (const { line, number } of chunk) {
    const type = EntityType.get(line.entityType)
    const [wrong] = type
      ? [...idLikeProblem(line), ...checkEntity(type, line).problems, ...pushableProblems(type, line.metrics)]
      : [{ path: 'entityType', message: `must be an existing entity type; ${line.entityType} is not` }]
    if (wrong) throw refused(number, `${wrong.path} ${wrong.message}${wrong.path === 'name' ? renaming(line) : ''}`)
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
    throw refused(twice.number, `there is already an entity with this id, or a ${twice.line.entityType} named ${twice.line.name}`)
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
  const [crowded] = await refreshMembership(trx, at, { entityIds: inserted })
  if (crowded) throw refused(chunk.find((one) => one.line.id === crowded.id)!.number, crowdedMessage(crowded))
}

/** Memberships in explicit cells. */
export async function importMembers(trx: Trx, at: Generation, chunk: Of<'CellMember'>[]): Promise<void> {
  const inserted = await rows.importCellMembers(
    trx,
    at,
    chunk.map(({ line }) => line),
  )
  const keyOf = (cell: string, entityId: string) => JSON.stringify([cell, entityId])
  const there = inserted.map((row) => keyOf(row.cell, row.entity_id))
  const wrong = missingFrom(there, chunk, ({ cell, entityId }) => keyOf(cell, entityId))
  if (wrong)
    throw refused(
      wrong.number,
      'it is a repeat, or names a cell or an entity that does not exist, a derived cell, or an entity of another type than the cell’s',
    )
  const [crowded] = await refreshMembership(trx, at, { entityIds: [...new Set(inserted.map((row) => row.entity_id))] })
  if (crowded) throw refused(chunk.findLast((one) => one.line.entityId === crowded.id)!.number, crowdedMessage(crowded))
}

/** The relationships of one environment. */
export async function importRelationships(
  trx: Trx,
  at: Generation,
  environments: Environments,
  catalog: Catalog,
  chunk: Of<'Relationship'>[],
): Promise<void> {
  const ends = await lockEntitiesById(trx, at, environmentOf(environments, chunk[0]!), [
    ...new Set(chunk.flatMap(({ line }) => [line.from, line.to])),
  ])
  const byId = new Map(ends.map((entity) => [entity.id, entity]))
  for (const { line, number } of chunk) {
    const type = catalog.RelationshipType.get(line.relationshipType)
    if (!type) throw refused(number, `relationshipType must be an existing relationship type; ${line.relationshipType} is not`)
    if (byId.get(line.from)?.entity_type !== type.from)
      throw refused(number, `from must be the id of an entity of type ${type.from}`)
    if (byId.get(line.to)?.entity_type !== type.to) throw refused(number, `to must be the id of an entity of type ${type.to}`)
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
  if (twice) throw refused(twice.number, 'there is already a relationship with this id, or of this type between these entities')
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
export async function importRegistered(
  trx: Trx,
  at: Generation,
  environments: Environments,
  chunk: Numbered<Registered>[],
  insert: typeof importAgents,
): Promise<void> {
  const lines = chunk.map((one) => ({ ...one.line, envId: environmentOf(environments, one) }))
  const twice = missingFrom(await insert(trx, at, lines), chunk, ({ id }) => id)
  if (twice) throw refused(twice.number, `there is already one with this id, or one named ${twice.line.name}`)
}
