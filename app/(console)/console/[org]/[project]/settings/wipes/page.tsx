import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { pageData } from '#server/front/page-data'
import { wipesQuery } from '#queries/nuke/nuke'
import { projectQuery, protectionQuery } from '#queries/projects/projects'
import { accessQuery } from '#queries/review/access'
import { WipesTable } from './wipes-table.tsx'

type Props = { params: Promise<{ org: string; project: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Nuke receipts · ${(await params).project}` }
}

export default async function WipesPage({ params }: Props) {
  const { org, project } = await params
  return (
    <HydrationBoundary
      state={await pageData(
        accessQuery(org, project),
        projectQuery(org, project),
        protectionQuery(org, project),
        wipesQuery(org, project),
      )}
    >
      <WipesTable org={org} project={project} />
    </HydrationBoundary>
  )
}
