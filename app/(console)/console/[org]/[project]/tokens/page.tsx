import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { pageData } from '#server/front/page-data'
import { accessQuery } from '#queries/review/access'
import { endingSoonQuery } from '#queries/review/access-review'
import { tokensQuery } from '#queries/tokens/tokens'
import { TokensTable } from './tokens-table.tsx'

interface PageProps {
  params: Promise<{ org: string; project: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { project } = await params
  return { title: `Tokens · ${project}` }
}

export default async function TokensPage({ params }: PageProps) {
  const { org, project } = await params
  return (
    <HydrationBoundary
      state={await pageData(accessQuery(org, project), tokensQuery(org, project), endingSoonQuery(org, project))}
    >
      <TokensTable org={org} project={project} />
    </HydrationBoundary>
  )
}
