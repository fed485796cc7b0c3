import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { pageData } from '#server/front/page-data'
import { organizationAccessQuery, personQuery } from '#queries/organizations/organizations'
import { personGrantsQuery } from '#queries/review/access-review'
import { PersonPage } from './person-page.tsx'

interface PageProps {
  params: Promise<{ org: string; userId: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { org } = await params
  return { title: `Person · ${org}` }
}

export default async function Page({ params }: PageProps) {
  const { org, userId } = await params
  const first = [
    organizationAccessQuery(org),
    personQuery(org, userId),
    personGrantsQuery(org, userId, 'membership'),
    personGrantsQuery(org, userId, 'personal-token'),
  ]
  return (
    <HydrationBoundary state={await pageData(...first)}>
      <PersonPage org={org} userId={userId} />
    </HydrationBoundary>
  )
}
