import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { pageData } from '#server/front/page-data'
import { organizationAccessQuery } from '#queries/organizations/organizations'
import { personalTokensQuery } from '#queries/tokens/tokens'
import { PersonalTokensTable } from './personal-tokens-table.tsx'

interface PageProps {
  params: Promise<{ org: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { org } = await params
  return { title: `Personal tokens · ${org}` }
}

export default async function PersonalTokensPage({ params }: PageProps) {
  const { org } = await params
  return (
    <HydrationBoundary state={await pageData(organizationAccessQuery(org), personalTokensQuery(org))}>
      <PersonalTokensTable org={org} />
    </HydrationBoundary>
  )
}
