'use client'

import { useState } from 'react'
import { BarList } from '#components/ui/bar-list'
import { Button } from '#components/ui/button'
import { type CatalogCell, treeOf } from './cell-tree.tsx'

/** Cells shown at first; a list only slightly longer is shown whole. */
const few = 12
const worthHiding = 5

interface CellBarsProps {
  cells: readonly CatalogCell[]
}

/** How many entities each cell holds, including the cells below it. A cell stands below its parent. */
export function CellBars({ cells }: CellBarsProps) {
  const [all, setAll] = useState(false)
  const tree = treeOf(cells)
  const long = tree.length >= few + worthHiding
  const shown = all || !long ? tree : tree.slice(0, few)
  return (
    <div className="space-y-3">
      <BarList
        label="Entities by cell"
        mono
        max={Math.max(0, ...cells.map(({ entities }) => entities))}
        items={shown.map(({ name, entities, depth, parentCells }) => ({
          label: name,
          value: entities,
          depth,
          note: parentCells.length > 1 && `also below ${parentCells.toSorted().join(', ')}`,
        }))}
      />
      {long && (
        <Button size="sm" variant="ghost" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${tree.length.toLocaleString('en')} cells`}
        </Button>
      )}
    </div>
  )
}
