'use client'

import { useQuery } from '@tanstack/react-query'
import { BarList } from '#components/ui/bar-list'
import { Disclosure } from '#components/ui/disclosure'
import { TableBars } from '#components/wipes/table-bars'
import { rowsInWords, totalOf } from '#components/wipes/table-name'
import { statsQuery } from '#queries/projects/stats'
import type { ProjectPath } from '../project-path.ts'

/** Where the rows are, for those who look for it. */
export function Storage({ org, project }: ProjectPath) {
  const { data: stats } = useQuery(statsQuery(org, project))
  if (!stats) return null
  return (
    <section aria-label="Storage" className="rounded-lg border border-line bg-raised px-4 py-3">
      <Disclosure
        summary={
          <>
            <span className="font-medium text-ink">Storage</span> {rowsInWords(totalOf(stats.tables))}
          </>
        }
      >
        <h3 className="mt-4 mb-2 text-xs font-medium text-muted">Rows by table</h3>
        <TableBars counts={stats.tables} />
        <h3 className="mt-5 mb-2 text-xs font-medium text-muted">Entities by environment</h3>
        <BarList
          label="Entities by environment"
          mono
          items={stats.environments.map(({ name, entities }) => ({ label: name, value: entities }))}
        />
      </Disclosure>
    </section>
  )
}
