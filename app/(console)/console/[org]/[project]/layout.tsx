import type { ReactNode } from 'react'
import { ProjectOrNotFound } from './project-or-not-found.tsx'

interface LayoutProps {
  params: Promise<{ org: string; project: string }>
  children: ReactNode
}

export default async function ProjectLayout({ params, children }: LayoutProps) {
  const { org, project } = await params
  return (
    <ProjectOrNotFound org={org} project={project}>
      {children}
    </ProjectOrNotFound>
  )
}
