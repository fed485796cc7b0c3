import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { pageData } from '#server/front/page-data'
import { accessQuery } from '#queries/review/access'
import { environmentsQuery } from '#queries/projects/environments'
import { statsQuery } from '#queries/projects/stats'
import { EnvironmentsTable } from './environments-table.tsx'

interface PageProps {
  params: Promise<{ org: string; project: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { project } = await params
  return { title: `Environments · ${project}` }
}

export default async function EnvironmentsPage({ params }: PageProps) {
  const { org, project } = await params
  return (
    <HydrationBoundary
      state={await pageData(accessQuery(org, project), statsQuery(org, project), environmentsQuery(org, project))}
    >
      <EnvironmentsTable org={org} project={project} />
    </HydrationBoundary>
  )
}
