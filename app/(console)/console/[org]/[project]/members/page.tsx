import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { pageData } from '#server/front/page-data'
import { accessQuery } from '#queries/review/access'
import { environmentsQuery } from '#queries/projects/environments'
import { endingSoonQuery } from '#queries/review/access-review'
import { membersQuery } from '#queries/members/members'
import { MembersTable } from './members-table.tsx'

interface PageProps {
  params: Promise<{ org: string; project: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { project } = await params
  return { title: `Members · ${project}` }
}

export default async function MembersPage({ params }: PageProps) {
  const { org, project } = await params
  return (
    <HydrationBoundary
      state={await pageData(
        accessQuery(org, project),
        environmentsQuery(org, project),
        membersQuery(org, project),
        endingSoonQuery(org, project),
      )}
    >
      <MembersTable org={org} project={project} />
    </HydrationBoundary>
  )
}
