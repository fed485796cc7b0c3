'use client'

import { useQuery } from '@tanstack/react-query'
import { Mono } from '#components/ui/mono'
import { PageHeader } from '#components/ui/page-header'
import { Skeleton } from '#components/ui/skeleton'
import { projectQuery } from '#queries/projects/projects'
import { AfterNuke } from './after-nuke.tsx'
import { Counts, CountsSkeleton } from './counts.tsx'
import { RecentAudit } from './recent-audit.tsx'
import { ProjectState } from './project-state.tsx'
import type { ProjectPath } from './project-path.ts'

/** What a project contains, what protects it, and its latest events. */
export function Overview({ org, project }: ProjectPath) {
  const { data } = useQuery(projectQuery(org, project))
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
        <ProjectState org={org} project={project} />
        <AfterNuke org={org} project={project} skeleton={<CountsSkeleton />}>
          <Counts org={org} project={project} />
        </AfterNuke>
        <RecentAudit org={org} project={project} />
      </div>
    </>
  )
}
