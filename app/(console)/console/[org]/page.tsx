import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { pageData } from '#server/front/page-data'
import { favoritesQuery, projectCountQuery, projectSummariesQuery } from '#queries/projects/projects'
import { ProjectsTable } from './projects-table.tsx'

interface PageProps {
  params: Promise<{ org: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { org } = await params
  return { title: `Projects · ${org}` }
}

export default async function ProjectsPage({ params }: PageProps) {
  const { org } = await params
  return (
    <HydrationBoundary
      state={await pageData(
        projectSummariesQuery(org, { q: '', limit: 50 }),
        projectCountQuery(org, { q: '' }),
        favoritesQuery(org),
      )}
    >
      <ProjectsTable org={org} />
    </HydrationBoundary>
  )
}
