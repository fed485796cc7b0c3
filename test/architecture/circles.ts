import type { Source } from './sources.ts'

/** Import cycles, type imports included: the files of each, sorted by path (Tarjan's algorithm). */
export function circlesIn(sources: Source[]): string[][] {
  const targets = new Map(sources.map(({ path, imports }) => [path, imports.flatMap(({ ours }) => ours ?? [])]))
  const indexes = new Map<string, number>()
  const open: string[] = []
  const circles: string[][] = []
  function visit(path: string): number {
    let low = indexes.size
    indexes.set(path, low)
    const own = low
    open.push(path)
    for (const target of targets.get(path)!) {
      if (!targets.has(target)) continue
      if (!indexes.has(target)) low = Math.min(low, visit(target))
      else if (open.includes(target)) low = Math.min(low, indexes.get(target)!)
    }
    if (low === own) {
      const circle = open.splice(open.indexOf(path))
      if (circle.length > 1 || targets.get(path)!.includes(path)) circles.push(circle.toSorted())
    }
    return low
  }
  for (const path of targets.keys()) if (!indexes.has(path)) visit(path)
  return circles
}
