'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Notice } from '#components/ui/notice'
import { paths } from '#contract/paths'
import { projectQuery } from '#queries/projects/projects'
import { OwnAccessExpires } from './own-access-expires.tsx'
import { useRecordProject } from '../_projects/use-recent-projects.ts'
import { NotFoundMessage } from '../not-found-message.tsx'

/** The screens of a project, or a not-found page when it does not exist for this person. */
export function ProjectOrNotFound({ org, project, children }: { org: string; project: string; children: ReactNode }) {
  const { error, data } = useQuery(projectQuery(org, project))
  useRecordProject(org, project, data?.name, error?.status === 404)
  // After a deletion the page's own query fails first. Its content stays until the browser has left.
  if (!data && error?.status === 404) return <NotFoundMessage what="project" href={paths.projects(org)} label="All projects" />
  // A project other than the one that the session views as another member.
  if (!data && error?.status === 403) return <Notice tone="warning">{error.message}</Notice>
  return (
    <>
      {data && <OwnAccessExpires {...{ org, project }} name={data.name} />}
      {children}
    </>
  )
}
