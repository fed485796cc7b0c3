import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { pageData } from '#server/front/page-data'
import { organizationAccessQuery } from '#queries/organizations/organizations'
import { accessReviewQuery } from '#queries/review/access-review'
import { OrganizationReview } from './organization-review.tsx'

interface PageProps {
  params: Promise<{ org: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { org } = await params
  return { title: `Access review · ${org}` }
}

export default async function AccessReviewPage({ params }: PageProps) {
  const { org } = await params
  return (
    <HydrationBoundary
      state={await pageData(organizationAccessQuery(org), accessReviewQuery(org, undefined, { days: 90, within: 7, limit: 100 }))}
    >
      <OrganizationReview org={org} />
    </HydrationBoundary>
  )
}
