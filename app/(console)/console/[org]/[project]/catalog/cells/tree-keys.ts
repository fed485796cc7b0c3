import type { KeyboardEvent } from 'react'
import { useState } from 'react'

interface Branch {
  name: string
  depth: number
}

/** A visible row of the tree. */
export interface TreeLine extends Branch {
  hasChildren: boolean
  open: boolean
  /** Its position among its siblings, from 1, and their number. */
  place: number
  size: number
}

/** The rows that no folded ancestor hides. The list is in tree order: descendants of a row follow it with a greater depth. */
export function visibleIn(tree: readonly Branch[], folded: ReadonlySet<string>): TreeLine[] {
  const sizes = new Map<string, number>()
  const places: { name: string; depth: number; parent: string; place: number }[] = []
  const path: string[] = []
  for (const { name, depth } of tree) {
    path.length = depth
    const parent = path.join('\n')
    const place = (sizes.get(parent) ?? 0) + 1
    sizes.set(parent, place)
    places.push({ name, depth, parent, place })
    path.push(name)
  }
  let hiddenBelow = Infinity
  return places.flatMap(({ name, depth, parent, place }, index): TreeLine[] => {
    if (depth > hiddenBelow) return []
    const hasChildren = (tree[index + 1]?.depth ?? 0) > depth
    const open = hasChildren && !folded.has(name)
    hiddenBelow = hasChildren && !open ? depth : Infinity
    return [{ name, depth, hasChildren, open, place, size: sizes.get(parent)! }]
  })
}

interface TreeKeys {
  lines: readonly TreeLine[]
  onFold: (name: string, closed: boolean) => void
  onOpen: (name: string) => void
}

/** One row is in the tab order; arrow keys move among the rows as in every tree. */
export function useTreeKeys({ lines, onFold, onOpen }: TreeKeys) {
  const [current, setCurrent] = useState<string | null>(null)
  const known = lines.some(({ name }) => name === current) ? current : (lines[0]?.name ?? null)
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const row = event.target instanceof Element ? event.target.closest('tr[data-cell]') : null
    const index = lines.findIndex(({ name }) => name === row?.getAttribute('data-cell'))
    const line = lines[index]
    if (!line || event.altKey || event.ctrlKey || event.metaKey) return
    const parent = () => lines.slice(0, index).findLast(({ depth }) => depth < line.depth)
    const go = (to: TreeLine | undefined) => {
      const all = [...(row?.parentElement?.querySelectorAll<HTMLElement>('tr[data-cell]') ?? [])]
      all.find((one) => one.dataset['cell'] === to?.name)?.focus()
    }
    const acts: Record<string, () => void> = {
      ArrowDown: () => go(lines[index + 1]),
      ArrowUp: () => go(lines[index - 1]),
      Home: () => go(lines[0]),
      End: () => go(lines.at(-1)),
      ArrowRight: () => (line.hasChildren && !line.open ? onFold(line.name, false) : line.open && go(lines[index + 1])),
      ArrowLeft: () => (line.open ? onFold(line.name, true) : go(parent())),
      Enter: () => onOpen(line.name),
      ' ': () => onOpen(line.name),
    }
    const act = acts[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  return { onKeyDown, onFocus: setCurrent, isFocusable: (name: string) => name === known }
}
