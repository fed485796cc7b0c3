import { HydrationBoundary } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { pageData } from '#server/front/page-data'
import { projectQuery } from '#queries/projects/projects'
import { accessQuery } from '#queries/review/access'
import { ProjectOrNotFound } from './project-or-not-found.tsx'

interface LayoutProps {
  params: Promise<{ org: string; project: string }>
  children: ReactNode
}

export default async function ProjectLayout({ params, children }: LayoutProps) {
  const { org, project } = await params
  return (
    <HydrationBoundary state={await pageData(projectQuery(org, project), accessQuery(org, project))}>
      <ProjectOrNotFound org={org} project={project}>
        {children}
      </ProjectOrNotFound>
    </HydrationBoundary>
  )
}
