'use client'

import { useQuery } from '@tanstack/react-query'
import { Mono } from '#components/ui/mono'
import { PageHeader } from '#components/ui/page-header'
import { Skeleton } from '#components/ui/skeleton'
import { totalOf } from '#components/wipes/table-name'
import { projectQuery } from '#queries/projects/projects'
import { statsQuery } from '#queries/projects/stats'
import { AfterNuke } from '../after-nuke.tsx'
import { NewProject } from '../new-project.tsx'
import type { ProjectPath } from '../project-path.ts'
import { ProjectState } from '../project-state.tsx'
import { Activity } from './activity.tsx'
import { Cells } from './cells.tsx'
import { Figures } from './figures.tsx'
import { RecentChanges } from './recent-changes.tsx'
import { Storage } from './storage.tsx'

/** What protects a project, what it contains, how full it is, and what happened in it. */
export function Overview({ org, project }: ProjectPath) {
  const { data } = useQuery(projectQuery(org, project))
  const stats = useQuery(statsQuery(org, project)).data
  const isEmpty = stats !== undefined && totalOf(stats.tables) === 0
  const at = { org, project }
  return (
    <>
      <PageHeader
        title="Overview"
        meta={
          data ? (
            <Mono quiet copy="slug">
              {data.slug}
            </Mono>
          ) : (
            <Skeleton className="h-3.5 w-24" />
          )
        }
      />
      <div className="space-y-5">
        <ProjectState {...at} />
        <AfterNuke {...at} skeleton={<Figures {...at} />}>
          {isEmpty ? <NewProject {...at} /> : <Figures {...at} />}
        </AfterNuke>
        <div className={isEmpty ? 'space-y-5' : 'grid items-start gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]'}>
          <div className="min-w-0 space-y-5">
            <Activity {...at} />
            <RecentChanges {...at} />
          </div>
          {!isEmpty && (
            <div className="min-w-0 space-y-5">
              <Cells {...at} />
              <Storage {...at} />
            </div>
          )}
        </div>
      </div>
    </>
  )
}
