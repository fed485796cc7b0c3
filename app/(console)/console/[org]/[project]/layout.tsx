import type { ReactNode } from 'react'
import { KnownProject } from './known-project.tsx'

interface LayoutProps {
  params: Promise<{ org: string; project: string }>
  children: ReactNode
}

export default async function ProjectLayout({ params, children }: LayoutProps) {
  const { org, project } = await params
  return (
    <KnownProject org={org} project={project}>
      {children}
    </KnownProject>
  )
}
