'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Notice } from '#components/ui/notice'
import { paths } from '#contract/paths'
import { projectQuery } from '#queries/projects/projects'
import { EndingAccess } from './ending-access.tsx'
import { NothingHere } from '../nothing-here.tsx'

/** The screens of a project, unless there is none that this person may know of. */
export function KnownProject({ org, project, children }: { org: string; project: string; children: ReactNode }) {
  const { error, data } = useQuery(projectQuery(org, project))
  // After a deletion the page's own query fails first; what it shows stays until the browser has left.
  if (!data && error?.status === 404) return <NothingHere what="project" href={paths.projects(org)} label="All projects" />
  // Another project than the one that is viewed as somebody else.
  if (!data && error?.status === 403) return <Notice tone="warning">{error.message}</Notice>
  return (
    <>
      {data && <EndingAccess {...{ org, project }} name={data.name} />}
      {children}
    </>
  )
}
