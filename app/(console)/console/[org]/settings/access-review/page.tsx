import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { pageData } from '#server/front/page-data'
import { organizationAccessQuery } from '#queries/organizations/organizations'
import { peopleReviewQuery, riskCountsQuery } from '#queries/review/people-review'
import { PeopleReview } from './people-review.tsx'

interface PageProps {
  params: Promise<{ org: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { org } = await params
  return { title: `Access review · ${org}` }
}

export default async function AccessReviewPage({ params }: PageProps) {
  const { org } = await params
  const first = [organizationAccessQuery(org), peopleReviewQuery(org, { days: 90, limit: 50 }), riskCountsQuery(org, 90)]
  return (
    <HydrationBoundary state={await pageData(...first)}>
      <PeopleReview org={org} />
    </HydrationBoundary>
  )
}
