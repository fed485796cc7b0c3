import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { pageData } from '#server/front/page-data'
import { memberQuery } from '#queries/members/members'
import { environmentsQuery } from '#queries/projects/environments'
import { accessQuery } from '#queries/review/access'
import { MemberAccess } from './member-access.tsx'

interface PageProps {
  params: Promise<{ org: string; project: string; userId: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { project } = await params
  return { title: `Access · ${project}` }
}

export default async function MemberPage({ params }: PageProps) {
  const { org, project, userId } = await params
  const state = await pageData(
    accessQuery(org, project),
    accessQuery(org, project, { userId }),
    memberQuery(org, project, userId),
    environmentsQuery(org, project),
  )
  return (
    <HydrationBoundary state={state}>
      <MemberAccess org={org} project={project} userId={userId} />
    </HydrationBoundary>
  )
}
