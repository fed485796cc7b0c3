import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { pageData } from '#server/front/page-data'
import { environmentsQuery } from '#queries/projects/environments'
import { accessQuery } from '#queries/review/access'
import { TokenAccess } from './token-access.tsx'

interface PageProps {
  params: Promise<{ org: string; project: string; tokenId: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { project } = await params
  return { title: `Token access · ${project}` }
}

export default async function TokenPage({ params }: PageProps) {
  const { org, project, tokenId } = await params
  const state = await pageData(accessQuery(org, project), accessQuery(org, project, { tokenId }), environmentsQuery(org, project))
  return (
    <HydrationBoundary state={state}>
      <TokenAccess org={org} project={project} tokenId={tokenId} />
    </HydrationBoundary>
  )
}
