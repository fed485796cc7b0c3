import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { pageData } from '#server/front/page-data'
import { organizationAccessQuery } from '#queries/organizations/organizations'
import { deletedProjectsQuery } from '#queries/projects/projects'
import { DeletedProjectsTable } from './deleted-projects-table.tsx'

interface PageProps {
  params: Promise<{ org: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { org } = await params
  return { title: `Deleted projects · ${org}` }
}

export default async function DeletedProjectsPage({ params }: PageProps) {
  const { org } = await params
  return (
    <HydrationBoundary state={await pageData(organizationAccessQuery(org), deletedProjectsQuery(org))}>
      <DeletedProjectsTable org={org} />
    </HydrationBoundary>
  )
}
