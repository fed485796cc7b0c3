import type { Cell } from '#contract/catalog/cells'
import { dataLimits } from '#contract/limits/limits'

type Hierarchy = ReadonlyMap<string, Pick<Cell, 'parentCells'>>

/**
 * The level of each cell: 1 without parents, otherwise one more than its deepest parent. Takes time linear in cells and parents.
 * A cell in a cycle, or below one, has no level.
 */
export function levelsOf(cells: Hierarchy): Map<string, number> {
  const levels = new Map<string, number>()
  const open = new Map<string, number>()
  const children = new Map<string, string[]>()
  const ready: string[] = []
  for (const [name, { parentCells }] of cells) {
    const parents = parentCells.filter((parent) => cells.has(parent))
    open.set(name, parents.length)
    if (parents.length === 0) ready.push(name)
    for (const parent of parents) {
      const theirs = children.get(parent)
      if (theirs) theirs.push(name)
      else children.set(parent, [name])
    }
  }
  const least = new Map<string, number>()
  for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
    const level = least.get(name) ?? 1
    levels.set(name, level)
    for (const child of children.get(name) ?? []) {
      least.set(child, Math.max(least.get(child) ?? 1, level + 1))
      open.set(child, open.get(child)! - 1)
      if (open.get(child) === 0) ready.push(child)
    }
  }
  return levels
}

/** The cells that are too deep and were not as deep before; cells that already were stay. */
export function tooDeep(before: Hierarchy, after: Hierarchy): string[] {
  const levels = levelsOf(after)
  const deep = [...levels].filter(([, level]) => level > dataLimits.cellDepth)
  if (deep.length === 0) return []
  const earlier = levelsOf(before)
  return deep.filter(([name, level]) => (earlier.get(name) ?? 0) < level).map(([name]) => name)
}

export const tooDeepMessage = (name: string) => `must not nest ${name} deeper than ${dataLimits.cellDepth} levels`
