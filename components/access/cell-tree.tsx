/** A cell of the catalog, with the number of entities in it and the cells below it. */
export interface CatalogCell {
  name: string
  displayName: string
  parentCells: string[]
  entities: number
}

export interface TreeRow extends CatalogCell {
  depth: number
}

/** Cells as an indented list. A cell with several parents stands below the first of them by name. */
export function treeOf(cells: readonly CatalogCell[]): TreeRow[] {
  const known = new Set(cells.map((cell) => cell.name))
  const below = new Map<string | undefined, CatalogCell[]>()
  for (const cell of cells.toSorted((a, b) => a.name.localeCompare(b.name))) {
    const parent = cell.parentCells.filter((name) => known.has(name)).toSorted()[0]
    below.set(parent, [...(below.get(parent) ?? []), cell])
  }
  const walk = (parent: string | undefined, depth: number): TreeRow[] =>
    (below.get(parent) ?? []).flatMap((cell) => [{ ...cell, depth }, ...walk(cell.name, depth + 1)])
  return walk(undefined, 0)
}

type InHierarchy = Pick<CatalogCell, 'name' | 'parentCells'>

/** All cells above a cell, nearest first. */
function ancestorsOf(name: string, byName: ReadonlyMap<string, InHierarchy>): Set<string> {
  const found = new Set<string>()
  const open = [...(byName.get(name)?.parentCells ?? [])]
  for (const parent of open) {
    if (found.has(parent)) continue
    found.add(parent)
    open.push(...(byName.get(parent)?.parentCells ?? []))
  }
  return found
}

/** For each cell that a selected one above includes: the name of the selected one. */
export function includedBy(cells: readonly InHierarchy[], chosen: ReadonlySet<string>): Map<string, string> {
  const byName = new Map(cells.map((cell) => [cell.name, cell]))
  const included = new Map<string, string>()
  for (const { name } of cells) {
    const above = [...ancestorsOf(name, byName)].find((parent) => chosen.has(parent))
    if (above !== undefined) included.set(name, above)
  }
  return included
}

/** The rows whose name contains the text, with their ancestors, so that each keeps its place. */
export function matching(rows: readonly TreeRow[], text: string): TreeRow[] {
  const search = text.toLowerCase()
  const matches: TreeRow[] = []
  // Going upwards, the first less indented row is the parent of the row kept last.
  let lastDepth = 0
  for (const row of rows.toReversed()) {
    const hit = row.name.toLowerCase().includes(search) || row.displayName.toLowerCase().includes(search)
    if (!hit && row.depth >= lastDepth) continue
    matches.push(row)
    lastDepth = row.depth
  }
  return matches.toReversed()
}
