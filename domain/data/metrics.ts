import type { Cell } from '#contract/catalog/cells'
import type { EntityType, Metric } from '#contract/catalog/entity-types'
import type { Database, Trx } from '#db/client'
import { listEntityTypesByName } from '#db/queries/catalog/entity-types'
import * as rows from '#db/queries/data/metrics'
import type { Scope } from '#db/queries/data/entities'
import type { Generation } from '#db/queries/project-rows'
import { inSavepoint } from '#db/savepoint'
import { batchesOf } from '../batches.ts'
import { DomainError, type ErrorDetail, assertSound } from '../errors.ts'
import { inTurns } from '../give-way.ts'

export type MetricValues = Record<string, number>
type TypeMetrics = Pick<EntityType, 'name' | 'metrics' | 'constraints'>

/**
 * The metrics of each entity: pushed values, and counts of its relationships (in a scope, only of those it shows). A few
 * statements a batch, whatever the batch's size.
 */
export async function metricValues(
  db: Database | Trx,
  at: Generation,
  ids: string[],
  scope: Scope = null,
): Promise<Map<string, MetricValues>> {
  const all = new Map<string, MetricValues>()
  for (const batch of batchesOf(ids)) for (const [id, values] of await valuesOf(db, at, batch, scope)) all.set(id, values)
  return all
}

async function valuesOf(db: Database | Trx, at: Generation, ids: string[], scope: Scope): Promise<Map<string, MetricValues>> {
  const entities = await rows.listPushed(db, at, ids)
  const types = await typesOf(db, at, entities)
  const derived = [...types.values()].flatMap((type) => type.metrics.filter(isDerived))
  const relationshipTypes = [...new Set(derived.map((metric) => metric.source.filter.relationshipType))]
  const counts = relationshipTypes.length === 0 ? [] : await rows.countRelationshipsByState(db, at, ids, relationshipTypes, scope)
  const byEntity = Map.groupBy(counts, (count) => count.entity_id)
  return new Map(
    entities.map((entity) => {
      const { metrics = [] } = types.get(entity.entity_type) ?? {}
      const values = declaredOf(metrics, entity.metrics)
      for (const metric of metrics.filter(isDerived)) values[metric.name] = countOf(metric, byEntity.get(entity.id) ?? [])
      return [entity.id, values]
    }),
  )
}

/** The pushed values, without metrics that the type no longer declares or now counts. */
export function declaredOf(metrics: Metric[], pushed: MetricValues): MetricValues {
  const declared = new Set(metrics.filter((metric) => !isDerived(metric)).map((metric) => metric.name))
  return Object.fromEntries(Object.entries(pushed).filter(([name]) => declared.has(name)))
}

type Derived = Metric & { source: Extract<Metric['source'], { type: 'derived' }> }
export const isDerived = (metric: Metric): metric is Derived => metric.source.type === 'derived'

function countOf({ source: { filter } }: Derived, counts: rows.RelationshipCount[]): number {
  const counted = counts.filter(
    (count) => count.relationship_type === filter.relationshipType && (filter.states?.includes(count.state) ?? true),
  )
  return counted.reduce((sum, count) => sum + count.n, 0)
}

async function typesOf(db: Database | Trx, at: Generation, entities: rows.Measured[]): Promise<Map<string, TypeMetrics>> {
  const found = await listEntityTypesByName(db, at, [...new Set(entities.map((entity) => entity.entity_type))])
  return new Map(found.map((row) => [row.name, row as unknown as TypeMetrics]))
}

/** Aggregates the values of those members that have the metric; undefined when none has it. */
export function aggregate(how: Cell['constraints'][number]['aggregate'], numbers: number[]): number | undefined {
  if (numbers.length === 0) return undefined
  const sum = numbers.reduce((total, n) => total + n, 0)
  if (how === 'sum') return sum
  if (how === 'avg') return sum / numbers.length
  return how === 'min' ? numbers.reduce((least, n) => Math.min(least, n)) : numbers.reduce((most, n) => Math.max(most, n))
}

type Level = { level: number; max: number; sentence: string }

/** The levels of entities against the limits of their types, and of cells against their own. */
async function levels(
  trx: Trx,
  at: Generation,
  ids: string[],
  cells: (rows.ReachedCell & { constraints: unknown })[],
): Promise<Map<string, Level>> {
  const found = new Map<string, Level>()
  for (const batch of batchesOf(ids)) {
    const entities = await rows.listPushed(trx, at, batch)
    const types = await typesOf(trx, at, entities)
    const values = await valuesOf(trx, at, batch, null)
    for (const entity of entities) {
      for (const { metric, max } of types.get(entity.entity_type)?.constraints ?? []) {
        const level = values.get(entity.id)?.[metric]
        if (level !== undefined)
          found.set(`entity ${entity.id} ${metric}`, {
            level,
            max,
            // Leaves out the level: it may count relationships that the caller cannot see.
            sentence: `${metric} may be at most ${max}`,
          })
      }
    }
  }
  for (const cell of cells) {
    const members = await metricValues(trx, at, await rows.listCellMemberIds(trx, at, cell.name, cell.env_id))
    for (const { metric, aggregate: how, max } of cell.constraints as Cell['constraints']) {
      const numbers = [...members.values()].flatMap((one) => (one[metric] === undefined ? [] : [one[metric]]))
      const level = aggregate(how, numbers)
      // Leaves out the level: it would tell a limited caller about entities that they cannot see.
      const sentence = `the ${how} of ${metric} in the cell ${cell.name} may be at most ${max}`
      if (level !== undefined) found.set(`cell ${cell.name} ${cell.env_id} ${metric} ${how}`, { level, max, sentence })
    }
  }
  return found
}

const keyOf = ({ name, env_id }: rows.ReachedCell) => `${env_id} ${name}`

async function reachedCells(trx: Trx, at: Generation, ids: string[]): Promise<rows.ReachedCell[]> {
  const reached = new Map<string, rows.ReachedCell>()
  for (const batch of batchesOf(ids))
    for (const cell of await rows.listReachedCells(trx, at, batch)) reached.set(keyOf(cell), cell)
  return [...reached.values()]
}

/** Thrown when a write puts entities into cells with limits that were neither locked nor measured before it. */
class ReachesMore extends Error {
  readonly cells: rows.ReachedCell[]
  constructor(cells: rows.ReachedCell[]) {
    super('reaches more cells')
    this.cells = cells
  }
}

/**
 * Runs a write that changes metrics or cells of these entities, and refuses it when it raises an entity or a cell above a limit.
 * A level that is above already (a limit can be lowered) may stay but not rise.
 * Leaving a cell is never refused, although the average or the minimum of the rest may rise. Cells are locked before the write,
 * in the order of their names; a write that reaches more cells is rolled back and run again.
 */
export async function withinMetricLimits<T>(trx: Trx, at: Generation, ids: string[], write: () => Promise<T>): Promise<T> {
  if (!(await rows.hasMetricLimits(trx, at))) return write()
  let cells = await reachedCells(trx, at, ids)
  for (;;) {
    const done = await inSavepoint(trx, () => measured(trx, at, ids, cells, write)).catch((error: unknown) => {
      if (!(error instanceof ReachesMore)) throw error
      cells = [...cells, ...error.cells]
    })
    if (done) return done.result
  }
}

async function measured<T>(trx: Trx, at: Generation, ids: string[], cells: rows.ReachedCell[], write: () => Promise<T>) {
  const constraints = await rows.lockCells(trx, at, [...new Set(cells.map((cell) => cell.name))])
  const limited = (some: rows.ReachedCell[]) => some.map((cell) => ({ ...cell, constraints: constraints.get(cell.name) ?? [] }))
  const before = await levels(trx, at, ids, limited(cells))
  const result = await write()
  const reached = await reachedCells(trx, at, ids)
  const locked = new Set(cells.map(keyOf))
  const missed = reached.filter((cell) => !locked.has(keyOf(cell)))
  if (missed.length > 0) throw new ReachesMore(missed)
  for await (const [name, { level, max, sentence }] of inTurns(await levels(trx, at, ids, limited(reached)))) {
    if (level > max && level > (before.get(name)?.level ?? -Infinity)) {
      throw new DomainError('constraint_exceeded', `This would exceed a limit: ${sentence}`)
    }
  }
  return { result }
}

/** The problems of metrics that the type does not declare, or that it counts itself. */
export function pushableProblems(
  type: Pick<EntityType, 'name' | 'metrics'>,
  given: Record<string, number | null>,
): ErrorDetail[] {
  return Object.keys(given).flatMap((name): ErrorDetail[] => {
    const metric = type.metrics.find((one) => one.name === name)
    if (!metric) return [{ path: `metrics.${name}`, message: `is not a metric of ${type.name}` }]
    return isDerived(metric) ? [{ path: `metrics.${name}`, message: 'is counted from relationships and can’t be pushed' }] : []
  })
}

export function assertPushable(type: Pick<EntityType, 'name' | 'metrics'>, given: Record<string, number | null>): void {
  assertSound('unknown_metric', 'The metrics can’t be pushed', pushableProblems(type, given))
}
