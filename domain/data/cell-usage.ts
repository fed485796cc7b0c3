import type { Cell } from '#contract/catalog/cells'
import type { CellUsage } from '#contract/data/cell-usage'
import type { Metric } from '#contract/catalog/entity-types'
import * as rows from '#db/queries/data/cell-usage'
import { sumRowCounts } from '#db/queries/project-rows'
import type { ProjectContext } from '../context.ts'
import { environmentToRead } from '../projects/environments.ts'
import { isDerived } from './metrics.ts'
import { assertCan } from '../access/permissions.ts'
import { fetchFitting } from '../stretches.ts'
import { reading } from '../writing.ts'

/** The cells with their number of entities and their levels against their limits, as far as the caller sees. */
export async function getCellUsage(context: ProjectContext, envName: string): Promise<CellUsage> {
  assertCan(context, 'data:read')
  const { db, grant } = context
  const at = reading(context)
  const environment = await environmentToRead(context, envName)
  const what = { envId: environment.id, scope: grant.cellScopes }
  const cells = await fetchFitting(
    (after: Ceilings | undefined, limit) =>
      rows.listCellsWithLimits(db, at, after?.name, limit).then((some) => some.map(ceilingsOf)),
    ({ name, constraints }) => ({ name, entities: 0, constraints: constraints.map((one) => ({ ...one, value: 0 })) }),
  )
  const counts = await rows.countMembers(
    db,
    at,
    what,
    cells.map(({ row }) => row.name),
  )
  const asked = cells.flatMap(({ row }) => row.asked)
  const levels = asked.length === 0 ? [] : await rows.measureCells(db, at, what, asked)
  const members = new Map(counts.map(({ cell, n }) => [cell, n]))
  const measured = new Map(levels.map((level) => [`${level.place} ${level.cell}`, level]))
  const { cells: all } = await sumRowCounts(db, at)
  return {
    envName,
    cells: cells.map(({ row: { name, constraints } }) => ({
      name,
      entities: members.get(name) ?? 0,
      constraints: constraints.map(({ metric, aggregate, max }, place) => ({
        metric,
        aggregate,
        value: measured.get(`${place} ${name}`)?.[aggregate] ?? null,
        max,
      })),
    })),
    omitted: Math.max(all - cells.length, 0),
  }
}

type Ceilings = { name: string; constraints: Cell['constraints']; asked: rows.WantedLevel[] }

/** The part of a cell that is kept while the others are fetched, without what its type declares. */
function ceilingsOf(cell: rows.CellWithCeilings): Ceilings {
  const constraints = cell.constraints as Cell['constraints']
  return { name: cell.name, constraints, asked: constraints.map(({ metric }, place) => wantedOf(cell, place, metric)) }
}

/** Where a metric's values come from: stored with the entities, or counted from their relationships. */
function wantedOf(cell: rows.CellWithCeilings, place: number, name: string): rows.WantedLevel {
  const metric = (cell.metrics as Metric[]).find((one) => one.name === name)
  const counted = metric && isDerived(metric) ? metric.source.filter : undefined
  return {
    cell: cell.name,
    place,
    metric: name,
    relationship_type: counted?.relationshipType ?? null,
    states: counted?.states ?? null,
  }
}
