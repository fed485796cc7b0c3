import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { pageData } from '#server/front/page-data'
import { cellsQuery } from '#queries/catalog/cells'
import { entityTypesQuery } from '#queries/catalog/entity-types'
import { relationshipTypesQuery } from '#queries/catalog/relationship-types'
import { environmentsQuery } from '#queries/projects/environments'
import { statsQuery } from '#queries/projects/stats'
import { accessQuery } from '#queries/review/access'
import { Catalog } from './catalog.tsx'

interface PageProps {
  params: Promise<{ org: string; project: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { project } = await params
  return { title: `Catalog · ${project}` }
}

export default async function CatalogPage({ params }: PageProps) {
  const { org, project } = await params
  return (
    <HydrationBoundary
      state={await pageData(
        accessQuery(org, project),
        statsQuery(org, project),
        entityTypesQuery(org, project),
        relationshipTypesQuery(org, project),
        cellsQuery(org, project),
        environmentsQuery(org, project),
      )}
    >
      <Catalog org={org} project={project} />
    </HydrationBoundary>
  )
}
