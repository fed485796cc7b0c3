import type { CellUsage } from '#contract/data/cell-usage'
import type { Cell } from '#contract/catalog/cells'

type Usage = CellUsage['cells'][number]

/** A cell with its usage in an environment; `usage` is undefined while it is loading. */
export interface CellRow extends Cell {
  entities: number
  usage: Usage | undefined
}

export function withUsage(cells: readonly Cell[], usage: CellUsage | undefined): CellRow[] {
  const byName = new Map(usage?.cells.map((one) => [one.name, one]))
  return cells.map((cell) => ({ ...cell, usage: byName.get(cell.name), entities: byName.get(cell.name)?.entities ?? 0 }))
}

/** How the cell gets its members, in words. */
export function membershipInWords({ name, membership }: Pick<Cell, 'name' | 'membership'>): string {
  if (!membership) return 'added by hand'
  const { property, values = [name] } = membership.derivedFrom
  return `${property} = ${values.join(' or ')}`
}
