import type { Cell } from '#contract/cells'
import type { CellUsage } from '#contract/cell-usage'
import type { Metric } from '#contract/entity-types'
import * as rows from '#db/queries/cell-usage'
import type { ProjectContext } from './context.ts'
import { environmentToRead } from './environments.ts'
import { isDerived } from './metrics.ts'
import { assertCan } from './permissions.ts'
import { reading } from './writing.ts'

/** Every cell with how many entities it holds, and how high they stand against its ceilings: of what the caller sees. */
export async function getCellUsage(context: ProjectContext, envName: string): Promise<CellUsage> {
  assertCan(context, 'data:read')
  const { db, grant } = context
  const at = reading(context)
  const environment = await environmentToRead(context, envName)
  const what = { envId: environment.id, scope: grant.cellScopes }
  const cells = await rows.listCellsWithCeilings(db, at)
  const counts = await rows.countMembers(db, at, what)
  const wanted = cells.flatMap((cell) => ceilingsOf(cell).map(({ metric }, place) => wantedOf(cell, place, metric)))
  const levels = wanted.length === 0 ? [] : await rows.measureCells(db, at, what, wanted)
  const members = new Map(counts.map(({ cell, n }) => [cell, n]))
  const measured = new Map(levels.map((level) => [`${level.place} ${level.cell}`, level]))
  return {
    envName,
    cells: cells.map((cell) => ({
      name: cell.name,
      entities: members.get(cell.name) ?? 0,
      constraints: ceilingsOf(cell).map(({ metric, aggregate, max }, place) => ({
        metric,
        aggregate,
        value: measured.get(`${place} ${cell.name}`)?.[aggregate] ?? null,
        max,
      })),
    })),
  }
}

const ceilingsOf = (cell: rows.CellWithCeilings) => cell.constraints as Cell['constraints']

/** Where the numbers of a metric are found: with the entities, or counted from their relationships. */
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
