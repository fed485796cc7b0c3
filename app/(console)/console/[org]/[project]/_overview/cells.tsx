'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type TreeRow, treeOf } from '#components/access/cell-tree'
import { Concept } from '#components/concepts/concept'
import { Button } from '#components/ui/button'
import { Link } from '#components/ui/link'
import { Meter } from '#components/ui/meter'
import { Section } from '#components/ui/section'
import { SkeletonText } from '#components/ui/skeleton'
import { paths } from '#contract/paths'
import { statsQuery } from '#queries/projects/stats'
import type { ProjectPath } from '../project-path.ts'
import { type Limit, NEARLY_FULL, useFullness } from './use-fullness.ts'

/** Cells shown at first; a list only slightly longer is shown whole. */
const few = 12
const worthHiding = 5

/** The cells as a tree, with their entities and how near each is to its limits. */
export function Cells({ org, project }: ProjectPath) {
  const { data: stats, error } = useQuery(statsQuery(org, project))
  const { limits } = useFullness(org, project)
  const [all, setAll] = useState(false)
  if (error) return null
  const tree = stats && treeOf(stats.cells)
  const isLong = (tree?.length ?? 0) >= few + worthHiding
  const shown = all || !isLong ? tree : tree?.slice(0, few)
  return (
    <Section
      title="Cells"
      description="Entities, including those in child cells"
      actions={
        <>
          <Concept of="cell" />
          <Link href={paths.project(org, project).cells}>All cells</Link>
        </>
      }
    >
      {!shown && <SkeletonText label="Loading cells" lines={12} />}
      {shown?.length === 0 && <p className="text-muted">No cells.</p>}
      {shown && shown.length > 0 && (
        <ul aria-label="Cells by fullness" className="space-y-3">
          {shown.map((cell) => (
            <CellLine key={cell.name} {...cell} limit={limits?.get(cell.name)} />
          ))}
        </ul>
      )}
      {isLong && (
        <Button size="sm" variant="ghost" aria-expanded={all} onClick={() => setAll(!all)} className="mt-3">
          {all ? 'Show fewer' : `Show all ${tree!.length.toLocaleString('en-US')} cells`}
        </Button>
      )}
      {(stats?.omitted ?? 0) > 0 && (
        <p className="mt-3 text-muted">{`${stats!.omitted.toLocaleString('en-US')} more cells are not shown.`}</p>
      )}
    </Section>
  )
}

function CellLine({ name, entities, depth, parentCells, limit }: TreeRow & { limit: Limit | undefined }) {
  return (
    <li style={{ paddingLeft: `${Math.min(depth, 6)}rem` }}>
      <div className="flex items-baseline justify-between gap-4">
        <span className="min-w-0 truncate font-mono text-xs">{name}</span>
        <span className="shrink-0 tabular-nums">
          {entities.toLocaleString('en-US')} <span className="text-muted">{entities === 1 ? 'entity' : 'entities'}</span>
        </span>
      </div>
      {parentCells.length > 1 && (
        <div className="text-xs text-muted">Also below {parentCells.toSorted().slice(1).join(', ')}</div>
      )}
      {limit && (
        <Meter label={`${limit.aggregate} of ${limit.metric}`} value={limit.value} max={limit.max} warnFrom={NEARLY_FULL} />
      )}
    </li>
  )
}
