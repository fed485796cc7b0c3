'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Concept } from '#components/concepts/concept'
import { CellBars } from '#components/access/cell-bars'
import { BarList } from '#components/ui/bar-list'
import { Button } from '#components/ui/button'
import { Notice } from '#components/ui/notice'
import { Section } from '#components/ui/section'
import { SkeletonCard } from '#components/ui/skeleton'
import { TableBars } from '#components/wipes/table-bars'
import { totalOf } from '#components/wipes/table-name'
import { statsQuery } from '#queries/projects/stats'
import { NewProject } from './new-project.tsx'
import type { ProjectPath } from './project-path.ts'

const words = (n: number, [one, many]: readonly [string, string]) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`

/** Counts by table, environment and cell, as far as the caller may see them. */
export function Counts({ org, project }: ProjectPath) {
  const { data: stats, error, refetch } = useQuery(statsQuery(org, project))
  if (error)
    return (
      <Notice
        tone="warning"
        title="The counts couldn’t be loaded"
        action={<Button onClick={() => void refetch()}>Try again</Button>}
      >
        {error.message}
      </Notice>
    )
  if (!stats) return <CountsSkeleton />
  const rows = totalOf(stats.tables)
  if (rows === 0) return <NewProject org={org} project={project} />
  return (
    <Columns
      left={
        <>
          <Section title="By table" description={words(rows, ['row', 'rows'])}>
            <TableBars counts={stats.tables} />
          </Section>
          <Section title="By environment" description={words(stats.entities, ['entity', 'entities'])}>
            <BarList
              label="Entities by environment"
              mono
              items={stats.environments.map(({ name, entities }) => ({ label: name, value: entities }))}
            />
          </Section>
        </>
      }
      right={
        <Section title="By cell" description="Entities, including those in child cells" actions={<Concept of="cell" />}>
          {stats.cells.length > 0 ? <CellBars cells={stats.cells} /> : <p className="text-muted">No cells.</p>}
          {stats.omitted > 0 && (
            <p className="mt-3 text-muted">{`${stats.omitted.toLocaleString('en')} more cells are not shown.`}</p>
          )}
        </Section>
      }
    />
  )
}

/** Cells are many and get their own column; the other two lists share one. */
const Columns = ({ left, right }: { left: ReactNode; right: ReactNode }) => (
  <div className="grid items-start gap-5 md:grid-cols-2">
    <div className="min-w-0 space-y-5">{left}</div>
    {right}
  </div>
)

export const CountsSkeleton = () => (
  <Columns
    left={
      <>
        <SkeletonCard label="Loading rows by table" lines={7} />
        <SkeletonCard label="Loading entities by environment" lines={3} />
      </>
    }
    right={<SkeletonCard label="Loading entities by cell" lines={12} />}
  />
)
